import { type CloseName, closeCodes } from '@suda/protocol';
import { type Packet, PacketType } from 'socket.io-parser';
import type { Connection, Encoding } from '../../connection.ts';
import type { Realtime } from '../../realtime.ts';
import type { Session } from '../../session.ts';
import { framesOf } from './encoding.ts';
import type { Engine } from './engine.ts';

/** One client's place in one namespace: a session's connection. What it says and hears is what every transport carries. */
export class NamespaceSocket implements Connection {
  readonly transport = 'socketio';
  readonly namespace: string;
  readonly encoding: Encoding;
  readonly #engine: Engine;
  readonly #leave: () => void;
  readonly #hangUp: () => void;
  #session: Session | undefined;

  /** @param leave takes it out of its client's namespaces  @param hangUp ends all of them, and the connection */
  constructor(namespace: string, encoding: Encoding, engine: Engine, leave: () => void, hangUp: () => void) {
    this.namespace = namespace;
    this.encoding = encoding;
    this.#engine = engine;
    this.#leave = leave;
    this.#hangUp = hangUp;
  }

  /** Says CONNECT, and becomes a session of the hub. The session's id is the socket's. */
  begin(realtime: Realtime, id: string, data: unknown): Session {
    this.#engine.write(framesOf({ type: PacketType.CONNECT, nsp: this.namespace, data: { sid: id } }));
    return realtime.accept(this, this.#engine.admission.address, data, id);
  }

  accepted(session: Session): void {
    this.#session = session;
  }

  /** An EVENT or ACK of the client. Throws when it breaks the protocol. */
  receive(realtime: Realtime, { type, data, id }: Packet): void {
    const session = this.#session;
    if (session === undefined) return;
    if (id !== undefined && !Number.isSafeInteger(id)) throw new Error('no such acknowledgement id');
    if (!Array.isArray(data)) throw new Error('an event without a name');
    if (type === PacketType.ACK) {
      if (id !== undefined) session.listener?.acknowledged(id, data);
      return;
    }
    const [name, ...args] = data as [unknown, ...unknown[]];
    const frame = { event: String(name), data: args[0], args };
    realtime.receive(session, id === undefined ? frame : { ...frame, id });
  }

  /** The client left the namespace, or is gone. */
  ended(reason: string): void {
    this.#engine.pause(this, false);
    this.#session?.end(reason);
  }

  get buffered(): number {
    return this.#engine.buffered;
  }

  get taken(): number {
    return this.#engine.taken;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    return this.#engine.write(chunks);
  }

  onDrain(run: () => void): void {
    this.#engine.onDrain(run);
  }

  pause(paused: boolean): void {
    this.#engine.pause(this, paused);
  }

  /** Engine.IO has a heartbeat of its own. */
  ping(): void {}

  /** DISCONNECT where the client shall not come back as it is: it doesn't. Otherwise the connection ends: it does. */
  close(name: CloseName): void {
    this.#engine.pause(this, false);
    if (closeCodes[name].reconnect) {
      this.#engine.close(name);
      return;
    }
    this.#engine.write(framesOf({ type: PacketType.DISCONNECT, nsp: this.namespace }));
    this.#leave();
  }

  hangUp(): void {
    this.#hangUp();
  }

  /** Says DISCONNECT. */
  sendAway(): void {
    this.#session?.close('sessionEnded');
  }

  terminate(): void {
    this.#engine.end('terminated');
  }
}
