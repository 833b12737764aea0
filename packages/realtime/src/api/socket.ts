import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Session } from '../session.ts';
import type { Adapter } from './adapter.ts';
import { BroadcastOperator, everyone, type Reached } from './broadcast.ts';
import { Conn } from './conn.ts';
import type {
  Acknowledged,
  AllButLast,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  Last,
  Listener,
  ListenerNames,
  TimeoutEvents,
} from './event-types.ts';
import type { Handshake } from './handshake.ts';
import type { AnyListener } from './listeners.ts';
import type { Next } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import type { DisconnectReason } from './reasons.ts';
import { type Room, type Rooms, roomsOf } from './room.ts';
import { Seat } from './seat.ts';
import type { Server } from './server.ts';
import { askOne } from './waiting.ts';

/** What a socket itself says. */
export interface SocketReservedEvents {
  /** It is gone, and in no room any more. */
  disconnect: (reason: DisconnectReason, description?: unknown) => void;
  /** It is gone; `rooms` still tells where it was. */
  disconnecting: (reason: DisconnectReason, description?: unknown) => void;
  /** A middleware of `use` refused what the client said. */
  error: (error: Error) => void;
}

type Callback = (error: Error | null, ...answer: unknown[]) => void;

/** Without a time limit a callback gets the answer alone, and nothing if none comes. */
const onlyAnswers =
  (callback: Callback): Callback =>
  (error, ...answer) => {
    if (error === null) (callback as (...answer: unknown[]) => void)(...answer);
  };

/** An event with its arguments, as `use` sees it. */
export type Event = [name: string, ...args: unknown[]];

/** How what is said next is said. */
interface Flags {
  readonly volatile?: boolean;
  readonly within?: number;
}

const noRooms: Set<Room> = new Set();

/**
 * One client in one namespace, whatever the transport. Events are an application's own: at most once, in order, to be acknowledged
 * by whoever is asked to. Made before the middlewares run; what they say to it, it hears once it is in.
 *
 * The interface is Socket.IO's (v4 server API, "Socket"), so that code written for it runs; see docs/from-socket-io.md for what differs.
 */
