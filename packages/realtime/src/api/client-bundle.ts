import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';

const names = /^socket\.io(\.msgpack|\.esm)?(\.min)?\.js(\.map)?$/;
const compressions = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;

/** Which file of the browser's client a request is for: `/socket.io/socket.io.js` and its like. */
export function bundleOf(url: string, path: string): string | undefined {
  const at = url.split('?', 1)[0] ?? '';
  const name = at.startsWith(path) ? at.slice(path.length) : '';
  return names.test(name) ? name : undefined;
}

interface Package {
  readonly folder: string;
  readonly version: string;
}

let client: Package | undefined;

/** Where the unmodified `socket.io-client` is; looked for when somebody first wants it. */
function clientPackage(): Package {
  if (client === undefined) {
    const file = createRequire(import.meta.url).resolve('socket.io-client/package.json');
    client = { folder: join(file, '..', 'dist'), version: (JSON.parse(readFileSync(file, 'utf8')) as Package).version };
  }
  return client;
}

/** Files that were read, by name and compression. */
const kept = new Map<string, Promise<Buffer>>();

function contentOf(name: string, compression: keyof typeof compressions | undefined): Promise<Buffer> {
  const key = `${name} ${compression ?? ''}`;
  let content = kept.get(key);
  if (content === undefined) {
    const file = readFile(join(clientPackage().folder, name));
    content = compression === undefined ? file : file.then((bytes) => compressions[compression](bytes));
    content.catch(() => kept.delete(key));
    kept.set(key, content);
  }
  return content;
}

function compressionFor(request: IncomingMessage): keyof typeof compressions | undefined {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((name) => name.trim().split(';', 1)[0]);
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : undefined;
}

/** Serves a file of the browser's client, as Socket.IO's own server does (RFC 9110 §8.8.3, §12.5.3). */
export async function serveBundle(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  try {
    const etag = `"${clientPackage().version}"`;
    const all: OutgoingHttpHeaders = {
      ...headers,
      etag,
      'cache-control': 'public, max-age=0',
      'content-type': `application/${name.endsWith('.map') ? 'json' : 'javascript'}; charset=utf-8`,
      'x-content-type-options': 'nosniff',
      vary: [headers.vary, 'Accept-Encoding'].filter(Boolean).join(', '),
    };
    const known = request.headers['if-none-match'];
    if (known === etag || known === `W/${etag}`) {
      response.writeHead(304, all).end();
      return;
    }
    const compression = compressionFor(request);
    const content = await contentOf(name, compression);
    response.writeHead(200, { ...all, 'content-length': content.length, ...(compression ? { 'content-encoding': compression } : {}) });
    response.end(request.method === 'HEAD' ? undefined : content);
  } catch {
    response.writeHead(404).end();
  }
}
