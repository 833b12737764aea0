import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type CloseName, closeCodes, limits, parseClientFrame, paths, SUBPROTOCOL, SudaError } from '@suda/protocol';
import { type RawData, type ServerOptions, WebSocket, WebSocketServer } from 'ws';
import type { Connection, Encoding } from '../connection.ts';
import type { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import { oneOf } from '../words.ts';
import { intercept } from './intercept.ts';
import { join } from './join.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { pingFrame, textFrame } from './websocket-frame.ts';

/** Whom the door lets in, and what the session shall know. */
export interface Admission {
  readonly address: string;
  readonly data?: unknown;
  /** The session's id, where it has one already. */
  readonly id?: string;
}

export interface WebSocketOptions {
  /** Default `/v1/ws`. */
  readonly path?: string;
  /** Largest inbound frame, in bytes. */
  readonly maxPayload?: number;
  /** Who may come in. Throws a `SudaError`, whose status and body the handshake is then refused with. */
  readonly admit?: (request: IncomingMessage) => Admission | Promise<Admission>;
  /** What is spoken over it. Default: the frames of PROTOCOL §5. */
  readonly speech?: Speech;
}

/** What is spoken over a WebSocket: how things are written down, and how what comes is read. */
export interface Speech {
  readonly encoding: Encoding;
  /** @returns which of the offered subprotocols is spoken (RFC 6455 §1.9); undefined: none of them */
  choose(offered: ReadonlySet<string>): string | undefined;
  hear(realtime: Realtime, session: Session, data: Buffer, binary: boolean): void;
}

/** A client that does not answer a closing frame is waited for so many milliseconds: a server that stops waits for all of them. */
const CLOSE_TIMEOUT = 2_000;

/** JSON text frames: PROTOCOL §5. */
export const websocketEncoding: Encoding = {
  name: 'websocket',
  asks: true,
  event: (name, json) => textFrame(`{"event":${JSON.stringify(name)},"data":${json}}`),
  words: ({ event, json, id }) =>
    textFrame(`{"event":${JSON.stringify(event)},"data":${oneOf(json)}${id === undefined ? '' : `,"id":${id}`}}`),
  reply: (id, json) => textFrame(`{"reply":${JSON.stringify(id)},"data":${json}}`),
  refusal: (id, error) => textFrame(`{"reply":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`),
};

const suda: Speech = {
  encoding: websocketEncoding,
  choose: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : undefined),
  hear(realtime, session, data, binary) {
    if (binary) {
      session.close('unsupportedData');
      return;
    }
    const frame = parseClientFrame(data.toString());
    if (frame === undefined) {
      session.heardAt = realtime.clock.now();
      session.refuse(undefined, new SudaError('malformed'));
    } else if ('reply' in frame) {
      session.heardAt = realtime.clock.now();
      if (typeof frame.reply === 'number') session.listener?.acknowledged(frame.reply, frame.data === undefined ? [] : [frame.data]);
    } else {
      realtime.receive(session, frame);
    }
  },
};

/** A `ws` socket that knows its session. Kept on the socket: a closure for each listener of each connection would cost memory. */
interface Client extends WebSocket {
  suda?: { readonly realtime: Realtime; readonly session: Session; readonly speech: Speech };
}

/**
 * `ws` does the handshake, parses what comes and answers pings and closes. What goes out is written to the socket itself, as frames
 * that were encoded once for everybody. The two don't mix within a frame: without compression `ws` writes each frame at once.
 */
class WebSocketConnection implements Connection {
  readonly transport = 'websocket';
  readonly encoding: Encoding;
  readonly #client: Client;
  readonly #socket: Duplex;

  constructor(client: Client, socket: Duplex, encoding: Encoding) {
    this.encoding = encoding;
    this.#client = client;
    this.#socket = socket;
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.#client.readyState !== WebSocket.OPEN || this.#socket.destroyed) return false;
    return this.#socket.write(join(chunks));
  }

