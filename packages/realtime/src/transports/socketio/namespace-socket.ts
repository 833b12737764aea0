import { type CloseName, closeCodes, SudaError } from '@suda/protocol';
import { type Packet, PacketType } from 'socket.io-parser';
import type { Connection, Encoding } from '../../connection.ts';
import type { Realtime } from '../../realtime.ts';
import type { Session } from '../../session.ts';
import { framesOf } from './encoding.ts';
import type { Engine } from './engine.ts';

/** Takes an event with all its arguments, which may be binary. `ack` is there if the client waits for an acknowledgement. */
export type ArgumentsHandler = (args: unknown[], ack?: (...args: unknown[]) => void) => void;

interface Waiting {
  readonly resolve: (args: unknown[]) => void;
  readonly reject: (error: Error) => void;
  readonly cancel: () => void;
}

/**
 * One client's place in one namespace: a session's connection. Its commands and events are those of every transport. What only
 * Socket.IO has (several arguments, binary ones, acknowledgements from the client) is here.
 */
export class NamespaceSocket implements Connection {
  readonly transport = 'socketio';
  readonly namespace: string;
  readonly encoding: Encoding;
  /** What the client sent along with its CONNECT, as it came. */
  readonly auth: unknown;
  readonly #engine: Engine;
  readonly #leave: () => void;
  readonly #handlers = new Map<string, ArgumentsHandler>();
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #session: Session | undefined;

  constructor(namespace: string, encoding: Encoding, auth: unknown, engine: Engine, leave: () => void) {
    this.namespace = namespace;
    this.encoding = encoding;
    this.auth = auth;
    this.#engine = engine;
    this.#leave = leave;
  }

  /** Says CONNECT, and becomes a session of the hub. The session's id is the socket's. */
  begin(realtime: Realtime, id: string, data: unknown): Session {
    this.#engine.write(framesOf({ type: PacketType.CONNECT, nsp: this.namespace, data: { sid: id } }));
    this.#session = realtime.accept(this, this.#engine.admission.address, data, id);
    return this.#session;
  }

  /** Listens to an event with all its arguments. Events that nobody listens to here are commands. */
  on(event: string, handler: ArgumentsHandler): this {
    this.#handlers.set(event, handler);
    return this;
  }

  /** Says something with any arguments, which may be binary. */
  emit(event: string, ...args: unknown[]): void {
    this.#say({ type: PacketType.EVENT, nsp: this.namespace, data: [event, ...args] });
  }

  /**
   * Says something and waits for the client's acknowledgement.
   * @param within milliseconds
   * @returns what the client acknowledged with. Rejects when it didn't in time, or is gone
   */
  ask(within: number, event: string, ...args: unknown[]): Promise<unknown[]> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      const cancel = this.#engine.clock.after(within, () => {
        this.#waiting.delete(id);
        reject(new Error(`not acknowledged within ${within} ms`));
      });
      this.#waiting.set(id, { resolve, reject, cancel });
      if (this.#session?.open) this.#say({ type: PacketType.EVENT, nsp: this.namespace, data: [event, ...args], id });
      else this.#forget();
    });
  }

  #say(packet: Packet): void {
    this.#session?.enqueue(Buffer.concat(framesOf(packet)));
  }

  /** An EVENT or ACK of the client. Throws when it breaks the protocol. */
  receive(realtime: Realtime, { type, data, id }: Packet): void {
    const session = this.#session;
    if (session === undefined) return;
    if (id !== undefined && !Number.isSafeInteger(id)) throw new Error('no such acknowledgement id');
    if (type === PacketType.ACK) {
      this.#acknowledged(id, data);
      return;
    }
    if (!Array.isArray(data)) throw new Error('an event without a name');
    const [name, ...args] = data as [unknown, ...unknown[]];
    const event = String(name);
    const handler = this.#handlers.get(event);
    if (handler) {
      session.heardAt = realtime.clock.now();
      const ack = (...answer: unknown[]): void => this.#say({ type: PacketType.ACK, nsp: this.namespace, data: answer, id: Number(id) });
      try {
        handler(args, id === undefined ? undefined : ack);
      } catch (error) {
        realtime.report(error, `handling ${event}`);
      }
    } else if (args.length > 1) {
      session.refuse(id, new SudaError('invalid', 'A command takes one object.'), event);
    } else {
      realtime.receive(session, id === undefined ? { event, data: args[0] } : { event, data: args[0], id });
    }
  }

  #acknowledged(id: number | undefined, args: unknown): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    // One that came too late, or twice.
    if (id === undefined || waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.cancel();
    waiting.resolve(Array.isArray(args) ? args : []);
  }

  #forget(): void {
    for (const { cancel, reject } of this.#waiting.values()) {
      cancel();
      reject(new Error('the client is gone'));
    }
    this.#waiting.clear();
  }

  /** The client left the namespace, or is gone. */
  ended(reason: string): void {
    this.#engine.pause(this, false);
    this.#forget();
    this.#session?.end(reason);
  }

  get buffered(): number {
    return this.#engine.buffered;
  }

  get taken(): number {
    return this.#engine.taken;
  }

  write(chunks: readonly Uint8Array[]): void {
    this.#engine.write(chunks);
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
    this.#forget();
  }

  terminate(): void {
    this.#engine.end('terminated');
  }
}
