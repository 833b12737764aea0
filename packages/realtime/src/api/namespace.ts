import type { IncomingMessage } from 'node:http';
import type { Encoding } from '../connection.ts';
import type { EntryOptions } from '../entry.ts';
import type { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import { encodeBinaryOf, encodingOf } from '../transports/socketio/encoding.ts';
import type { Engine } from '../transports/socketio/engine.ts';
import { ConnectRefusal } from '../transports/socketio/namespaces.ts';
import { randomId } from '../transports/socketio/socketio.ts';
import { type EncodeBinary, Words } from '../words.ts';
import { Adapter } from './adapter.ts';
import { type Aim, type Broadcaster, BroadcastOperator, patienceOf } from './broadcast.ts';
import { callSafely } from './call.ts';
import type { Conn } from './conn.ts';
import type { DefaultEventsMap, EventsMap } from './event-types.ts';
import { Everyone } from './everyone.ts';
import { handshakeOf } from './handshake.ts';
import { Middleware, type Next } from './middleware.ts';
import { type Room, topicOfRoom } from './room.ts';
import type { Seat } from './seat.ts';
import type { Server } from './server.ts';
import { Socket } from './socket.ts';
import { Round } from './waiting.ts';

/** A client as a door found it. */
export interface Newcomer {
  readonly request: IncomingMessage;
  readonly address: string;
  /** What it sent along. */
  readonly auth: unknown;
  /** The connection that several namespaces share. */
  readonly engine?: Engine;
}

// biome-ignore lint/suspicious/noExplicitAny: what an application keeps at its sockets is its own.
type Any = any;

/** What a namespace itself says. */
export interface NamespaceReservedEvents<L extends EventsMap, E extends EventsMap, V extends EventsMap, D> {
  /** The same as `connection`. */
  connect: (socket: Socket<L, E, V, D>) => void;
  /** A client came in, past all middlewares. */
  connection: (socket: Socket<L, E, V, D>) => void;
}

/** One of an application's channels over the same connection: its own sockets, rooms and middlewares (Socket.IO v4 server API, "Namespace"). */
export class Namespace<L extends EventsMap = DefaultEventsMap, E extends EventsMap = L, V extends EventsMap = DefaultEventsMap, D = Any>
  extends Everyone<E, Socket<L, E, V, D>>
  implements Broadcaster<Socket<L, E, V, D>>
{
  readonly name: string;
  readonly server: Server<L, E, V, D>;
  readonly realtime: Realtime;
  /** How its events are written for Socket.IO's clients. */
  readonly encoding: Encoding;
  readonly sockets = new Map<string, Socket<L, E, V, D>>();
  readonly adapter = new Adapter();
  /** Whose pattern made it. */
  readonly parent: Namespace<L, E, V, D> | undefined;
  /** When it was made, or somebody came or went, in milliseconds. */
  usedAt: number;
  readonly #middleware: Middleware<Socket<L, E, V, D>>;
  readonly #topic: string;
  readonly #encodeBinary: EncodeBinary;
  readonly #children = new Map<string, Namespace<L, E, V, D>>();
  #watched: Set<Seat> | undefined;

  /** @param parent whose middlewares and listeners hold here too */
  constructor(server: Server<L, E, V, D>, realtime: Realtime, name: string, parent?: Namespace<L, E, V, D>) {
    super();
    this.server = server;
    this.realtime = realtime;
    this.name = name;
    this.encoding = encodingOf(name);
    this.#encodeBinary = encodeBinaryOf(name);
    this.parent = parent;
    this.usedAt = realtime.clock.now();
    this.#middleware = new Middleware(parent?.middlewares);
    // No name of a namespace or a room, which clients may choose, can be made to mean another one, or a room of the chat.
    this.#topic = `app:${name.length}:${name}`;
  }

  get middlewares(): readonly ((socket: Socket<L, E, V, D>, next: Next) => void)[] {
    return this.#middleware.functions;
  }

  /** Looks at every newcomer before it is let in. `next(error)` refuses it, with the error's message and `data`. */
  use(run: (socket: Socket<L, E, V, D>, next: Next) => void): this {
    this.#middleware.add(run);
    return this;
  }

  override on<N extends keyof NamespaceReservedEvents<L, E, V, D> & string>(
    event: N,
    listener: NamespaceReservedEvents<L, E, V, D>[N],
  ): this {
    return super.on(event, listener);
  }

  override once<N extends keyof NamespaceReservedEvents<L, E, V, D> & string>(
    event: N,
    listener: NamespaceReservedEvents<L, E, V, D>[N],
  ): this {
    return super.once(event, listener);
  }

  /** Speaks to this one too from now on. Called for namespaces that a pattern made. */
  adopt(child: Namespace<L, E, V, D>): void {
    this.#children.set(child.name, child);
  }

  disown(name: string): void {
    this.#children.delete(name);
  }

  /** An id for what a client is asked: one row of numbers for all, since a pattern's parent asks its children's clients too. */
  nextId(): number {
    return this.realtime.nextAsk();
  }

  /** What is to be said, written down now. @throws TypeError for what can't be said */
  words(event: string, args: readonly unknown[], options: EntryOptions & { readonly id?: number | undefined }): Words {
    return new Words(event, args, this.#encodeBinary, options);
  }

  /**
   * Asks the middlewares.
   * @param data what the socket's `data` is at first  @param connOf gives the connection that several namespaces share
   * @returns its socket, for `welcome`. Rejects with a `ConnectRefusal`
   */
  async enter({ request, address, auth }: Newcomer, data: Partial<D>, connOf?: () => Conn): Promise<Socket<L, E, V, D>> {
    const socket = new Socket<L, E, V, D>(this, randomId(), handshakeOf(request, address, auth), request, connOf);
    Object.assign(socket.data, data);
    try {
      await this.#middleware.run(socket);
    } catch (error) {
      const refused = error as Error & { data?: unknown };
      throw new ConnectRefusal(refused.message ?? String(error), refused.data);
    }
    return socket;
  }

  /** Its session has begun. */
  welcome(session: Session, socket: Socket<L, E, V, D>): void {
    this.sockets.set(socket.id, socket);
    this.usedAt = this.realtime.clock.now();
    this.#listen(session, this.#topic);
    this.adapter.enter(socket.id, socket.id);
    Socket.seatOf(socket).begin(session);
    const report = (error: unknown): void => this.realtime.report(error, `connection to ${this.name}`);
    for (const emitter of this.parent === undefined ? [this] : [this.parent, this]) {
      for (const event of ['connect', 'connection']) callSafely(emitter, event, [socket], report);
    }
  }

  /** Hears what is said from now on, and nothing that was said before. */
  #listen(session: Session, topic: string): void {
    session.join(topic).topic.skip(session);
  }

  /** A socket joins a room. Called by it. */
  enterRoom({ socket, session }: Seat, room: Room): void {
    if (session === undefined || !this.adapter.enter(socket.id, room)) return;
    if (room !== socket.id) this.#listen(session, topicOfRoom(this.#topic, room));
  }

  /** A socket leaves a room. Called by it. @param ending it is gone: what was said to the room is not for it any more */
  leaveRoom({ socket, session }: Seat, room: Room, ending = false): void {
    if (session === undefined || !this.adapter.leave(socket.id, room)) return;
    if (!ending) this.realtime.settle(session);
    if (room !== socket.id) session.leave(topicOfRoom(this.#topic, room));
  }

  leaveAll(seat: Seat, ending = false): void {
    for (const room of [...(this.adapter.socketRooms(seat.socket.id) ?? [])]) this.leaveRoom(seat, room, ending);
  }

  /** Somebody wants to hear what is said to this socket. Called by it. */
  watch(seat: Seat): void {
    this.#watched ??= new Set();
    this.#watched.add(seat);
  }

  /** A socket is gone. Called by it. */
  forget(seat: Seat): void {
    this.#watched?.delete(seat);
    this.adapter.forget(seat.socket.id);
    this.sockets.delete(seat.socket.id);
    this.usedAt = this.realtime.clock.now();
  }

  #idsIn(rooms: ReadonlySet<Room>): ReadonlySet<string> | undefined {
    if (rooms.size === 0) return undefined;
    const ids = new Set<string>();
    for (const room of rooms) {
      // The usual case: all but the one who speaks.
      if (this.sockets.has(room)) ids.add(room);
      for (const id of this.adapter.rooms.get(room) ?? []) ids.add(id);
    }
    return ids;
  }

  reached(aim: Aim): Socket<L, E, V, D>[] {
    const ids = aim.rooms.size === 0 ? new Set(this.sockets.keys()) : new Set<string>();
    for (const room of aim.rooms) for (const id of this.adapter.rooms.get(room) ?? []) ids.add(id);
    for (const id of this.#idsIn(aim.except) ?? []) ids.delete(id);
    const own = [...ids].map((id) => this.sockets.get(id)).filter((socket) => socket !== undefined);
    return [...own, ...[...this.#children.values()].flatMap((child) => child.reached(aim))];
  }

  /** Those of them that are here, and not in a namespace of a pattern. */
  #seats(aim: Aim): Seat[] {
    return this.reached(aim)
      .filter(({ nsp }) => nsp === this)
      .map((socket) => Socket.seatOf(socket));
  }

  speak(aim: Aim, event: string, args: readonly unknown[]): void {
    for (const child of this.#children.values()) child.speak(aim, event, args);
    const words = this.words(event, args, { kept: !aim.volatile, except: this.#idsIn(aim.except) });
    if (this.#watched !== undefined) for (const seat of this.#seats(aim)) if (this.#watched.has(seat)) seat.overheard(words);
    const topic = this.#oneTopic(aim.rooms);
    if (topic === undefined) {
      for (const seat of this.#seats(aim)) seat.hand(words);
      return;
    }
    const listening = this.realtime.active(topic);
    if (listening !== undefined) this.realtime.speak(listening, words);
  }

  /** The topic whose listeners are exactly those that are meant, if there is one: they share one encoding and one flush. */
  #oneTopic(rooms: ReadonlySet<Room>): string | undefined {
    if (rooms.size === 0) return this.#topic;
    const [room] = rooms;
    return rooms.size === 1 && room !== undefined && !this.sockets.has(room) ? topicOfRoom(this.#topic, room) : undefined;
  }

  ask(aim: Aim, event: string, args: readonly unknown[], callback: (error: Error | null, answers: unknown[]) => void): void {
    const id = this.nextId();
    const wordsOf = new Map<unknown, Words>();
    const asked = this.reached(aim).map((socket) => Socket.seatOf(socket));
    const done: typeof callback = (error, answers) => {
      if (error) for (const seat of asked) seat.forgetAsk(id);
      callback(error, answers);
    };
    const round = new Round(patienceOf(aim, this.realtime.clock), asked.length, done);
    for (const seat of asked) {
      seat.ask(id, round.one());
      // Bytes are written down for each namespace by itself.
      const words = wordsOf.get(seat.namespace) ?? seat.namespace.words(event, args, { kept: !aim.volatile, id });
      wordsOf.set(seat.namespace, words);
      seat.hand(words);
    }
  }

  protected all(): BroadcastOperator<E, Socket<L, E, V, D>> {
    return new BroadcastOperator(this);
  }
}
