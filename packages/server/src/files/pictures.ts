import { readFile, writeFile } from 'node:fs/promises';
import { limits, SudaError } from '@suda/protocol';
import type { Metadata, Sharp } from 'sharp';
import { strippers } from './strip.ts';

/** A picture that is ready to be kept. */
export interface Picture {
  readonly type: string;
  readonly width: number;
  readonly height: number;
  readonly animated: boolean;
  /** Milliseconds; 0 for what doesn't move. */
  readonly duration: number;
  readonly placeholder: string;
}

/** What a browser shows and sharp reads, and the name that sharp has for it. SVG is a program, not a picture. */
const formats: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpeg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'heif',
};

export const isPicture = (type: string): boolean => Object.hasOwn(formats, type);

/** The still picture is at most so wide and high: twice what a timeline shows. */
const STILL = 720;
/** All frames of an animation together have at most so many pixels: who looks at it must draw them. */
const MOST_DRAWN = 2_000_000_000;
/** A picture at which it takes longer than this is refused, in seconds. */
const LONGEST = 30;

/** Loaded when the first picture comes: most of a small server's memory would otherwise be a library that nobody uses. */
const load = async () => (await import('sharp')).default;

/**
 * Makes a picture fit to be kept: turned as its camera says, without metadata, of bounded size.
 * @param path the upload; @param type what its bytes are
 * @param out where the picture goes; @param still where its still, smaller picture goes
 * @throws SudaError `unsupported_type` when it can't be read, `payload_too_large` when it is a bomb
 */
export async function preparePicture(path: string, type: string, out: string, still: string): Promise<Picture> {
  const sharp = await load();
  const input = (): Sharp => sharp(path, { limitInputPixels: limits.picturePixels, failOn: 'error' }).timeout({ seconds: LONGEST });
  try {
    const metadata = await input().metadata();
    if (metadata.format !== formats[type]) throw new Error(`it begins as ${type}, and is ${metadata.format}`);
    bound(metadata, 1);
    const made = await clean(input, metadata, path, type, out);
    const turned = input().autoOrient();
    await turned.clone().resize(STILL, STILL, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toFile(still);
    return { ...made, placeholder: await placeholderOf(turned) };
  } catch (error) {
    if (error instanceof SudaError) throw error;
    const { message } = error as Error;
    if (/pixel limit/i.test(message)) throw tooLarge();
    throw new SudaError('unsupported_type', `This picture can't be read: ${message.split('\n', 1)[0]}`);
  }
}

/** Draws a picture anew as a small, still WebP, from the bytes that can be drawn. @throws Error when it can't be read, or is a bomb */
export async function shrinkPicture(path: string, out: string): Promise<void> {
  const sharp = await load();
  const picture = sharp(path, { limitInputPixels: limits.picturePixels, failOn: 'error' }).timeout({ seconds: LONGEST });
  await picture.autoOrient().resize(STILL, STILL, { fit: 'inside', withoutEnlargement: true }).webp({ quality: 80 }).toFile(out);
}

const tooLarge = (): SudaError => new SudaError('payload_too_large', 'The picture has too many pixels or frames.');

function bound({ width, height, pageHeight }: Metadata, frames: number): void {
  const pixels = width * (pageHeight ?? height);
  if (pixels > limits.picturePixels || frames > limits.pictureFrames || pixels * frames > MOST_DRAWN) throw tooLarge();
}

type Cleaned = Omit<Picture, 'placeholder'>;

/** Without metadata: taken out where that is enough, and drawn anew otherwise. */
async function clean(input: () => Sharp, metadata: Metadata, path: string, type: string, out: string): Promise<Cleaned> {
  const strip = strippers[type];
  if (strip === undefined || (metadata.orientation ?? 1) > 1) {
    const turned = input().autoOrient();
    const drawn = type === 'image/jpeg' ? turned.jpeg({ quality: 90 }) : type.endsWith('png') ? turned.png() : turned.webp({ quality: 90 });
    const { width, height, format } = await drawn.toFile(out);
    return { type: `image/${format}`, width, height, animated: false, duration: 0 };
  }
  const { bytes, frames, duration } = strip(await readFile(path));
  bound(metadata, frames);
  await writeFile(out, bytes, { flag: 'wx', mode: 0o600 });
  const animated = frames > 1;
  return { type, width: metadata.width, height: metadata.pageHeight ?? metadata.height, animated, duration: animated ? duration : 0 };
}

/** The picture in a few blurred pixels: about a hundred bytes, so that it travels with the message. */
async function placeholderOf(picture: Sharp): Promise<string> {
  const tiny = await picture.clone().resize(14, 14, { fit: 'inside' }).webp({ quality: 25, alphaQuality: 20, effort: 6 }).toBuffer();
  return `data:image/webp;base64,${tiny.toString('base64')}`;
}
