import type { IncomingMessage } from 'node:http';
import { SudaError, type UserId } from '@suda/protocol';
import type { Door } from './door.ts';

/** The name of the session cookie. */
export const COOKIE = 'suda';

/** What a request carries to say who it is: the header beats the cookie (PROTOCOL R2.2). */
export function tokenOf(request: IncomingMessage): string | undefined {
  const bearer = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '');
  if (bearer) return bearer[1];
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === COOKIE && value) return value;
  }
  return undefined;
}

/** The door: request → user. A host application brings its own of the same type. */
export type Identify = (request: IncomingMessage) => Promise<UserId | undefined>;

export function identifyByToken(door: Door): Identify {
  return async (request) => {
    const token = tokenOf(request);
    return token === undefined ? undefined : door.userOfToken(token);
  };
}

/**
 * Which pages may act in their visitors' names. Without this any page could use the cookie of whoever visits it
 * (cross-site request forgery, and the same over WebSocket).
 */
export class Origins {
  readonly #allowed: ReadonlySet<string>;

  /** @param allowed origins beside the server's own, such as `https://example.org` */
  constructor(allowed: readonly string[]) {
    this.#allowed = new Set(allowed.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
  }

  isAllowed(origin: string): boolean {
    return this.#allowed.has(origin.toLowerCase());
  }

  /** @throws SudaError `origin_refused` */
  check(request: IncomingMessage): void {
    const { origin, host } = request.headers;
    if (origin === undefined || this.isAllowed(origin)) return;
    try {
      const { host: from, origin: whole } = new URL(origin);
      if (host !== undefined && from === host.toLowerCase() && whole === origin.toLowerCase()) return;
    } catch {
      // "null", or nonsense: refused below.
    }
    throw new SudaError('origin_refused');
  }
}
