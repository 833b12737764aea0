import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UserId } from '@suda/protocol';

/** The first lines of a request or an answer, as they were on the wire. */
export interface Head {
  readonly line: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Of line and headers, with their line ends, before anything was blotted out. */
  readonly bytes: number;
}

/** How a connection began. */
export interface Handshake {
  readonly kind: 'request' | 'upgrade';
  /** When it came, in milliseconds. */
  readonly at: number;
  readonly request: Head;
  /** Not there until it was answered. */
  response?: Head;
  /** An event stream's first lines, in the chunks in which they left. */
  begins?: string;
}

/** What is remembered under a nonce: its first request, its latest, and its upgrade. */
interface Kept {
  readonly at: number;
  first?: Handshake;
  latest?: Handshake;
  upgrade?: Handshake;
  /** Ends of what is open under it now: while a Socket.IO session changes over, that is more than one thing. */
  readonly open: Set<() => void>;
}

/** However many look into the lab, and whatever they send along, it stays a few megabytes. */
const MOST = 200;
const LONGEST = 8_192;
/** Milliseconds that a handshake is remembered. */
const KEPT_FOR = 600_000;

const secret = new Set(['cookie', 'set-cookie', 'authorization', 'proxy-authorization']);
const blot = (name: string, value: string): string => (secret.has(name.toLowerCase()) ? `… (${value.length} bytes)` : value);

/** The nonce of a request that wants to be remembered: `lab=` in its query. */
export function nonceOf(url: string): string | undefined {
  // Nearly every request ends here, so that the lab costs those who don't use it one search in a short text.
  if (!url.includes('lab=')) return undefined;
  return /[?&]lab=([A-Za-z0-9_-]{8,64})(?:&|$)/.exec(url)?.[1];
}

/** @param line without its end  @param headers as they came */
function headOf(line: string, headers: readonly (readonly [string, string])[]): Head {
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, line.length + 4);
  return { line, bytes, headers: headers.map(([name, value]) => [name, blot(name, value)]) };
}

function requestHead({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): Head {
  const headers = rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1] ?? ''] as const] : []));
  return headOf(`${method} ${url} HTTP/${httpVersion}`, headers);
}

/** @param text an answer's head, until the empty line */
export function responseHead(text: string): Head {
  const [line = '', ...rest] = text.split('\r\n');
  return headOf(
    line,
    rest.map((row) => {
      const at = row.indexOf(':');
      return [row.slice(0, at), row.slice(at + 1).trim()];
    }),
  );
}

/** Of one nonce: its first request, its latest, and its upgrade. */
export function firstAndLast(all: readonly Handshake[]): Handshake[] {
  const inOrder = all.toSorted((a, b) => a.at - b.at);
  const requests = inOrder.filter(({ kind }) => kind === 'request');
  const upgrade = inOrder.findLast(({ kind }) => kind === 'upgrade');
  return [...requests.slice(0, 1), ...requests.slice(1).slice(-1), ...(upgrade === undefined ? [] : [upgrade])];
}

/** A part of a text that doesn't keep the whole of it in memory, as a slice does. */
const copyOf = (text: string, from: number, to: number): string => Buffer.from(text.slice(from, to), 'latin1').toString('latin1');

/** Reads along what is written to a socket, until the answer's head (and an event stream's first block) has left. */
function readAlong(socket: Duplex, done: (head: string, begins: string) => void): void {
  const write = socket.write;
  let text = '';
  const tap = (...args: Parameters<Duplex['write']>): boolean => {
    const chunk: unknown = args[0];
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    const streams = end > 0 && /\r\ncontent-type: text\/event-stream/i.test(text);
    if (text.length > LONGEST || (end > 0 && (!streams || text.includes('\n\n', end + 4)))) {
      if (socket.write === tap) socket.write = write;
      if (end > 0 && end <= LONGEST) done(copyOf(text, 0, end), streams ? copyOf(text, end + 4, end + 4 + LONGEST) : '');
    }
    return write.apply(socket, args);
  };
  socket.write = tap as Duplex['write'];
}

/**
 * What a page's script may not see, for the transport lab: the heads of the requests that carry `lab=NONCE`, each for the user who made
 * it alone, without cookies and tokens. Requests without a nonce leave nothing here.
 */
export class Handshakes {
  readonly #identify: (request: IncomingMessage) => Promise<UserId | undefined>;
  readonly #now: () => number;
  readonly #kept = new Map<string, Kept>();

  constructor(identify: (request: IncomingMessage) => Promise<UserId | undefined>, now: () => number) {
    this.#identify = identify;
    this.#now = now;
  }

  /** Looks at a request before it is answered. @param response for those that are no upgrade */
  watch(request: IncomingMessage, response?: ServerResponse): void {
    const nonce = nonceOf(request.url ?? '');
    if (nonce === undefined) return;
    const { socket } = request;
    const handshake: Handshake = {
      kind: response === undefined ? 'upgrade' : 'request',
      at: this.#now(),
      request: requestHead(request),
    };
    if (handshake.request.bytes > LONGEST) return;
    readAlong(socket, (head, begins) => {
      handshake.response = responseHead(head);
      if (begins !== '') handshake.begins = begins;
    });
    // A proxy's connection may carry somebody else's request next: what is cut is this answer, not what it came over.
    const cut = response === undefined ? () => socket.destroy() : () => response.destroy();
    this.#identify(request).then(
      (user) => {
        if (user !== undefined) this.#keep(user, nonce, handshake, cut, response ?? socket);
      },
      () => {},
    );
  }

  /** What began under this nonce; none when there is nothing of this user. */
  of(user: UserId, nonce: string): Handshake[] {
    const { first, latest, upgrade } = this.#kept.get(`${user} ${nonce}`) ?? {};
    return [first, latest, upgrade].filter((one) => one !== undefined);
  }

  /** Breaks the connection of this nonce, as a bad line would. @returns whether there was one */
  cut(user: UserId, nonce: string): boolean {
    const open = this.#kept.get(`${user} ${nonce}`)?.open ?? new Set();
    const any = open.size > 0;
    for (const cut of [...open]) cut();
    return any;
  }

  #keep(user: UserId, nonce: string, handshake: Handshake, cut: () => void, carrier: Duplex | ServerResponse): void {
    const key = `${user} ${nonce}`;
    const kept = this.#kept.get(key) ?? { at: this.#now(), open: new Set() };
    if (handshake.kind === 'upgrade') kept.upgrade = handshake;
    else if (kept.first === undefined) kept.first = handshake;
    else kept.latest = handshake;
    if (!carrier.destroyed) {
      kept.open.add(cut);
      carrier.once('close', () => kept.open.delete(cut));
    }
    this.#kept.set(key, kept);
    for (const [old, { at }] of this.#kept) {
      if (this.#kept.size <= MOST && this.#now() - at < KEPT_FOR) break;
      this.#kept.delete(old);
    }
  }
}
