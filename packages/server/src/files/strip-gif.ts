import { Malformed, type Stripped } from './stripped.ts';

const IMAGE = 0x2c;
const EXTENSION = 0x21;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** Browsers show a frame of 0 or 10 ms for this long. */
const SHORTEST = 100;

/** GIF89a: keeps images, their timing and the loop; drops comments, plain text, other applications' blocks, and what follows the trailer. */
export function stripGif(bytes: Buffer): Stripped {
  const parts: Buffer[] = [];
  let at = 13 + colours(byteAt(bytes, 10));
  const header = bytes.subarray(0, at);
  if (header.length < at) throw new Malformed('the header is cut');
  parts.push(header);
  let [frames, duration] = [0, 0];
  while (at < bytes.length) {
    const begin = at;
    const kind = byteAt(bytes, at);
    if (kind === TRAILER) break;
    if (kind === IMAGE) {
      at = endOfBlocks(bytes, begin + 11 + colours(byteAt(bytes, begin + 9)));
      parts.push(bytes.subarray(begin, at));
      frames++;
    } else if (kind === EXTENSION) {
      const label = byteAt(bytes, begin + 1);
      at = endOfBlocks(bytes, begin + 2);
      if (label === GRAPHIC_CONTROL && at - begin === 8) {
        const delay = bytes.readUInt16LE(begin + 4) * 10;
        duration += delay <= 10 ? SHORTEST : delay;
        parts.push(bytes.subarray(begin, at));
      } else if (label === APPLICATION) parts.push(...loop(bytes.subarray(begin, at)));
    } else throw new Malformed('an unknown block');
  }
  if (frames === 0) throw new Malformed('no image in it');
  parts.push(Buffer.from([TRAILER]));
  return { bytes: Buffer.concat(parts), frames, duration };
}

/** The one block of an application that browsers heed: how often to begin again. */
function loop(block: Buffer): Buffer[] {
  const name = block.subarray(3, 14).toString('latin1');
  const heeded = (name === 'NETSCAPE2.0' || name === 'ANIMEXTS1.0') && block[14] === 3 && block[15] === 1;
  return heeded ? [block.subarray(0, 18), Buffer.from([0])] : [];
}

/** Bytes of the colour table that these flags announce. */
const colours = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);

/** Where a chain of sub-blocks ends, its closing zero included. */
function endOfBlocks(bytes: Buffer, from: number): number {
  let at = from;
  for (let size = byteAt(bytes, at); size !== 0; size = byteAt(bytes, at)) at += size + 1;
  return at + 1;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw new Malformed('it is cut');
  return byte;
}
