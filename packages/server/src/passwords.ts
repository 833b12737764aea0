import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Passwords } from '@suda/chat';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;

/** Room passwords by scrypt (RFC 7914) with Node's parameters: `scrypt$salt$key`, in base64url. Runs off the main thread. */
export const scryptPasswords: Passwords = {
  async hash(password) {
    const salt = randomBytes(16);
    const key = await derive(password.normalize('NFKC'), salt, 32);
    return `scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`;
  },
  async verify(password, hash) {
    const [kind, salt, key] = hash.split('$');
    if (kind !== 'scrypt' || salt === undefined || key === undefined) return false;
    const right = Buffer.from(key, 'base64url');
    const given = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64url'), right.length);
    return timingSafeEqual(given, right);
  },
};
