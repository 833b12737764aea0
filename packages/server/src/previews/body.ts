import type { IncomingMessage } from 'node:http';
import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Unreachable } from './reach.ts';

const unpackers = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress } as const;

async function* upTo(limit: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) return;
    yield chunk;
  }
}

/** What a response says, unpacked. Neither what comes nor what it unfolds to is ever held beyond the limit. */
function unpacked(response: IncomingMessage, limit: number): Readable {
  const encoding = (response.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return response;
  if (!Object.hasOwn(unpackers, encoding)) throw new Unreachable(`it is packed as ${encoding}`);
  const unpacker = unpackers[encoding as keyof typeof unpackers]();
  // Failures come out of the unpacker, where they are waited for.
  pipeline(Readable.from(upTo(limit, response)), unpacker, () => {});
  return unpacker;
}

/**
 * Reads a body up to a limit, and no further; a longer one is cut there.
 * @param enough says of what has come that the rest isn't needed
 * @returns the bytes, and whether that was all
 */
export async function readBody(
  response: IncomingMessage,
  limit: number,
  enough: (chunk: Buffer) => boolean = () => false,
): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of unpacked(response, limit) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit || enough(chunk)) return { bytes: Buffer.concat(chunks).subarray(0, limit), whole: false };
    }
    return { bytes: Buffer.concat(chunks), whole: true };
  } finally {
    response.destroy();
  }
}
