import type { Store } from '@suda/chat';
import { PlaceName } from '@suda/protocol';
import type { Logger } from 'pino';
import { Addresses } from '../addresses.ts';
import { ConfigError } from '../config.ts';
import { providers } from '../gifs/provider.ts';
import type { JwtOptions } from '../host/jwt.ts';
import type { Identity } from '../host/recognise.ts';

/** What `createSuda` takes. Only where things are kept must be said. */
export interface SudaOptions {
  /** The data folder: made if it isn't there. This, or `store`. */
  readonly data?: string;
  /** A store of one's own. It is closed with us. */
  readonly store?: Store;
  /** The folder of uploaded files. Default: `files` in the data folder; with a store of one's own none, and no files are taken. */
  readonly files?: string;
  /** Signs our tokens: at least 16 characters, the same on every node and after every restart. Default: the data folder's own. */
  readonly secret?: string;
  /** Everything is under it: `/chat/v1/…`, `/chat/socket.io/`, `/chat/docs`, the page at `/chat/`. Default `/chat`; `/`: no path. */
  readonly path?: string;
  /** Whether the chat page is served: the built one, or that of another folder. Default: if it is built. */
  readonly page?: boolean | string;
  /** Who a request is from. Default: nobody is known, and whoever gives a name is a guest. */
  readonly identity?: Identity | { readonly jwt: JwtOptions };
  /** Whether whoever gives a name may come in. Default: only without `identity`. */
  readonly guests?: boolean;
  /** What this place is called, on the page and as an installed application. Default: Suda. */
  readonly name?: string;
  /** Whether the page may keep itself in its visitors' browsers (a service worker), to open without a network. Default true. */
  readonly worker?: boolean;
  /** Where the page sends whom `identity` doesn't know, such as `/login`. */
  readonly signIn?: string;
  /** Other origins whose pages may use it and show it in a frame, such as `https://example.org`. */
  readonly origins?: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed: addresses, CIDR ranges, or `loopback`. */
  readonly trustProxy?: readonly string[];
  /** Messages a second that one person may send in the long run; 0: no rate limit at all. Default 50. */
  readonly rate?: number;
  /** Whether the server looks at what addresses in messages lead to, for a card below them. Default true. */
  readonly linkPreviews?: boolean;
  /** Where GIFs can be looked for beside the own library: a provider, and the key that it gave. Default nowhere. */
  readonly gifs?: { readonly provider: 'giphy' | 'klipy'; readonly key: string };
  /** A pino logger, or a child of the host's. Default: warnings and errors, to the standard output. */
  readonly logger?: Logger;
}

type Checks = { readonly [N in keyof Required<SudaOptions>]: (value: NonNullable<SudaOptions[N]>) => string | undefined };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const or = (holds: boolean, sentence: string): string | undefined => (holds ? undefined : sentence);

/** What is wrong with each option, in a sentence. */
const checks: Checks = {
  data: (value) => or(isText(value), 'data is the path of a folder.'),
  store: (value) => or(isObject(value) && typeof value.execute === 'function', 'store is no Store: it has no execute().'),
  files: (value) => or(isText(value), 'files is the path of a folder.'),
  secret: (value) => or(isText(value) && value.length >= 16, 'secret has at least 16 characters.'),
  path: (value) =>
    or(
      typeof value === 'string' && /^\/([\w.~-]+(\/[\w.~-]+)*\/?)?$/.test(value) && !/\/\.\.?(\/|$)/.test(value),
      `path is "${value}": it begins with "/" and has letters, digits, "-", "_", "." and "~" between slashes, such as "/chat".`,
    ),
  page: (value) => or(typeof value === 'boolean' || isText(value), 'page is true, false, or the folder of a built page.'),
  identity: (value) => identityFault(value),
  guests: (value) => or(typeof value === 'boolean', 'guests is true or false.'),
  name: (value) => or(PlaceName.safeParse(value).success, 'name is one line of up to 40 characters.'),
  worker: (value) => or(typeof value === 'boolean', 'worker is true or false.'),
  signIn: (value) => or(isText(value) && /^(\/|https?:\/\/)/.test(value), 'signIn is an address, such as "/login".'),
  origins: (value) =>
    or(
      Array.isArray(value) && value.every((origin) => /^https?:\/\/[^/\s]+\/?$/.test(String(origin))),
      'origins is a list of origins, such as "https://example.org".',
    ),
  trustProxy: (value) => proxyFault(value),
  rate: (value) => or(typeof value === 'number' && value >= 0 && value <= 1_000_000, 'rate is a number of messages a second; 0: no limit.'),
  linkPreviews: (value) => or(typeof value === 'boolean', 'linkPreviews is true or false.'),
  gifs: (value) =>
    or(
      isObject(value) && Object.hasOwn(providers, String(value.provider)) && isText(value.key),
      'gifs is {provider: "giphy" or "klipy", key}.',
    ),
  logger: (value) => or(isObject(value) && typeof value.child === 'function', 'logger is no pino logger: it has no child().'),
};

const jwtOptions: ReadonlySet<string> = new Set<keyof JwtOptions>(['secret', 'jwks', 'issuer', 'audience', 'cookie', 'user']);

function identityFault(identity: unknown): string | undefined {
  if (typeof identity === 'function') return undefined;
  if (!isObject(identity) || !('jwt' in identity) || !isObject(identity.jwt) || Object.keys(identity).length > 1)
    return 'identity is a function from a request to a user, or {jwt: {…}}.';
  const { secret, jwks, cookie, user, ...rest } = identity.jwt as JwtOptions & Record<string, unknown>;
  const unknown = Object.keys(rest).find((name) => !jwtOptions.has(name));
  if (unknown !== undefined) return `identity.jwt has no option "${unknown}".`;
  if ((secret === undefined) === (jwks === undefined)) return 'identity.jwt takes either secret or jwks.';
  if (secret !== undefined && Buffer.byteLength(secret) < 32) return 'identity.jwt.secret has at least 32 bytes (RFC 7518 §3.2).';
  if (typeof jwks === 'string' && !URL.canParse(jwks)) return 'identity.jwt.jwks is the address of a key set, or the set itself.';
  if (isObject(jwks) && !(jwks instanceof URL) && !Array.isArray((jwks as { keys?: unknown }).keys))
    return 'identity.jwt.jwks has no list "keys".';
  if (cookie !== undefined && !/^[\w!#$%&'*+.^`|~-]+$/.test(cookie)) return 'identity.jwt.cookie is the name of a cookie.';
  return or(user === undefined || typeof user === 'function', 'identity.jwt.user is a function from claims to a user.');
}

function proxyFault(proxies: unknown): string | undefined {
  if (!Array.isArray(proxies)) return 'trustProxy is a list of addresses.';
  try {
    new Addresses(proxies.map(String));
    return undefined;
  } catch (error) {
    return `trustProxy: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/**
 * Says at once what is wrong with options, before anything is opened.
 * @throws ConfigError with a sentence for each mistake
 */
export function checkOptions(options: SudaOptions): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const mistakes = given.map(([name, value]) =>
    Object.hasOwn(checks, name)
      ? (checks[name as keyof Checks] as (value: unknown) => string | undefined)(value)
      : `There is no option "${name}". There are: ${Object.keys(checks).join(', ')}.`,
  );
  if ((options.data === undefined) === (options.store === undefined))
    mistakes.push('Say where to keep things: either data, a folder, or store.');
  const sentences = mistakes.filter((mistake) => mistake !== undefined);
  if (sentences.length > 0) throw new ConfigError(sentences.join('\n'));
}
