import { EventEmitter } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { SudaError } from '@suda/protocol';
import { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import { allowsOrigin } from '../transports/socketio/cors.ts';
import type { Engine } from '../transports/socketio/engine.ts';
import type { EngineServer } from '../transports/socketio/engine-server.ts';
import { ConnectRefusal } from '../transports/socketio/namespaces.ts';
import { randomId, SOCKET_IO_PATH, type SocketIoOptions, socketIoServer } from '../transports/socketio/socketio.ts';
import type { Admission } from '../transports/websocket.ts';
import { BroadcastOperator } from './broadcast.ts';
import { Conn } from './conn.ts';
import { EngineView } from './engine-view.ts';
import type { DefaultEventsMap, EventsMap } from './event-types.ts';
import { Everyone } from './everyone.ts';
import { queryOf } from './handshake.ts';
import { HttpMiddlewares } from './http-middlewares.ts';
import type { Next } from './middleware.ts';
import type { Namespace, NamespaceReservedEvents, Newcomer } from './namespace.ts';
import { type NamespaceMatch, Namespaces } from './namespaces.ts';
import { type ServerOptions, warnOfUnknown } from './options.ts';
import { disconnectReasonOf } from './reasons.ts';
import { sameOrigin } from './same-origin.ts';
import { Socket } from './socket.ts';
import { attachDoors, MAX_PAYLOAD, type Web } from './web.ts';

// biome-ignore lint/suspicious/noExplicitAny: what an application keeps at its sockets is its own.
type Any = any;

/**
 * An application's own events, to whatever clients it has: unmodified Socket.IO clients, native WebSockets, `EventSource`, long polls.
 * The interface is that of Socket.IO's server (v4), so that code written for it runs after its import was changed.
 *
 * Events are at most once, in order; what must not be lost belongs in a room of the chat (`createSuda` of `@suda/server`).
 */
export class Server<
  L extends EventsMap = DefaultEventsMap,
  E extends EventsMap = L,
  V extends EventsMap = DefaultEventsMap,
  D = Any,
> extends Everyone<E, Socket<L, E, V, D>> {
  /** The namespace `/`. */
  readonly sockets: Namespace<L, E, V, D>;
  readonly realtime: Realtime;
  /** The server that it is attached to. */
  httpServer: Web | undefined;
  #options: ServerOptions;
  readonly #namespaces: Namespaces<L, E, V, D>;
  readonly #http = new HttpMiddlewares();
  #engines: EngineServer | undefined;
  /** The part of Socket.IO's engine that programs use. */
  readonly engine = new EngineView(
    this.#http,
    () => this.#engines?.size ?? 0,
    () => this.#options,
  );
  readonly #conns = new WeakMap<Engine, Conn>();
  readonly #detach: (() => void)[] = [];

  /**
   * @param where an HTTP server to attach to, a port to listen on, or the options: then `attach` or `listen` comes later
   * @param options see `ServerOptions`
   */
  constructor(where?: Web | number | string | ServerOptions, options?: ServerOptions) {
    super();
    if (typeof where === 'function') throw new TypeError('An Express application is no server: attach to createServer(app).');
    const isOptions = typeof where === 'object' && !('listen' in where);
    this.#options = { ...(isOptions ? where : {}), ...options };
    warnOfUnknown(this.#options);
    const { maxHttpBufferSize = MAX_PAYLOAD, onError, realtime } = this.#options;
    // What may come may also be passed on.
    const { maxBuffered = Math.max(16 * 1024 * 1024, 2 * maxHttpBufferSize) } = this.#options;
    this.realtime = realtime ?? new Realtime({ maxBuffered, ...(onError === undefined ? {} : { onError }) });
    this.#namespaces = new Namespaces(this, this.realtime, (namespace) =>
      EventEmitter.prototype.emit.call(this, 'new_namespace', namespace),
    );
    this.sockets = this.#namespaces.of('/');
    this.realtime.on('connection', (session) => this.#welcome(session));
    if (where !== undefined && !isOptions) this.attach(where as Web | number | string);
  }

  #makeEngines(): EngineServer {
    const { pingInterval, pingTimeout, upgradeTimeout, connectTimeout, transports, maxHttpBufferSize = MAX_PAYLOAD } = this.#options;
    return socketIoServer(this.realtime, {
      ...(pingInterval === undefined ? {} : { pingInterval }),
      ...(pingTimeout === undefined ? {} : { pingTimeout }),
      ...(upgradeTimeout === undefined ? {} : { upgradeTimeout }),
      ...(connectTimeout === undefined ? {} : { connectTimeout }),
      ...(transports === undefined ? {} : { transports }),
      maxPayload: maxHttpBufferSize,
      ...this.doors(),
    });
  }

  /** What a Socket.IO server asks of this one, where somebody else attaches it. The handshake's `data` is its request. */
  doors(): Required<Pick<SocketIoOptions, 'check' | 'admit' | 'namespaces' | 'connect' | 'newId'>> {
    return {
      check: (request) => this.#checkOrigin(request),
      admit: (request) => this.#admit(request),
      namespaces: async ({ namespace, auth }) => (await this.#namespaces.find(namespace, auth))?.encoding,
      connect: ({ namespace, auth, admission, engine }) =>
        this.enter(namespace, { request: admission.data as IncomingMessage, address: admission.address, auth, engine }),
      newId: (_connect, socket) => (socket instanceof Socket ? socket.id : randomId()),
    };
  }

  /** The one of an engine, made when somebody wants it. */
  #connOf(engine: Engine, request: IncomingMessage): Conn {
    const known = this.#conns.get(engine);
    if (known) return known;
    const conn = new Conn({
      id: engine.id,
      remoteAddress: engine.admission.address,
      request,
      transport: () => (engine.state.at === 'websocket' ? 'websocket' : 'polling'),
      isOpen: () => engine.open,
      close: () => engine.close('hung up'),
    });
    engine.listen({
      upgraded: () => conn.emit('upgrade', conn.transport),
      ended: (reason) => conn.emit('close', disconnectReasonOf(reason)),
    });
    this.#conns.set(engine, conn);
    return conn;
  }

  /**
   * Asks the namespace's middlewares about a newcomer. For whoever attaches the transports: the session's `data` is then the socket,
   * or has it as `socket`, and its id is the socket's.
   * @param data what the socket's `data` is at first
   * @returns rejects with a `ConnectRefusal`
   */
  async enter(name: string, newcomer: Newcomer, data: Partial<D> = {}): Promise<Socket<L, E, V, D>> {
    const namespace = await this.#namespaces.find(name, newcomer.auth);
    if (namespace === undefined) throw new ConnectRefusal('Invalid namespace', undefined);
    const { engine, request } = newcomer;
    return namespace.enter(newcomer, data, engine && (() => this.#connOf(engine, request)));
  }

  /** @returns the namespace of this name, if there is one, or one that a pattern makes */
  find(name: string, auth: unknown): Promise<Namespace<L, E, V, D> | undefined> {
    return this.#namespaces.find(name, auth);
  }

  #welcome(session: Session): void {
    const data = session.data as Socket<L, E, V, D> | { readonly socket?: Socket<L, E, V, D> } | undefined;
    const socket = data instanceof Socket ? data : data?.socket;
    if (socket && this.#namespaces.has(socket.nsp)) socket.nsp.welcome(session, socket);
  }

  /** Shows a handshake to the middlewares of `engine.use`. Rejects with a `SudaError` when one of them refuses it. */
  shake(request: IncomingMessage): Promise<void> {
    return this.#http.run(request);
  }

  #addressOf(request: IncomingMessage): string {
    return this.#options.address?.(request) ?? request.socket.remoteAddress ?? '';
  }

  #checkOrigin(request: IncomingMessage): void {
    const { origin } = request.headers;
    if (origin === undefined || sameOrigin(request) || allowsOrigin(this.#options.cors?.origin, origin)) return;
    throw new SudaError('origin_refused');
  }

  async #admit(request: IncomingMessage): Promise<Admission> {
    const { allowRequest } = this.#options;
    if (allowRequest !== undefined) {
      await new Promise<void>((resolve, reject) => {
        const answer = (error: string | null | undefined, allowed: boolean): void =>
          allowed ? resolve() : reject(new SudaError('not_allowed', error ?? 'Forbidden'));
        Promise.resolve()
          .then(() => allowRequest(request, answer))
          .catch(reject);
      });
    }
    // Where programs of Socket.IO look for it.
    Object.assign(request, { _query: queryOf(request.url ?? '') });
    await this.shake(request);
    return { address: this.#addressOf(request), data: request };
  }

  /** A native client: `?namespace=/admin` brings it into another namespace than `/`. */
  async #admitNative(request: IncomingMessage): Promise<Admission> {
    this.#checkOrigin(request);
    const { address } = await this.#admit(request);
    const name = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('namespace') ?? '/';
    try {
      const socket = await this.enter(name, { request, address, auth: {} });
      return { address, data: socket, id: socket.id };
    } catch (error) {
      throw error instanceof ConnectRefusal ? new SudaError('not_allowed', error.message) : error;
    }
  }

  /** @param server an HTTP server, or a port to listen on  @param options beside those of the constructor */
  attach(server: Web | number | string, options: ServerOptions = {}): this {
    warnOfUnknown(options);
    this.#options = { ...this.#options, ...options };
    if (this.#options.realtime === undefined) this.#engines ??= this.#makeEngines();
    const web =
      typeof server === 'object' ? server : createServer((_request, response) => response.writeHead(404).end()).listen(Number(server));
    this.httpServer = web;
    this.#detach.push(
      attachDoors(web, {
        realtime: this.realtime,
        options: this.#options,
        path: `${this.path()}/`,
        engines: this.#engines,
        admit: (request) => this.#admitNative(request),
      }),
    );
    return this;
  }

  /** The same as `attach`. */
  listen(server: Web | number | string, options?: ServerOptions): this {
    return this.attach(server, options);
  }

  /** Where Socket.IO's clients look. */
  path(): string {
    const { path = SOCKET_IO_PATH } = this.#options;
    return path.replace(/\/$/, '');
  }

  /**
   * A namespace: of this name, or all whose names fit a pattern or a function.
   * @param listener hears its connections
   */
  of(match: NamespaceMatch, listener?: (socket: Socket<L, E, V, D>) => void): Namespace<L, E, V, D> {
    const namespace = this.#namespaces.of(match);
    if (listener) namespace.on('connection', listener);
    return namespace;
  }

  /** Sends everyone away, and takes nothing more from the HTTP server, which goes on with its own. For whoever closes that themselves. */
  detach(): void {
    this.realtime.close();
    this.#engines?.close();
    for (const detach of this.#detach.splice(0)) detach();
  }

  /** Sends everyone away and closes the HTTP server. */
  async close(done?: (error?: Error) => void): Promise<void> {
    this.detach();
    const web = this.httpServer;
    const error = await new Promise<Error | undefined>((resolve) => {
      if (web === undefined) resolve(undefined);
      else {
        web.close(resolve);
        web.closeIdleConnections();
      }
    });
    done?.(error);
    if (error && !done && (error as NodeJS.ErrnoException).code !== 'ERR_SERVER_NOT_RUNNING') throw error;
  }

  // What follows is that of the namespace `/`.

  use(run: (socket: Socket<L, E, V, D>, next: Next) => void): this {
    this.sockets.use(run);
    return this;
  }

  override on<N extends keyof NamespaceReservedEvents<L, E, V, D> & string>(
    event: N,
    listener: NamespaceReservedEvents<L, E, V, D>[N],
  ): this;
  override on(event: 'new_namespace', listener: (namespace: Namespace<L, E, V, D>) => void): this;
  override on(event: string, listener: (...args: Any[]) => void): this {
    if (event === 'new_namespace') super.on(event, listener);
    else this.sockets.on(event as 'connection', listener);
    return this;
  }

  override once<N extends keyof NamespaceReservedEvents<L, E, V, D> & string>(
    event: N,
    listener: NamespaceReservedEvents<L, E, V, D>[N],
  ): this {
    this.sockets.once(event, listener);
    return this;
  }

  override off(event: string, listener: (...args: Any[]) => void): this {
    if (event === 'new_namespace') super.off(event, listener);
    else this.sockets.off(event, listener);
    return this;
  }

  override removeListener(event: string, listener: (...args: Any[]) => void): this {
    return this.off(event, listener);
  }

  override removeAllListeners(event?: string): this {
    super.removeAllListeners(event);
    this.sockets.removeAllListeners(event);
    return this;
  }

  protected all(): BroadcastOperator<E, Socket<L, E, V, D>> {
    return new BroadcastOperator(this.sockets);
  }
}
