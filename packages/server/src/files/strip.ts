import { stripGif } from './strip-gif.ts';
import { stripPng } from './strip-png.ts';
import { stripWebp } from './strip-webp.ts';
import type { Stripped } from './stripped.ts';

/**
 * The formats that are taken apart and put together again, without touching a pixel: what moves keeps moving, and nothing becomes larger
 * or worse. Each throws `Malformed`, or a RangeError, for bytes that are not what they begin as.
 */
export const strippers: Readonly<Record<string, (bytes: Buffer) => Stripped>> = {
  'image/gif': stripGif,
  'image/png': stripPng,
  'image/apng': stripPng,
  'image/webp': stripWebp,
};
