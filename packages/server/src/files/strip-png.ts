import { Malformed, type Stripped } from './stripped.ts';

const SIGNATURE = 8;
/** A chunk's length, type and checksum. */
const FRAME = 12;

/** The chunks without which it would look otherwise; animation (APNG) among them. Text, time, camera and place are not. */
const kept: ReadonlySet<string> = new Set('IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD acTL fcTL fdAT'.split(' '));

/** PNG and APNG: keeps what is drawn, drops the rest, and what follows IEND. */
export function stripPng(bytes: Buffer): Stripped {
  const parts: Buffer[] = [bytes.subarray(0, SIGNATURE)];
  let [frames, duration, at] = [1, 0, SIGNATURE];
  for (let type = ''; type !== 'IEND'; ) {
    if (at + FRAME > bytes.length) throw new Malformed('it is cut');
    const length = bytes.readUInt32BE(at);
    const end = at + FRAME + length;
    if (end > bytes.length) throw new Malformed('it is cut');
    type = bytes.subarray(at + 4, at + 8).toString('latin1');
    if (kept.has(type)) parts.push(bytes.subarray(at, end));
    if (type === 'acTL' && length === 8) frames = bytes.readUInt32BE(at + 8);
    if (type === 'fcTL' && length === 26) {
      const [delay, per] = [bytes.readUInt16BE(at + 28), bytes.readUInt16BE(at + 30)];
      duration += (1000 * delay) / (per || 100);
    }
    at = end;
  }
  return { bytes: Buffer.concat(parts), frames, duration: Math.round(duration) };
}
