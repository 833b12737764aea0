import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { FileRecord } from '@suda/chat';
import { FileId, limits, paths, SudaError, type UserId } from '@suda/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Contents } from '../files/contents.ts';
import { isPicture } from '../files/pictures.ts';
import type { Uploads } from '../files/uploads.ts';
import { disposition } from './disposition.ts';
import { rangeOf } from './range.ts';
import type { RouteOptions } from './routes.ts';

/** Where files are, and the way in. */
export interface Files {
  readonly contents: Contents;
  readonly uploads: Uploads;
}

const Params = z.object({ file: FileId });
const Query = z.object({ size: z.enum(['thumb', 'poster']).optional(), download: z.literal('1').optional() });

/** Nothing that someone uploaded runs, loads or sends anything, wherever it is opened. */
export const POLICY = "default-src 'none'; sandbox";
/** What is at an address never changes; but it is for this person, as they are signed in now. */
const CACHING = 'private, max-age=31536000, immutable';

/** A name as it may stand in a header and on a screen: one line, not too long, and not the path to it. */
function nameOf(request: FastifyRequest): string {
  const { name } = request.query as { name?: unknown };
  const text = typeof name === 'string' ? name.toWellFormed() : '';
  const last = text.split(/[\\/]/).at(-1) ?? '';
  const line = last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim();
  const letters = Array.from(line);
  if (letters.length <= limits.fileNameLength) return line || 'file';
  // The end says what kind it is.
  const tail = letters.slice(-20);
  return [...letters.slice(0, limits.fileNameLength - tail.length - 1), '…', ...tail].join('');
}

/** Uploads and downloads: PROTOCOL §14. */
export function registerFiles(app: FastifyInstance, { door, identify, origins }: RouteOptions, files: Files | null): void {
  const asker = async (request: FastifyRequest, rate: 'upload' | 'light'): Promise<UserId> => {
    const user = await identify(request.raw);
    if (user === undefined) throw new SudaError('unauthenticated');
    door.rates.spend(user, rate);
    return user;
  };

  // In a scope of its own: a body of any kind is a stream here, whatever its Content-Type claims.
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.post(paths.files, async (request, reply) => {
      origins.check(request.raw);
      const user = await asker(request, 'upload');
      if (files === null) throw new SudaError('not_allowed', 'This server takes no files.');
      if (Number(request.headers['content-length'] ?? 0) > limits.fileBytes)
        throw new SudaError('payload_too_large', `A file may have at most ${limits.fileBytes} bytes.`);
      const attachment = await files.uploads.take(user, nameOf(request), request.raw);
      return reply.header('cache-control', 'no-store').send(attachment);
    });
  });

  app.route({
    method: ['GET', 'HEAD'],
    url: `${paths.files}/:file`,
    handler: async (request, reply) => {
      const params = Params.safeParse(request.params);
      const query = Query.safeParse(request.query);
      const user = await asker(request, 'light');
      if (!params.success || files === null) throw new SudaError('no_such_file');
      if (!query.success) throw new SudaError('invalid', 'size: thumb or poster');
      const file = await door.chat.file(user, params.data.file);
      return tell(request, reply, files.contents, file, query.data);
    },
  });
}

/** Answers with a file, or a part of it, or that they have it already. */
async function tell(
  request: FastifyRequest,
  reply: FastifyReply,
  contents: Contents,
  { hash, attachment }: FileRecord,
  { size, download }: z.output<typeof Query>,
): Promise<FastifyReply> {
  const { name, type, animated } = attachment;
  const picture = isPicture(type);
  if (size !== undefined && (!picture || (size === 'poster' && !animated))) throw new SudaError('no_such_file');
  const path = size === undefined ? contents.path(hash) : contents.stillPath(hash);
  const { size: bytes } = await stat(path);
  const etag = `"${hash}${size === undefined ? '' : '.still'}"`;
  reply.headers({
    'content-type': size === undefined ? type : 'image/webp',
    'content-security-policy': POLICY,
    'cache-control': CACHING,
    // Beside what is there already for pages of other origins.
    vary: [reply.getHeader('vary') ?? [], 'Cookie', 'Authorization'].flat().join(', '),
    etag,
    'accept-ranges': 'bytes',
    'content-disposition': disposition(picture && download === undefined ? 'inline' : 'attachment', name),
  });
  if (hasIt(request.headers['if-none-match'], etag)) return reply.code(304).send();
  const ifRange = request.headers['if-range'];
  const range = ifRange === undefined || ifRange === etag ? rangeOf(request.headers.range, bytes) : 'whole';
  if (range === 'none') return reply.code(416).header('content-range', `bytes */${bytes}`).send();
  const part = range === 'whole' ? { first: 0, last: bytes - 1 } : range;
  if (range !== 'whole') reply.code(206).header('content-range', `bytes ${part.first}-${part.last}/${bytes}`);
  reply.header('content-length', part.last - part.first + 1);
  return request.method === 'HEAD' ? reply.send() : reply.send(createReadStream(path, { start: part.first, end: part.last }));
}

/** `If-None-Match`, by weak comparison (RFC 9110 §13.1.2). */
function hasIt(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}
