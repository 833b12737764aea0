import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Whom this server may ask. A value, so that tests can have a world of their own; there is no setting that opens another. */
export interface Reach {
  /** The addresses of a host's name. */
  resolve(host: string, signal: AbortSignal): Promise<readonly string[]>;
  readonly allowsAddress: (address: string) => boolean;
  readonly allowsPort: (port: number) => boolean;
}

/** Why an address was not looked at: for the log, and nobody else. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/**
 * By DNS alone, without the hosts file. Not `lookup`: that takes one of libuv's few threads, and whoever runs a slow name server could stop
 * this one's disk.
 */
async function resolve(host: string, signal: AbortSignal): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const families = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return families.flatMap((found) => (found.status === 'fulfilled' ? found.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** The public internet, and there only what everybody may ask: the web's own two ports. */
export const publicReach: Reach = { resolve, allowsAddress: isPublicAddress, allowsPort: (port) => port === 80 || port === 443 };

/** Where a URL may be asked for. */
export interface Place {
  /** Name of the host, or its address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Every one was checked; these are what is connected to, so no second answer of a name server counts. */
  readonly addresses: readonly string[];
}

/** @throws Unreachable */
export async function placeOf(url: URL, reach: Reach, signal: AbortSignal): Promise<Place> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Unreachable(`${url.protocol} is not the web`);
  if (url.username !== '' || url.password !== '') throw new Unreachable('it carries a password');
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (!reach.allowsPort(port)) throw new Unreachable(`port ${port} is not the web's`);
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const addresses = isIP(host) === 0 ? await reach.resolve(host, signal) : [host];
  if (addresses.length === 0) throw new Unreachable(`${host} has no address`);
  const refused = addresses.find((address) => !reach.allowsAddress(address));
  if (refused !== undefined) throw new Unreachable(`${host} is at ${refused}, which is not public`);
  return { host, port, addresses };
}
