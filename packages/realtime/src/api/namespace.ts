import type { IncomingMessage } from 'node:http';
import type { Encoding } from '../connection.ts';
import type { Realtime } from '../realtime.ts';
import type { Session } from '../session.ts';
import { encodingOf } from '../transports/socketio/encoding.ts';
import type { Engine } from '../transports/socketio/engine.ts';
import { ConnectRefusal } from '../transports/socketio/namespaces.ts';
import { randomId } from '../transports/socketio/socketio.ts';
import { Words } from '../words.ts';
import { Adapter, type Whereabouts } from './adapter.ts';
import { type Aim, type Broadcaster, BroadcastOperator, patienceOf } from './broadcast.ts';
import { callSafely } from './call.ts';
import type { Conn } from './conn.ts';
import type { DefaultEventsMap, EventsMap } from './event-types.ts';
import { Everyone } from './everyone.ts';
import { handshakeOf } from './handshake.ts';
import { Middleware, type Next } from './middleware.ts';
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
  implements Broadcaster<Socket<L, E, V, D>>, Whereabouts
{
  readonly name: string;
  readonly realtime: Realtime;
  /** How its events are written for Socket.IO's clients. */
  readonly encoding: Encoding;
  readonly sockets = new Map<string, Socket<L, E, V, D>>();
  readonly adapter: Adapter;
  readonly #middleware: Middleware<Socket<L, E, V, D>>;
  /** Rooms that were joined; a socket's own room is not among them. */
  readonly #rooms = new Map<string, Set<Socket<L, E, V, D>>>();
  readonly #topic: string;
  /** Whose pattern made it. */
  readonly parent: Namespace<L, E, V, D> | undefined;
  /** When it was made, or somebody came or went, in milliseconds. */
  usedAt: number;
  readonly #children = new Map<string, Namespace<L, E, V, D>>();
  #watched: Set<Socket<L, E, V, D>> | undefined;
  #asked = 0;

  /** @param parent whose middlewares and listeners hold here too */
  constructor(realtime: Realtime, name: string, parent?: Namespace<L, E, V, D>) {
    super();
    this.realtime = realtime;
    this.name = name;
    this.encoding = encodingOf(name);
    this.parent = parent;
    this.usedAt = realtime.clock.now();
    this.#middleware = new Middleware(parent?.middlewares);
    // No name of a namespace or a room, which clients may choose, can be made to mean another one, or a room of the chat.
    this.#topic = `app:${name.length}:${name}`;
    this.adapter = new Adapter(this);
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

  /** An id for what a client is asked. */
  nextId(): number {
    return this.#asked++;
  }

  /**
   * Asks the middlewares.
   * @param data what the socket's `data` is at first  @param connOf gives the connection that several namespaces share
   * @returns its socket, for `welcome`. Rejects with a `ConnectRefusal`
   */
  async enter({ request, address, auth }: Newcomer, data: Partial<D>, connOf?: () => Conn): Promise<Socket<L, E, V, D>> {
    const handshake = handshakeOf(request, address, auth, this.realtime.clock.now());
    const socket = new Socket<L, E, V, D>(this, randomId(), handshake, request, connOf);
    Object.assign(socket.data, data);
    try {
      await this.#middleware.run(socket);
    } catch (error) {
      const refused = error as Error & { data?: unknown };
      throw new ConnectRefusal(refused.message, refused.data);
    }
    return socket;
  }

  /** Its session has begun. */
  welcome(session: Session, socket: Socket<L, E, V, D>): void {
    this.sockets.set(socket.id, socket);
    this.usedAt = this.realtime.clock.now();
    this.#listen(session, this.#topic);
    socket.begin(session);
    this.#announce(socket.id, socket.id, true);
    const report = (error: unknown): void => this.realtime.report(error, `connection to ${this.name}`);
    for (const emitter of this.parent === undefined ? [this] : [this.parent, this]) {
      for (const event of ['connect', 'connection']) callSafely(emitter, event, [socket], report);
    }
  }

  /** Hears what is said from now on, and nothing that was said before. */
  #listen(session: Session, topic: string): void {
    session.join(topic).topic.skip(session);
  }

  #topicOf(room: string): string {
    return `${this.#topic}:${room}`;
  }

  #announce(room: string, id: string, created: boolean): void {
    if (created) this.adapter.emit('create-room', room);
    this.adapter.emit('join-room', room, id);
  }

  /** A socket joined a room. Called by it. */
  entered(socket: Socket<L, E, V, D>, room: string): void {
    const { session } = socket;
    if (session === undefined) return;
    let members = this.#rooms.get(room);
    const created = members === undefined && !this.sockets.has(room);
    if (members === undefined) {
      members = new Set();
      this.#rooms.set(room, members);
    }
    members.add(socket);
    this.#listen(session, this.#topicOf(room));
    this.#announce(room, socket.id, created);
  }

  /** A socket left a room. Called by it. @param ending it is gone: what was said to the room is not for it any more */
  left(socket: Socket<L, E, V, D>, room: string, ending = false): void {
    const { session } = socket;
    const members = this.#rooms.get(room);
    if (session !== undefined && members?.delete(socket)) {
      if (!ending) this.realtime.settle(session);
      session.leave(this.#topicOf(room));
      if (members.size === 0) this.#rooms.delete(room);
    }
    this.adapter.emit('leave-room', room, socket.id);
    if (this.socketsIn(room) === undefined || (ending && room === socket.id)) this.adapter.emit('delete-room', room);
  }

  /** Somebody wants to hear what is said to this socket. Called by it. */
  watch(socket: Socket<L, E, V, D>): void {
    this.#watched ??= new Set();
    this.#watched.add(socket);
  }

  /** A socket is gone. Called by it. */
  forget(socket: Socket<L, E, V, D>): void {
    this.#watched?.delete(socket);
    this.sockets.delete(socket.id);
    this.usedAt = this.realtime.clock.now();
  }

  *roomNames(): Iterable<string> {
    for (const socket of this.sockets.values()) if (socket.isIn(socket.id)) yield socket.id;
    yield* this.#rooms.keys();
  }

  socketsIn(room: string): ReadonlySet<string> | undefined {
    const ids = new Set([...(this.#rooms.get(room) ?? [])].map(({ id }) => id));
    if (this.sockets.get(room)?.isIn(room)) ids.add(room);
    return ids.size > 0 ? ids : undefined;
  }

  socketIds(): Iterable<string> {
    return this.sockets.keys();
  }

  roomsOf(id: string): ReadonlySet<string> | undefined {
    return this.sockets.get(id)?.rooms;
  }

  #idsIn(rooms: ReadonlySet<string>): ReadonlySet<string> | undefined {
    if (rooms.size === 0) return undefined;
    const ids = new Set<string>();
    for (const room of rooms) {
      // The usual case: all but the one who speaks.
      if (this.sockets.has(room)) ids.add(room);
      for (const { id } of this.#rooms.get(room) ?? []) ids.add(id);
    }
    return ids;
  }

  reached(aim: Aim): Socket<L, E, V, D>[] {
    const { rooms, except } = aim;
    const found = new Set<Socket<L, E, V, D>>();
    if (rooms.size === 0) for (const socket of this.sockets.values()) found.add(socket);
    for (const room of rooms) {
      const own = this.sockets.get(room);
      if (own?.isIn(room)) found.add(own);
      for (const socket of this.#rooms.get(room) ?? []) found.add(socket);
    }
    const left = this.#idsIn(except);
    for (const id of left ?? []) {
      const socket = this.sockets.get(id);
      if (socket) found.delete(socket);
    }
    return [...found, ...[...this.#children.values()].flatMap((child) => child.reached(aim))];
  }

  speak(aim: Aim, event: string, args: readonly unknown[]): void {
    for (const child of this.#children.values()) child.speak(aim, event, args);
    const words = new Words(event, args, { kept: !aim.volatile, except: this.#idsIn(aim.except) });
    if (this.#watched !== undefined) {
      for (const socket of this.reached(aim)) if (this.#watched.has(socket)) socket.overheard(words);
    }
    const topic = this.#oneTopic(aim.rooms);
    if (topic === undefined) {
      for (const socket of this.reached(aim)) if (socket.nsp === this) socket.hand(words);
      return;
    }
    const listening = this.realtime.active(topic);
    if (listening !== undefined) this.realtime.speak(listening, words);
  }

  /** The topic whose listeners are exactly those that are meant, if there is one: they share one encoding and one flush. */
  #oneTopic(rooms: ReadonlySet<string>): string | undefined {
    if (rooms.size === 0) return this.#topic;
    const [room] = rooms;
    return rooms.size === 1 && room !== undefined && !this.sockets.has(room) ? this.#topicOf(room) : undefined;
  }

  ask(aim: Aim, event: string, args: readonly unknown[], callback: (error: Error | null, answers: unknown[]) => void): void {
    const id = this.nextId();
    const asked = this.reached(aim);
    const done: typeof callback = (error, answers) => {
      if (error) for (const socket of asked) socket.forget(id);
      callback(error, answers);
    };
    const round = new Round(patienceOf(aim, this.realtime.clock), asked.length, done);
    const words = new Words(event, args, { kept: !aim.volatile, id });
    for (const socket of asked) {
      socket.ask(id, round.one());
      socket.hand(words);
    }
  }

  protected all(): BroadcastOperator<E, Socket<L, E, V, D>> {
    return new BroadcastOperator(this);
  }
}
