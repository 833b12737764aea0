import { Malformed, type Stripped } from './stripped.ts';

const HEADER = 12;
const EXIF_AND_XMP = 0x08 | 0x04;

const kept: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);

/** WebP (RFC 9649): keeps images, animation and the colour profile; drops EXIF, XMP and unknown chunks, and what follows the container. */
export function stripWebp(bytes: Buffer): Stripped {
  const parts: Buffer[] = [];
  let [frames, duration, at] = [0, 0, HEADER];
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  while (at + 8 <= end) {
    const type = bytes.subarray(at, at + 4).toString('latin1');
    const size = bytes.readUInt32LE(at + 4);
    const next = at + 8 + size + (size & 1);
    if (at + 8 + size > bytes.length) throw new Malformed('it is cut');
    if (kept.has(type)) {
      const chunk = Buffer.from(bytes.subarray(at, next));
      if (type === 'VP8X' && chunk[8] !== undefined) chunk[8] &= ~EXIF_AND_XMP;
      if (type === 'ANMF' && size >= 16) {
        frames++;
        duration += chunk.readUIntLE(20, 3);
      }
      parts.push(chunk);
    }
    at = next;
  }
  const body = Buffer.concat(parts);
  const header = Buffer.from(bytes.subarray(0, HEADER));
  header.writeUInt32LE(4 + body.length, 4);
  return { bytes: Buffer.concat([header, body]), frames: Math.max(frames, 1), duration };
}
