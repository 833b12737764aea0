import { randomBytes } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits, SudaError } from '@suda/protocol';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Realtime } from '../../realtime.ts';
import { refuseUpgrade } from '../refuse-upgrade.ts';
import type { Admission } from '../websocket.ts';
import type { CarrierHost } from './carrier.ts';
import { Engine, type EngineHost } from './engine.ts';
import type { EngineUser } from './engine-user.ts';
import { frameOf } from './packets.ts';
import { PollingCarrier } from './polling.ts';
import { parseEngineQuery } from './query.ts';
import { fault, refusal } from './refusals.ts';
import { type Engines, handleRequest } from './requests.ts';
import { probe, receiveFrom } from './upgrade.ts';
import { WebSocketCarrier } from './websocket.ts';

export interface EngineOptions {
  /** Milliseconds from a pong to the next ping. */
  readonly pingInterval?: number;
  /** Milliseconds in which a ping must be answered. */
  readonly pingTimeout?: number;
  /** Milliseconds that an upgrade may take. */
  readonly upgradeTimeout?: number;
  /** What the ids of sessions begin with, so that they say which process they are of. Default nothing. */
  readonly idPrefix?: string;
  /** Largest body of a POST, and largest WebSocket frame, in bytes. */
  readonly maxPayload?: number;
  /** Which transports are served. Default both. */
  readonly transports?: readonly ('polling' | 'websocket')[];
  /** Which requests are served at all. Throws a `SudaError`. */
  readonly check?: (request: IncomingMessage) => void;
  /** Who may come in. Throws a `SudaError`. */
  readonly admit?: (request: IncomingMessage) => Admission | Promise<Admission>;
}

/** A client that does not answer a closing frame is waited for so many milliseconds. */
const CLOSE_TIMEOUT = 2_000;

/** An Engine.IO v4 server: sessions by their id, over whatever carries them. */
export class EngineServer implements Engines {
  readonly maxPayload: number;
  readonly #realtime: Realtime;
  readonly #options: EngineOptions;
  readonly #welcome: (engine: Engine) => EngineUser;
  readonly #engines = new Map<string, Engine>();
  #closed = false;
  readonly #websockets: WebSocketServer;
  readonly #host: EngineHost;

  /** @param welcome who speaks over a new session */
  constructor(realtime: Realtime, options: EngineOptions, welcome: (engine: Engine) => EngineUser) {
    this.#realtime = realtime;
    this.#options = options;
    this.#welcome = welcome;
    this.maxPayload = options.maxPayload ?? limits.payloadBytes;
    this.#host = {
      clock: realtime.clock,
      heartbeat: { interval: options.pingInterval ?? 25_000, timeout: options.pingTimeout ?? 20_000 },
      closed: ({ id }) => this.#engines.delete(id),
    };
    // Its types don't know `closeTimeout` yet.
    const settings: ServerOptions & { readonly closeTimeout: number } = {
      noServer: true,
      perMessageDeflate: false,
      clientTracking: false,
      maxPayload: this.maxPayload,
      closeTimeout: CLOSE_TIMEOUT,
    };
    this.#websockets = new WebSocketServer(settings);
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#engines.size;
  }

  /** One HTTP request under the path. @param headers what its answer carries beside ours */
  request(request: IncomingMessage, response: ServerResponse, headers: OutgoingHttpHeaders = {}): void {
    void handleRequest(this, request, response, this.#realtime.draining ? { ...headers, connection: 'close' } : headers);
  }

  check(request: IncomingMessage): void {
    this.#options.check?.(request);
  }

  find(sid: string): Engine | undefined {
    const engine = this.#engines.get(sid);
    return engine?.alive() ? engine : undefined;
  }

  #serves(transport: 'polling' | 'websocket'): boolean {
    return this.#options.transports?.includes(transport) ?? true;
  }

  async enter(request: IncomingMessage): Promise<Engine> {
    if (!this.#serves('polling')) throw fault('unknownTransport');
    return this.#open(await this.#admit(request), this.#serves('websocket') ? ['websocket'] : [], (host) => new PollingCarrier(host));
  }

  async #admit(request: IncomingMessage): Promise<Admission> {
    if (this.#realtime.draining) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
    const admission = (await this.#options.admit?.(request)) ?? { address: request.socket.remoteAddress ?? '' };
    // Closed while the door was asked: nobody would ever end what came in now.
    if (this.#closed) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
    return admission;
  }

  #open(admission: Admission, upgrades: readonly string[], carry: (host: CarrierHost) => PollingCarrier | WebSocketCarrier): Engine {
    // Whoever knows the id is the client: it can't be guessed.
    const engine = new Engine((this.#options.idPrefix ?? '') + randomBytes(15).toString('base64url'), admission, this.#host, carry);
    this.#engines.set(engine.id, engine);
    const { interval, timeout } = this.#host.heartbeat;
    const open = { sid: engine.id, upgrades, pingInterval: interval, pingTimeout: timeout, maxPayload: this.maxPayload };
    engine.write([frameOf({ type: 'open', data: JSON.stringify(open) })]);
    engine.use(this.#welcome(engine));
    return engine;
  }

  /** One upgrade under the path. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Whoever hangs up during the handshake must not take the process along.
    const ignore = (): void => void socket.destroy();
    socket.on('error', ignore);
    const accept = (welcome: (client: WebSocket) => void): void => {
      socket.removeListener('error', ignore);
      this.#websockets.handleUpgrade(request, socket, head, welcome);
    };
    try {
      this.check(request);
      const { transport, sid } = parseEngineQuery(request.url ?? '');
      if (transport !== 'websocket') throw fault('badRequest');
      if (!this.#serves(transport)) throw fault('unknownTransport');
      if (sid !== undefined) {
        const engine = this.find(sid);
        if (engine === undefined) throw fault('unknownSession');
        accept((client) => probe(engine, client, socket, this.#options.upgradeTimeout ?? 10_000));
        return;
      }
      const admission = await this.#admit(request);
      if (socket.destroyed) return;
      accept((client) => {
        receiveFrom(
          client,
          this.#open(admission, [], (host) => new WebSocketCarrier(client, socket, host)),
        );
      });
    } catch (error) {
      const { status, body } = refusal(error);
      refuseUpgrade(socket, status, body);
    }
  }

  /** Ends every session, and lets nobody in any more. */
  close(): void {
    this.#closed = true;
    for (const engine of [...this.#engines.values()]) engine.end('server closed');
  }
}
