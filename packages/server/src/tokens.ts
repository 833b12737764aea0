import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserId } from '@suda/protocol';

/**
 * Signed session tokens: `user.issued.signature`, or `user.issued.expires.signature` (seconds since 1970), HMAC-SHA-256 (RFC 2104) over what stands before the last dot. Nothing is kept on the
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

  /** @param expiresIn seconds; without it, it is valid as long as the secret is */
  issue(user: UserId, expiresIn?: number): string {
    const now = Math.floor(this.#now() / 1000);
    const end = expiresIn === undefined ? '' : `.${(now + Math.ceil(expiresIn)).toString(36)}`;
    const body = `${user}.${now.toString(36)}${end}`;
    return `${body}.${this.#sign(body)}`;
  }

  /** @returns whose token it is; undefined when it isn't one of ours, or no longer valid */
  verify(token: string): UserId | undefined {
    const dot = token.lastIndexOf('.');
    if (dot < 0 || token.length > 512) return undefined;
    const body = token.slice(0, dot);
    const given = Buffer.from(token.slice(dot + 1));
    const right = Buffer.from(this.#sign(body));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [user, , end] = body.split('.');
    if (end !== undefined && Number.parseInt(end, 36) * 1000 <= this.#now()) return undefined;
    const id = UserId.safeParse(user);
    return id.success ? id.data : undefined;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}
