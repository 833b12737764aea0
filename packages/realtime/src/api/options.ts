import type { IncomingMessage } from 'node:http';
import type { Realtime } from '../realtime.ts';
import type { CorsOptions } from '../transports/socketio/cors.ts';

/** Settings of a `Server`. Those of Socket.IO have its names. */
export interface ServerOptions {
  /** Where Socket.IO's clients look. Default `/socket.io/`. */
  readonly path?: string;
  /** Where native WebSockets speak the frames of PROTOCOL §5. Default `/v1/ws`; false: nowhere. */
  readonly websocket?: string | false;
  /** Where `EventSource` listens. Default `/v1/events`; false: nowhere. */
  readonly events?: string | false;
  /** Where long polls listen. Default `/v1/poll`; false: nowhere. */
  readonly poll?: string | false;
  /** Where WebSockets without any envelope are served: each frame is the event `message`. Default: nowhere. */
  readonly plain?: string | false;
  /** How Socket.IO's clients may travel. Default both. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /** Whether `/socket.io/socket.io.js` is the browser's client. Default true. */
  readonly serveClient?: boolean;
  /** Other origins whose pages may use it. Default none: that of the server itself may. */
  readonly cors?: CorsOptions;
  /** Whether a request may come in at all. Calls back with an error's text, or whether it may. */
  readonly allowRequest?: (request: IncomingMessage, callback: (error: string | null | undefined, allowed: boolean) => void) => void;
  /** The client's address. Default: the other end of the connection. Whoever stands behind a proxy says here which header is to be believed. */
  readonly address?: (request: IncomingMessage) => string;
  /** Milliseconds between heartbeats of Socket.IO's clients. Default 25 s. */
  readonly pingInterval?: number;
  /** Milliseconds in which one must be answered. Default 20 s. */
  readonly pingTimeout?: number;
  /** Milliseconds that an upgrade from polling to a WebSocket may take. Default 10 s. */
  readonly upgradeTimeout?: number;
  /** Milliseconds in which a client must come into a namespace. Default 45 s. */
  readonly connectTimeout?: number;
  /** Largest message in bytes. Default 1 MB. */
  readonly maxHttpBufferSize?: number;
  /** Bytes that may wait for one client; who falls further behind is sent away. Default 16 MiB, and twice `maxHttpBufferSize` at least. */
  readonly maxBuffered?: number;
  /** Errors that nobody else can be told, such as those that a listener throws. Default: `console.error`. */
  readonly onError?: (error: unknown, where: string) => void;
  /** A hub that is there already. Its owner attaches the transports. */
  readonly realtime?: Realtime;
}

const known: ReadonlySet<string> = new Set([
  'path',
  'websocket',
  'events',
  'poll',
  'plain',
  'transports',
  'serveClient',
  'cors',
  'allowRequest',
  'address',
  'pingInterval',
  'pingTimeout',
  'upgradeTimeout',
  'connectTimeout',
  'maxHttpBufferSize',
  'maxBuffered',
  'onError',
  'realtime',
]);

/** What Socket.IO has and Suda does not need, or does otherwise; the reason stands in docs/from-socket-io.md. */
const elsewhere: Readonly<Record<string, string>> = {
  adapter: 'rooms are the hub’s own',
  parser: 'the official parser is used',
  connectionStateRecovery: 'messages that must not be lost go through rooms of the chat, which resume by cursor',
  allowEIO3: 'clients of Socket.IO v3 and later are served',
  cookie: 'no transport needs one',
  perMessageDeflate: 'nothing is compressed',
  httpCompression: 'nothing is compressed',
  allowUpgrades: 'clients choose',
  wsEngine: 'ws is used',
  destroyUpgrade: 'upgrades of other paths are left to others',
  destroyUpgradeTimeout: 'upgrades of other paths are left to others',
  addTrailingSlash: 'both are served',
  cleanupEmptyChildNamespaces: 'those that a pattern made are forgotten when nobody was in them for a minute',
};

/** Says, once, which settings have no effect. */
export function warnOfUnknown(options: ServerOptions): void {
  for (const name of Object.keys(options)) {
    if (known.has(name)) continue;
    process.emitWarning(`The option "${name}" has no effect: ${elsewhere[name] ?? 'there is no such option'}.`, { code: 'SUDA_OPTION' });
  }
}
