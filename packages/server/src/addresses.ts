import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';

/**
 * Whom a request comes from. `X-Forwarded-For` and `X-Forwarded-Proto` are believed only as far as they were written by configured
 * proxies: anyone can send the header, so it is read from its end, each hop's writer being checked before its word is taken.
 */
export class Addresses {
  readonly #trusted = new BlockList();
  readonly #any: boolean;

  /** @param trusted addresses or CIDR ranges of proxies; `loopback` for this machine. @throws Error with a sentence for anything else */
  constructor(trusted: readonly string[]) {
    this.#any = trusted.length > 0;
    for (const entry of trusted.flatMap((name) => (name === 'loopback' ? ['127.0.0.0/8', '::1/128'] : [name]))) {
      const [address = '', bits, ...more] = entry.split('/');
      const family = isIP(address);
      const most = family === 6 ? 128 : 32;
      const prefix = bits === undefined ? most : Number(bits);
      if (family === 0 || bits === '' || more.length > 0 || !Number.isInteger(prefix) || prefix < 0 || prefix > most) {
        throw new Error(`"${entry}" is neither an IP address nor a CIDR range.`);
      }
      this.#trusted.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
    }
  }

  trusts(address: string): boolean {
    const family = isIP(address);
    return this.#any && family !== 0 && this.#trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
  }

  /** The client's address. */
  of(request: IncomingMessage): string {
    let address = plain(request.socket.remoteAddress ?? '');
    const hops = String(request.headers['x-forwarded-for'] ?? '').split(',');
    while (this.trusts(address) && hops.length > 0) {
      const next = plain((hops.pop() ?? '').trim());
      if (isIP(next) === 0) break;
      address = next;
    }
    return address;
  }

  /** Whether the client's own connection is encrypted. */
  isSecure(request: IncomingMessage): boolean {
    if ((request.socket as Partial<TLSSocket>).encrypted) return true;
    if (!this.trusts(plain(request.socket.remoteAddress ?? ''))) return false;
    return (
      String(request.headers['x-forwarded-proto'] ?? '')
        .split(',')
        .at(-1)
        ?.trim() === 'https'
    );
  }
}

/** What a proxy or tunnel adds to the requests that it passes on. */
const passedOn = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via'] as const;
const loopbackName = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * Whether whoever asks sits at this machine: over loopback, for a name of loopback, and passed on by nobody. A proxy or tunnel on
 * this machine connects over loopback too, but in the name of the site that its visitors asked for.
 */
export function isHere(request: IncomingMessage): boolean {
  const from = plain(request.socket.remoteAddress ?? '');
  if (from !== '::1' && !from.startsWith('127.')) return false;
  return loopbackName.test(request.headers.host ?? '') && passedOn.every((name) => request.headers[name] === undefined);
}

/** IPv4 inside IPv6 (RFC 4291 §2.5.5.2) is IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
