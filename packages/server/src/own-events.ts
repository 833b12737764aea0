import type { IncomingMessage } from 'node:http';
import { SudaError, type UserId } from '@suda/protocol';
import { type Connect, ConnectRefusal, type Encoding, encodingOf, Server as IoServer, type Realtime, type Socket } from '@suda/realtime';

/** What a session has besides the chat: its socket, whose id is the session's. */
export interface Own {
  readonly socket?: Socket;
  readonly id?: string;
}

const chatAlone = encodingOf('/');

/**
 * An application's own events (PROTOCOL §10) over the connections of the chat: each session is a socket as well. Costs nothing before
 * somebody asks for `io`.
 */
export class OwnEvents {
  readonly #realtime: Realtime;
  #io: IoServer | undefined;

  constructor(realtime: Realtime) {
    this.#realtime = realtime;
  }

  /** Sockets of those who come from now on. */
  get io(): IoServer {
    this.#io ??= new IoServer({ realtime: this.#realtime });
    return this.#io;
  }

  /** Whether anybody has asked for `io`. */
  get used(): boolean {
    return this.#io !== undefined;
  }

  /** How the events of a namespace are written; undefined where there is none. The chat is in `/`. */
  async find({ namespace, auth }: Connect): Promise<Encoding | undefined> {
    if (this.#io === undefined) return namespace === '/' ? chatAlone : undefined;
    return (await this.#io.find(namespace, auth))?.encoding;
  }

  /** What middlewares of HTTP have to say to a handshake (`io.engine.use`). Rejects with a `SudaError` */
  async shake(request: IncomingMessage): Promise<void> {
    await this.#io?.shake(request);
  }

  /** A client of Socket.IO comes into a namespace. Rejects with a `ConnectRefusal` */
  async enter(
    { namespace, auth, engine }: Connect,
    request: IncomingMessage | undefined,
    address: string,
    user: UserId | undefined,
  ): Promise<Own> {
    // It began before anybody wanted sockets.
    if (this.#io === undefined || request === undefined) return {};
    return this.#own(await this.#io.enter(namespace, { request, address, auth, engine }, { user }));
  }

  /** A native client comes: into `/`, or where `?namespace=` says. Rejects with a `SudaError` */
  async enterNative(request: IncomingMessage, address: string, user: UserId | undefined): Promise<Own> {
    if (this.#io === undefined) return {};
    const namespace = new URLSearchParams((request.url ?? '').split('?', 2)[1] ?? '').get('namespace') ?? '/';
    try {
      return this.#own(await this.#io.enter(namespace, { request, address, auth: {} }, { user }));
    } catch (error) {
      throw error instanceof ConnectRefusal ? new SudaError('not_allowed', error.message) : error;
    }
  }

  #own(socket: Socket): Own {
    return { socket, id: socket.id };
  }
}
