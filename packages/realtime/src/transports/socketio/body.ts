import type { IncomingMessage } from 'node:http';
import { limits, SudaError } from '@suda/protocol';
import { fault } from './refusals.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of a POST.
 * @param most bytes
 * @throws SudaError `payload_too_large`; Refused when it isn't UTF-8; undefined comes when the client hung up
 */
export function bodyOf(request: IncomingMessage, most: number = limits.payloadBytes): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const tooLarge = (): void => {
      request.pause();
      reject(new SudaError('payload_too_large', `A request may have at most ${most} bytes.`));
    };
    if (Number(request.headers['content-length'] ?? 0) > most) {
      tooLarge();
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > most) tooLarge();
      else chunks.push(chunk);
    });
    request.on('end', () => {
      try {
        resolve(utf8.decode(Buffer.concat(chunks)));
      } catch {
        reject(fault('badRequest'));
      }
    });
    request.on('close', () => resolve(undefined));
    request.on('error', () => resolve(undefined));
  });
}
