import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** How a client came in: the facts of its first request. */
export interface Handshake {
  readonly headers: IncomingHttpHeaders;
  /** When, as text. */
  readonly time: string;
  /** When, in milliseconds since 1970. */
  readonly issued: number;
  /** The client's address. */
  readonly address: string;
  /** Whether a page of some origin asked. */
  readonly xdomain: boolean;
  /** Whether it came over TLS to this very server. */
  readonly secure: boolean;
  readonly url: string;
  readonly query: Record<string, string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the client sent along; as with Socket.IO, it is the application's to check.
  auth: Record<string, any>;
}

/** @param auth what the client sent along with CONNECT */
export function handshakeOf(request: IncomingMessage, address: string, auth: unknown): Handshake {
  const now = Date.now();
  return {
    headers: request.headers,
    time: new Date(now).toString(),
    issued: now,
    address,
    xdomain: request.headers.origin !== undefined,
    secure: (request.socket as TLSSocket).encrypted === true,
    url: request.url ?? '',
    query: queryOf(request.url ?? ''),
    auth: typeof auth === 'object' && auth !== null ? auth : {},
  };
}

/** A field that stands there several times is a list. */
export function queryOf(url: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(url.split('?', 2)[1] ?? '')) {
    if (name === '__proto__') continue;
    const known = Object.hasOwn(query, name) ? query[name] : undefined;
    query[name] = known === undefined ? value : [known, value].flat();
  }
  return query;
}
