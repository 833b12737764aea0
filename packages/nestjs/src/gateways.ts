import { Logger, type WsMessageHandler } from '@nestjs/common';
import { AbstractWsAdapter } from '@nestjs/websockets';
import { paths } from '@suda/protocol';
import { type DisconnectReason, type Namespace, Server, type ServerOptions, SOCKET_IO_PATH, type Socket } from '@suda/realtime';
import { AsyncSubject, defer, type Observable, takeUntil, tap } from 'rxjs';
import { answer, payloadOf } from './payload.ts';

export { Namespace, Server, Socket } from '@suda/realtime';
export { SudaErrorFilter } from './suda-error-filter.ts';

/** What stands in `@WebSocketGateway({ … })`: the settings of a `Server`. */
export interface GatewayOptions extends Omit<ServerOptions, 'cors'> {
  /** `true`: pages of any origin. */
  readonly cors?: ServerOptions['cors'] | boolean;
}

/** The same with what Nest adds for a gateway that has a namespace. */
export interface NamespaceOptions extends GatewayOptions {
  readonly namespace?: string | RegExp;
  /** The one that was made for this port and path. */
  readonly server?: Server;
}

/**
 * Serves the gateways of a Nest application to unmodified Socket.IO clients, native WebSockets, event streams and long polls. Gateways
 * written for `IoAdapter` of `@nestjs/platform-socket.io` stay as they are.
 * @example
 * app.useWebSocketAdapter(new SudaIoAdapter(app));
 */
export class SudaIoAdapter extends AbstractWsAdapter {
  protected readonly logger = new Logger(SudaIoAdapter.name);
  /** By port and path, since Nest tells apart a gateway that names the usual path and one that names none. */
  readonly #servers = new Map<string, Server>();
  readonly #ends = new WeakMap<Socket, AsyncSubject<DisconnectReason>>();

  /** Called by Nest for each port and path, and again with `server` for each namespace on it. @param port 0: the application's own */
  override create(port: number, options: NamespaceOptions = {}): Server | Namespace {
    const { namespace, server, ...own } = options;
    const io = server ?? this.createIOServer(port, own);
    return namespace === undefined || namespace === '' ? io : io.of(namespace);
  }

  /** For overriding: a subclass may add settings that hold for every gateway. */
  createIOServer(port: number, { cors, ...options }: GatewayOptions = {}): Server {
    const { path = SOCKET_IO_PATH } = options;
    const key = `${port}${path.replace(/\/*$/, '/')}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const settings: ServerOptions = {
      ...nativePaths(path),
      onError: (error, where) => this.logger.error(where, error),
      ...options,
      ...(typeof cors === 'object' ? { cors } : cors === true ? { cors: { origin: '*' } } : {}),
    };
    const io = new Server(this.#webOf(port) ?? port, settings);
    this.#servers.set(key, io);
    return io;
  }

  /** The HTTP server behind a port, if there is one already. */
  #webOf(port: number): Server['httpServer'] {
    if (port === 0) return this.httpServer;
    return [...this.#servers].find(([key]) => key.startsWith(`${port}/`))?.[1].httpServer;
  }

  /** Called by Nest for each client and gateway. */
  override bindMessageHandlers(
    socket: Socket,
    handlers: readonly WsMessageHandler[],
    transform: (data: unknown) => Observable<unknown>,
  ): void {
    const ended = this.#endOf(socket);
    for (const { message, callback, isAckHandledManually } of handlers) {
      socket.on(message, (...args: unknown[]) => {
        const { data, acknowledge } = payloadOf(args);
        const automatic = isAckHandledManually ? undefined : acknowledge;
        defer(() => transform(callback(data, acknowledge)))
          .pipe(
            tap((response) => answer(socket, response, automatic)),
            // A stream of answers ends with whom it is for.
            takeUntil(ended),
          )
          // Filters of the application have seen it before: this is an error in one of them.
          .subscribe({ error: (error: unknown) => this.logger.error(error) });
      });
    }
  }

  override bindClientDisconnect(client: Socket, callback: (reason: DisconnectReason) => void): void {
    this.#endOf(client).subscribe(callback);
  }

  /** One listener for each socket, however many gateways and handlers wait for its end. */
  #endOf(socket: Socket): Observable<DisconnectReason> {
    const known = this.#ends.get(socket);
    if (known !== undefined) return known;
    const ended = new AsyncSubject<DisconnectReason>();
    this.#ends.set(socket, ended);
    socket.once('disconnect', (reason: DisconnectReason) => {
      ended.next(reason);
      ended.complete();
    });
    return ended;
  }

  /** Called by Nest when the application closes. The application's own HTTP server is left to it; a namespace goes with its server. */
  override async close(server: Server | Namespace): Promise<void> {
    if (!(server instanceof Server)) return;
    if (server.httpServer === this.httpServer) server.detach();
    else await super.close(server);
  }
}

/** Where native clients find it: beside Socket.IO's. `/live` and `/live/socket.io` have `/live/v1/ws`, the usual path has `/v1/ws`. */
function nativePaths(path: string): Required<Pick<ServerOptions, 'websocket' | 'events' | 'poll'>> {
  const mount = path.replace(/\/+$/, '').replace(/(^|\/)socket\.io$/, '');
  return { websocket: mount + paths.websocket, events: mount + paths.events, poll: mount + paths.poll };
}