export class Socket<
    L extends EventsMap = DefaultEventsMap,
    E extends EventsMap = L,
    V extends EventsMap = DefaultEventsMap,
    // biome-ignore lint/suspicious/noExplicitAny: what an application keeps at its sockets is its own.
    D = any,
  >
  extends EventEmitter
  implements Reached
{
  /** Also a room, in which it is alone. */
  readonly id: string;
  readonly nsp: Namespace<L, E, V, D>;
  readonly handshake: Handshake;
  /** The first request: what middlewares of HTTP have put there is there. */
  readonly request: IncomingMessage;
  /** Never: what was missed is asked for by cursor (docs/socketio-recovery.md). */
  readonly recovered: boolean = false;
  /** Whatever the application wants to know of it. */
  data: Partial<D> = {};
  readonly #seat: Seat;
  readonly #connOf: (() => Conn) | undefined;
  #conn: Conn | undefined;
  #flags: Flags = {};

  /** @param connOf gives the connection that several namespaces share */
  constructor(nsp: Namespace<L, E, V, D>, id: string, handshake: Handshake, request: IncomingMessage, connOf?: () => Conn) {
    super();
    this.#seat = new Seat(this, nsp);
    this.#connOf = connOf;
    this.nsp = nsp;
    this.id = id;
    this.handshake = handshake;
    this.request = request;
  }

  /** What the library keeps of a socket. */
  // biome-ignore lint/suspicious/noExplicitAny: a seat is the same for sockets of any events.
  static seatOf(socket: Socket<any, any, any, any>): Seat {
    return socket.#seat;
  }

  get connected(): boolean {
    return this.#seat.open;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms that it is in, its own among them; for reading. */
  get rooms(): Set<Room> {
    return this.nsp.adapter.socketRooms(this.id) ?? noRooms;
  }

  get server(): Server<L, E, V, D> {
    return this.nsp.server;
  }

  get adapter(): Adapter {
    return this.nsp.adapter;
  }

  /** What it came over. */
  get conn(): Conn {
    this.#conn ??= this.#connOf?.() ?? this.#ownConn();
    return this.#conn;
  }

  /** That of a native client, which has one namespace. */
  #ownConn(): Conn {
    const { session } = this.#seat;
    const conn = new Conn({
      id: this.id,
      remoteAddress: this.handshake.address,
      request: this.request,
      transport: () => (session ?? this.#seat.session)?.transport ?? '',
      isOpen: () => this.connected,
      close: () => this.#seat.session?.hangUp(),
    });
    super.once('disconnect', (reason: DisconnectReason) => conn.emit('close', reason));
    return conn;
  }

  /** As in Socket.IO: the connection, which several namespaces may share. */
  get client(): { readonly id: string; readonly conn: Conn; readonly request: IncomingMessage } {
    const { conn, request } = this;
    return { id: conn.id, conn, request };
  }

  override on<N extends ListenerNames<L, SocketReservedEvents>>(event: N, listener: Listener<L, SocketReservedEvents, N>): this {
    return super.on(event, listener as (...args: unknown[]) => void);
  }

  override once<N extends ListenerNames<L, SocketReservedEvents>>(event: N, listener: Listener<L, SocketReservedEvents, N>): this {
    return super.once(event, listener as (...args: unknown[]) => void);
  }

  override off<N extends ListenerNames<L, SocketReservedEvents>>(event: N, listener: Listener<L, SocketReservedEvents, N>): this {
    return super.off(event, listener as (...args: unknown[]) => void);
  }

  /**
   * Says something to this client. A function as the last argument is called with its acknowledgement; after `timeout`, with an
   * error first.
   * @throws TypeError for an event name that Socket.IO keeps for itself, and for arguments that can't be written down
   */
  override emit<N extends EventNames<E>>(event: N, ...args: EventParams<E, N>): boolean {
    const { volatile = false, within } = this.#takeFlags();
    const last: unknown = args.at(-1);
    const callback = typeof last === 'function' ? (last as Callback) : undefined;
    const said: unknown[] = callback ? args.slice(0, -1) : args;
    const id = callback && this.nsp.nextId();
    const words = this.nsp.words(event, said, { kept: !volatile, id });
    if (callback && id !== undefined) this.#await(id, within === undefined ? onlyAnswers(callback) : callback, within);
    this.#seat.speak(words);
    return true;
  }

  #await(id: number, callback: Callback, within: number | undefined): void {
    const patience = { clock: this.nsp.realtime.clock, within };
    this.#seat.ask(
      id,
      askOne(patience, callback, () => this.#seat.forgetAsk(id)),
    );
  }

  /** @returns the client's acknowledgement. After `timeout(ms)` it rejects when none came in time, or the client is gone */
  emitWithAck<N extends EventNamesWithAck<E>>(
    event: N,
    ...args: AllButLast<EventParams<E, N>>
  ): Promise<Acknowledged<Last<EventParams<E, N>>>> {
    const { volatile = false, within } = this.#takeFlags();
    return new Promise((resolve, reject) => {
      const id = this.nsp.nextId();
      const words = this.nsp.words(event, args, { kept: !volatile, id });
      const settle: Callback = (error, answer) => {
        if (error) reject(error);
        else resolve(answer as Acknowledged<Last<EventParams<E, N>>>);
      };
      this.#await(id, settle, within);
      this.#seat.speak(words);
    });
  }

  /** The event `message`. */
  send(...args: EventParams<E, 'message'>): this {
    this.emit('message', ...args);
    return this;
  }

  write(...args: EventParams<E, 'message'>): this {
    return this.send(...args);
  }

  #takeFlags(): Flags {
    const flags = this.#flags;
    this.#flags = {};
    return flags;
  }

  /** What is said next may be dropped if the client has not taken what was said before. */
  get volatile(): this {
    this.#flags = { ...this.#flags, volatile: true };
    return this;
  }

  /** @param within milliseconds in which what is asked next must be acknowledged */
  timeout(within: number): Socket<L, TimeoutEvents<E>, V, D> {
    this.#flags = { ...this.#flags, within };
    return this as unknown as Socket<L, TimeoutEvents<E>, V, D>;
  }

  /** Nothing is compressed; here so that code which asks for it runs. */
  compress(_compress: boolean): this {
    return this;
  }

  #others(): BroadcastOperator<E, Socket<L, E, V, D>> {
    const { volatile = false, within } = this.#takeFlags();
    return new BroadcastOperator<E, Socket<L, E, V, D>>(this.nsp, { ...everyone, except: new Set([this.id]), volatile, within });
  }

  /** To everyone in a room but this client. */
  to(rooms: Rooms): BroadcastOperator<E, Socket<L, E, V, D>> {
    return this.#others().to(rooms);
  }

  in(rooms: Rooms): BroadcastOperator<E, Socket<L, E, V, D>> {
    return this.#others().to(rooms);
  }

  /** To everyone but this client and those in a room. */
  except(rooms: Rooms): BroadcastOperator<E, Socket<L, E, V, D>> {
    return this.#others().except(rooms);
  }

  /** To everyone but this client. */
  get broadcast(): BroadcastOperator<E, Socket<L, E, V, D>> {
    return this.#others();
  }

  get local(): BroadcastOperator<E, Socket<L, E, V, D>> {
    return this.#others();
  }

  join(rooms: Rooms): void {
    this.#seat.whenIn(() => {
      for (const room of roomsOf(rooms)) this.nsp.enterRoom(this.#seat, room);
    });
  }

  leave(room: Room): void {
    this.#seat.whenIn(() => this.nsp.leaveRoom(this.#seat, room));
  }

  /** Leaves every room, its own among them. */
  leaveAll(): void {
    this.nsp.leaveAll(this.#seat);
  }

  /** @param close ends the connection itself, with every namespace on it */
  disconnect(close = false): this {
    const { session } = this.#seat;
    if (close) session?.hangUp();
    else session?.close('sessionEnded');
    return this;
  }

  /** Sees every event of this client before its listeners do. `next(error)` refuses it: the socket's own `error`. */
  use(run: (event: Event, next: Next) => void): this {
    this.#seat.look().add(run);
    return this;
  }

  /** Hears every event of this client. */
  onAny(listener: AnyListener): this {
    this.#seat.hear().append(listener);
    return this;
  }

  prependAny(listener: AnyListener): this {
    this.#seat.hear().prepend(listener);
    return this;
  }

  offAny(listener?: AnyListener): this {
    this.#seat.hearers?.remove(listener);
    return this;
  }

  listenersAny(): AnyListener[] {
    return this.#seat.hearers?.list() ?? [];
  }

  /** Hears everything that is said to this client. */
  onAnyOutgoing(listener: AnyListener): this {
    this.#seat.overhear().append(listener);
    return this;
  }

  prependAnyOutgoing(listener: AnyListener): this {
    this.#seat.overhear().prepend(listener);
    return this;
  }

  offAnyOutgoing(listener?: AnyListener): this {
    this.#seat.overhearers?.remove(listener);
    return this;
  }

  listenersAnyOutgoing(): AnyListener[] {
    return this.#seat.overhearers?.list() ?? [];
  }
}

/** The hub's side of a socket: its session; undefined before `connection`. */
// biome-ignore lint/suspicious/noExplicitAny: of any events.
export const sessionOf = (socket: Socket<any, any, any, any>): Session | undefined => Socket.seatOf(socket).session;
