import { SudaError } from '@suda/protocol';
import { Decoder, type Packet, PacketType } from 'socket.io-parser';
import type { Encoding } from '../../connection.ts';
import type { Realtime } from '../../realtime.ts';
import type { Admission } from '../websocket.ts';
import { framesOf } from './encoding.ts';
import type { Engine } from './engine.ts';
import type { EngineUser } from './engine-user.ts';
import { NamespaceSocket } from './namespace-socket.ts';

/** A client asks to come into a namespace. */
export interface Connect {
  readonly namespace: string;
  /** What it sent along: `io(url, { auth })`. As it came: whoever uses it parses it. */
  readonly auth: unknown;
  /** What the door found out from the handshake. */
  readonly admission: Admission;
  /** What it came over; its namespaces share it. */
  readonly engine: Engine;
}

/** What the namespaces of all clients have in common. */
export interface NamespacesHost {
  readonly realtime: Realtime;
  /** @returns how the events of this namespace are written, if there is one. Throws like `connect` */
  find(connect: Connect): Encoding | undefined | Promise<Encoding | undefined>;
  /** A client that is in no namespace for so many milliseconds after its handshake is sent away. */
  readonly connectTimeout: number;
  /** @param data what `connect` gave */
  newId(connect: Connect, data: unknown): string;
  /** @returns what the session shall know. Throws a `SudaError`, which the client gets as CONNECT_ERROR */
  connect(connect: Connect): unknown;
}

/** A refusal in an application's own words: CONNECT_ERROR as it stands. */
export class ConnectRefusal extends Error {
  readonly data: unknown;

  constructor(message: string, data: unknown) {
    super(message);
    this.data = data;
  }
}

/** A client asks to come into a namespace, and has no answer yet. */
interface Attempt {
  readonly namespace: string;
}

/** Of one client. Names may be the clients' to choose, and each costs a session. */
const MOST_NAMESPACES = 100;

/** The namespaces that one client is in (Socket.IO v5): an engine's packets, sorted by where they belong. */
export class Namespaces implements EngineUser {
  readonly #engine: Engine;
  readonly #host: NamespacesHost;
  readonly #decoder = new Decoder({ maxAttachments: 10 });
  /** An attempt while the door is asked. */
  readonly #sockets = new Map<string, NamespaceSocket | Attempt>();
  readonly #stopWaiting: () => void;

  constructor(engine: Engine, host: NamespacesHost) {
    this.#engine = engine;
    this.#host = host;
    this.#decoder.on('decoded', (packet: Packet) => this.#take(packet));
    this.#stopWaiting = engine.clock.after(host.connectTimeout, () => {
      if (this.#sockets.size === 0) engine.close('no CONNECT');
    });
  }

  message(data: string | Buffer): void {
    this.#decoder.add(data);
  }

  #take(packet: Packet): void {
    const { type, nsp } = packet;
    const socket = this.#sockets.get(nsp);
    if (type === PacketType.CONNECT) {
      if (socket !== undefined) throw new Error('a second CONNECT');
      if (this.#sockets.size >= MOST_NAMESPACES) throw new Error('too many namespaces');
      void this.#enter(nsp, packet.data);
    } else if (type === PacketType.DISCONNECT) {
      this.#sockets.delete(nsp);
      if (socket instanceof NamespaceSocket) socket.ended('left');
    } else if (type === PacketType.EVENT || type === PacketType.ACK) {
      // What was under way when the namespace was left is nobody's; the transport stays open.
      if (socket instanceof NamespaceSocket) socket.receive(this.#host.realtime, packet);
    } else {
      throw new Error('a packet that only a server sends');
    }
  }

  async #enter(namespace: string, auth: unknown): Promise<void> {
    const { realtime, newId } = this.#host;
    const asked: Connect = { namespace, auth: auth ?? {}, admission: this.#engine.admission, engine: this.#engine };
    // Of its own: who leaves and comes again meanwhile must not be taken for this one.
    const attempt: Attempt = { namespace };
    this.#sockets.set(namespace, attempt);
    let encoding: Encoding | undefined;
    let data: unknown;
    try {
      if (realtime.draining) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
      encoding = await this.#host.find(asked);
      if (encoding === undefined) throw new ConnectRefusal('Invalid namespace', undefined);
      data = await this.#host.connect(asked);
    } catch (error) {
      if (this.#sockets.get(namespace) !== attempt) return;
      this.#sockets.delete(namespace);
      this.#refuseFor(namespace, error);
      return;
    }
    // It left again, or is gone, while the door was asked.
    if (this.#sockets.get(namespace) !== attempt || !this.#engine.open) return;
    this.#stopWaiting();
    const socket = new NamespaceSocket(
      namespace,
      encoding,
      this.#engine,
      () => this.#sockets.delete(namespace),
      () => this.#hangUp(),
    );
    this.#sockets.set(namespace, socket);
    try {
      socket.begin(realtime, newId(asked, data), data);
    } catch (error) {
      realtime.report(error, 'a client came');
    }
  }

  #refuseFor(namespace: string, error: unknown): void {
    if (error instanceof ConnectRefusal) {
      const { message, data } = error;
      this.#refuse(namespace, data === undefined ? { message } : { message, data });
      return;
    }
    if (!(error instanceof SudaError)) this.#host.realtime.report(error, 'letting a client in');
    const wire = (error instanceof SudaError ? error : new SudaError('internal')).toWire();
    // Clients come back from a lost connection by themselves, and never from a refusal.
    if (wire.retry) this.#engine.close(wire.code);
    else this.#refuse(namespace, { message: wire.message, data: wire });
  }

  /** Every namespace hears that the server ended it, and that it shall not come back by itself; then the connection goes. */
  #hangUp(): void {
    for (const socket of [...this.#sockets.values()]) if (socket instanceof NamespaceSocket) socket.sendAway();
    this.#engine.close('hung up');
  }

  #refuse(nsp: string, data: unknown): void {
    this.#engine.write(framesOf({ type: PacketType.CONNECT_ERROR, nsp, data }));
  }

  ended(reason: string): void {
    this.#stopWaiting();
    this.#decoder.destroy();
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    for (const socket of sockets) if (socket instanceof NamespaceSocket) socket.ended(reason);
  }
}