  onDrain(run: () => void): void {
    if (!this.#socket.writableNeedDrain) setImmediate(run);
    else this.#socket.once('drain', run);
  }

  pause(paused: boolean): void {
    if (this.#client.readyState !== WebSocket.OPEN) return;
    if (paused) this.#client.pause();
    else this.#client.resume();
  }

  ping(): void {
    if (this.#client.readyState === WebSocket.OPEN && this.#socket.writableLength === 0) this.#socket.write(pingFrame);
  }

  close(name: CloseName): void {
    this.#client.close(closeCodes[name].code, name);
  }

  terminate(): void {
    this.#client.terminate();
  }
}

/** Takes upgrades (RFC 6455) whose path was looked at already. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Serves WebSocket clients, however their upgrades come here. */
export function websocketServer(realtime: Realtime, options: WebSocketOptions = {}): Upgrade {
  const { admit = (request) => ({ address: request.socket.remoteAddress ?? '' }), speech = suda } = options;
  // Its types don't know `closeTimeout` yet.
  const settings: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    perMessageDeflate: false,
    clientTracking: false,
    maxPayload: options.maxPayload ?? limits.payloadBytes,
    closeTimeout: CLOSE_TIMEOUT,
    handleProtocols: (offered) => speech.choose(offered) ?? false,
  };
  const websockets = new WebSocketServer(settings);

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Whoever hangs up during the handshake must not take the process along.
    const ignore = (): void => void socket.destroy();
    socket.on('error', ignore);
    try {
      if (realtime.draining) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
      const offered = request.headers['sec-websocket-protocol'];
      if (offered !== undefined && speech.choose(new Set(offered.split(',').map((name) => name.trim()))) === undefined) {
        throw new SudaError('invalid', `This server speaks the subprotocol ${SUBPROTOCOL}.`);
      }
      const admission = await admit(request);
      if (socket.destroyed) return;
      if (realtime.draining) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
      socket.removeListener('error', ignore);
      websockets.handleUpgrade(request, socket, head, (client: Client) => welcome(realtime, client, socket, admission, speech));
    } catch (error) {
      refuse(socket, error instanceof SudaError ? error : new SudaError('internal'));
    }
  };
  return (request, socket, head) => void upgrade(request, socket, head);
}

/**
 * Serves WebSocket clients on an HTTP server's `upgrade` (RFC 6455), sharing its port. Upgrades of other paths go where they went before.
 * @returns a function that stops listening for upgrades
 */
export function attachWebSocket(realtime: Realtime, server: Server, options: WebSocketOptions = {}): () => void {
  const { path = paths.websocket } = options;
  const upgrade = websocketServer(realtime, options);
  return intercept(server, { has: (url) => url.split('?', 1)[0] === path, upgrade });
}

const refuse = (socket: Duplex, error: SudaError): void => refuseUpgrade(socket, error.status, JSON.stringify({ error: error.toWire() }));

function welcome(realtime: Realtime, client: Client, socket: Duplex, { address, data, id }: Admission, speech: Speech): void {
  const session = realtime.accept(new WebSocketConnection(client, socket, speech.encoding), address, data, id);
  client.suda = { realtime, session, speech };
  client.on('message', onMessage);
  client.on('pong', onPong);
  client.on('close', onClose);
  client.on('error', onError);
}

function onMessage(this: Client, data: RawData, binary: boolean): void {
  if (this.suda === undefined) return;
  const { realtime, session, speech } = this.suda;
  speech.hear(realtime, session, data as Buffer, binary);
}

function onPong(this: Client): void {
  if (this.suda) this.suda.session.heardAt = this.suda.realtime.clock.now();
}

function onClose(this: Client, code: number): void {
  this.suda?.session.end(String(code));
}

/** A broken frame: `ws` has sent the close code and closes. */
function onError(this: Client): void {}
