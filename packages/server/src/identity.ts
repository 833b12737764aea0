import type { IncomingMessage } from 'node:http';
import { SudaError, type User, type UserId } from '@suda/protocol';
import type { Door } from './door.ts';

/** The name of the session cookie. */
export const COOKIE = 'suda';

/** The token of `Authorization: Bearer` (RFC 6750 §2.1). */
export const bearerOf = (request: IncomingMessage): string | undefined =>
  /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** A cookie's value. The first of that name: a browser sends that of the longest path first (RFC 6265 §5.4). */
export function cookieOf(request: IncomingMessage, wanted: string): string | undefined {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === wanted && value) return value;
  }
  return undefined;
}

/** What a request carries to say who it is: the header beats the cookie (PROTOCOL R2.2). */
export const tokenOf = (request: IncomingMessage): string | undefined => bearerOf(request) ?? cookieOf(request, COOKIE);

/** The door: who a request is from. */
export interface Identify {
  /** @throws SudaError `unauthenticated` with a reason, where there is more to say than that nobody is known */
  (request: IncomingMessage): Promise<UserId | undefined>;
  /** Whether a browser that says hello as this user is given a cookie. */
  readonly keeps: (user: User) => boolean;
}

export function identifyByToken(door: Door): Identify {
  const identify = async (request: IncomingMessage): Promise<UserId | undefined> => {
    const token = tokenOf(request);
    return token === undefined ? undefined : door.userOfOwnToken(token);
  };
  return Object.assign(identify, { keeps: () => true });
}

/**
 * A host application's users. A token of ours that a program carries speaks for itself; otherwise the host is asked every time, and
 * its word is what counts: no cookie of ours outlives a session of the host. Only guests, if there are any, have our cookie.
 */
export function identifyByHost(door: Door, host: (request: IncomingMessage) => Promise<UserId | undefined>): Identify {
  const identify = async (request: IncomingMessage): Promise<UserId | undefined> => {
    const bearer = bearerOf(request);
    const holder = bearer === undefined ? undefined : await door.userOfOwnToken(bearer);
    if (holder !== undefined) return holder;
    const user = await host(request);
    if (user !== undefined || bearer !== undefined || !door.guests) return user;
    const cookie = cookieOf(request, COOKIE);
    return cookie === undefined ? undefined : door.userOfOwnToken(cookie);
  };
  return Object.assign(identify, { keeps: ({ guest }: User) => guest && door.guests });
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
