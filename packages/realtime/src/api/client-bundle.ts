import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const folder = join(createRequire(import.meta.url).resolve('socket.io-client/package.json'), '..', 'dist');
const names = /^socket\.io(\.msgpack|\.esm)?(\.min)?\.js(\.map)?$/;

/** Which file of the browser's client a request is for: `/socket.io/socket.io.js` and its like. */
export function bundleOf(url: string, path: string): string | undefined {
  const at = url.split('?', 1)[0] ?? '';
  const name = at.startsWith(path) ? at.slice(path.length) : '';
  return names.test(name) ? name : undefined;
}

/** Serves a file of the unmodified `socket.io-client`, as Socket.IO's own server does. */
export async function serveBundle(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const bytes = await readFile(join(folder, name));
    const etag = `"${name}-${bytes.length}"`;
    const headers = {
      etag,
      'cache-control': 'public, max-age=0',
      'content-type': name.endsWith('.map') ? 'application/json; charset=utf-8' : 'application/javascript; charset=utf-8',
      'x-content-type-options': 'nosniff',
    };
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else response.writeHead(200, { ...headers, 'content-length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes);
  } catch {
    response.writeHead(404).end();
  }
}
