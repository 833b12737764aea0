import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserId } from '@suda/protocol';

/**
 * Signed session tokens: `user.issued.signature`, HMAC-SHA-256 (RFC 2104) over what stands before the last dot. Nothing is kept on the
 * server, so a token works on any node that has the secret.
 */
export class Tokens {
  readonly #secret: string;
  readonly #now: () => number;

  /** @param secret at least 16 characters  @param now milliseconds since 1970 */
  constructor(secret: string, now: () => number) {
    this.#secret = secret;
    this.#now = now;
  }

  issue(user: UserId): string {
    const body = `${user}.${Math.floor(this.#now() / 1000).toString(36)}`;
    return `${body}.${this.#sign(body)}`;
  }

  /** @returns whose token it is; undefined when it isn't one of ours */
  verify(token: string): UserId | undefined {
    const dot = token.lastIndexOf('.');
    if (dot < 0 || token.length > 512) return undefined;
    const body = token.slice(0, dot);
    const given = Buffer.from(token.slice(dot + 1));
    const right = Buffer.from(this.#sign(body));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const id = UserId.safeParse(body.split('.', 1)[0]);
    return id.success ? id.data : undefined;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}
