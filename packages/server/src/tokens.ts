import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserId } from '@suda/protocol';
import { Recent } from './recent.ts';

/** What a right signature stands for. `until`: milliseconds since 1970. */
interface Signed {
  readonly user: UserId;
  readonly until: number;
}

/**
 * Signed session tokens: `user.issued.signature`, or `user.issued.expires.signature` (seconds since 1970), HMAC-SHA-256 (RFC 2104) over what stands before the last dot. Nothing is kept on the
 * server, so a token works on any node that has the secret.
 */
export class Tokens {
  readonly #secret: string;
  readonly #now: () => number;
  /** Whose signature was right: that doesn't change, and programs that post over HTTP show the same token every time. */
  readonly #signed = new Recent<string, Signed>(1_000);

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
    if (token.length > 512) return undefined;
    let signed = this.#signed.get(token);
    if (signed === undefined) {
      signed = this.#read(token);
      if (signed === undefined) return undefined;
      this.#signed.set(token, signed);
    }
    return signed.until > this.#now() ? signed.user : undefined;
  }

  #read(token: string): Signed | undefined {
    const dot = token.lastIndexOf('.');
    if (dot < 0) return undefined;
    const body = token.slice(0, dot);
    const given = Buffer.from(token.slice(dot + 1));
    const right = Buffer.from(this.#sign(body));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const [user, , end] = body.split('.');
    const id = UserId.safeParse(user);
    return id.success
      ? { user: id.data, until: end === undefined ? Number.POSITIVE_INFINITY : Number.parseInt(end, 36) * 1000 }
      : undefined;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}
