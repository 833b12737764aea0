import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Acknowledge, AppListener, Taken } from '../app-listener.ts';
import type { Session } from '../session.ts';
import { Words } from '../words.ts';
import { BroadcastOperator, everyone, type Reached, type Rooms } from './broadcast.ts';
import { callListeners, callSafely } from './call.ts';
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
import { type AnyListener, AnyListeners } from './listeners.ts';
import { Middleware, type Next } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import { type DisconnectReason, disconnectReasonOf } from './reasons.ts';
import { askOne, Waiting } from './waiting.ts';

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

/**
 * One client in one namespace, whatever the transport. Events are an application's own: at most once, in order, to be acknowledged
 * by whoever is asked to. Made before the middlewares run; it hears and speaks from `connection` on.
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
  implements Reached, AppListener
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
  #session: Session | undefined;
  #rooms: Set<string> | undefined;
  #waiting: Waiting | undefined;
  #middleware: Middleware<Event> | undefined;
  #heard: AnyListeners | undefined;
  #said: AnyListeners | undefined;
  #conn: Conn | undefined;
  readonly #connOf: (() => Conn) | undefined;
  #flags: { volatile?: boolean; within?: number } = {};

  /** @param connOf gives the connection that several namespaces share */
  constructor(nsp: Namespace<L, E, V, D>, id: string, handshake: Handshake, request: IncomingMessage, connOf?: () => Conn) {
    super();
    this.#connOf = connOf;
    this.nsp = nsp;
    this.id = id;
    this.handshake = handshake;
    this.request = request;
  }

  /** From now on it is this session. Called by its namespace. */
  begin(session: Session): void {
    this.#session = session;
    this.#rooms = new Set([this.id]);
    session.attend(this);
  }

  get connected(): boolean {
    return this.#session?.open ?? false;
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** The rooms that it is in, its own among them. */
  get rooms(): Set<string> {
    return new Set(this.#rooms);
  }

  isIn(room: string): boolean {
    return this.#rooms?.has(room) ?? false;
  }

  /** The hub's side of it; undefined before `connection`. */
  get session(): Session | undefined {
    return this.#session;
  }

  /** What it came over. */
  get conn(): Conn {
    this.#conn ??= this.#connOf?.() ?? this.#ownConn();
    return this.#conn;
  }

  /** That of a native client, which has one namespace. */
  #ownConn(): Conn {
    const conn = new Conn({
      id: this.id,
      remoteAddress: this.handshake.address,
      request: this.request,
      transport: () => this.#session?.transport ?? '',
      close: () => this.#session?.hangUp(),
    });
    this.once('disconnect', ((reason: DisconnectReason) => conn.emit('close', reason)) as never);
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
   * @throws TypeError for an event name that Socket.IO keeps for itself
   */
  override emit<N extends EventNames<E>>(event: N, ...args: EventParams<E, N>): boolean {
    const { volatile = false, within } = this.#takeFlags();
    const last: unknown = args.at(-1);
    const callback = typeof last === 'function' ? (last as Callback) : undefined;
    const said: unknown[] = callback ? args.slice(0, -1) : args;
    const id = callback ? this.#await(within === undefined ? onlyAnswers(callback) : callback, within) : undefined;
    this.speak(new Words(event, said, { kept: !volatile, id }));
    return true;
  }

  #await(callback: (error: Error | null, ...answer: unknown[]) => void, within: number | undefined): number {
    const id = this.nsp.nextId();
    this.ask(
      id,
      askOne({ clock: this.nsp.realtime.clock, within }, callback, () => this.forget(id)),
    );
    return id;
  }

  /** Takes note that this client is asked something. Called for broadcasts, which ask many under one id. */
  ask(id: number, asked: Parameters<Waiting['ask']>[1]): void {
    // Whoever only listens (an event stream, a long poll) can't answer.
    if (!this.connected || !this.#session?.encoding.asks) {
      queueMicrotask(() => asked.gone());
      return;
    }
    this.#waiting ??= new Waiting();
    this.#waiting.ask(id, asked);
  }

  /** Nothing is waited for any more under this id. */
  forget(id: number): void {
    this.#waiting?.forget(id);
  }

  /** Says words to this client alone. */
  speak(words: Words): void {
    this.overheard(words);
    this.hand(words);
  }

  /** Tells those who listen to what is said to this client. */
  overheard({ event, args }: Words): void {
    this.#said?.tell(event, args);
  }

  /** Hands it words that may be shared with others, after everything that was said to it before. */
  hand(words: Words): void {
    const session = this.#session;
    if (session === undefined || words.except?.has(this.id) || !(words.kept || session.caughtUp)) return;
    this.nsp.realtime.settle(session);
    session.say(words.frame(session.encoding));
  }

  /** @returns the client's acknowledgement. Rejects after `timeout`, or when it is gone */
  emitWithAck<N extends EventNamesWithAck<E>>(
    event: N,
    ...args: AllButLast<EventParams<E, N>>
  ): Promise<Acknowledged<Last<EventParams<E, N>>>> {
    const { volatile = false, within } = this.#takeFlags();
    return new Promise((resolve, reject) => {
      const settle: Callback = (error, answer) => {
        if (error) reject(error);
        else resolve(answer as Acknowledged<Last<EventParams<E, N>>>);
      };
      this.speak(new Words(event, args, { kept: !volatile, id: this.#await(settle, within) }));
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

  #takeFlags(): { volatile?: boolean; within?: number } {
    const flags = this.#flags;
    this.#flags = {};
    return flags;
  }

  /** What is said next may be dropped if the client has not taken what was said before. */
  get volatile(): this {
    this.#flags.volatile = true;
    return this;
  }

  /** @param within milliseconds in which what is asked next must be acknowledged */
  timeout(within: number): Socket<L, TimeoutEvents<E>, V, D> {
    this.#flags.within = within;
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
    if (this.#rooms === undefined || !this.connected) return;
    for (const room of [rooms].flat().map(String)) {
      if (this.#rooms.has(room)) continue;
      this.#rooms.add(room);
      this.nsp.entered(this, room);
    }
  }

  leave(room: string): void {
    if (this.#rooms?.delete(String(room))) this.nsp.left(this, String(room));
  }

  /** Leaves every room, its own among them. */
  leaveAll(): void {
    for (const room of this.rooms) this.leave(room);
  }

  /** @param close ends the connection itself, with every namespace on it */
  disconnect(close = false): this {
    if (close) this.#session?.hangUp();
    else this.#session?.close('sessionEnded');
    return this;
  }

  /** Sees every event of this client before its listeners do. `next(error)` refuses it: the socket's own `error`. */
  use(run: (event: Event, next: Next) => void): this {
    this.#middleware ??= new Middleware();
    this.#middleware.add(run);
    return this;
  }

  /** Hears every event of this client. */
  onAny(listener: AnyListener): this {
    this.#hearers().append(listener);
    return this;
  }

  prependAny(listener: AnyListener): this {
    this.#hearers().prepend(listener);
    return this;
  }

  offAny(listener?: AnyListener): this {
    this.#heard?.remove(listener);
    return this;
  }

  listenersAny(): AnyListener[] {
    return this.#heard?.list() ?? [];
  }

  #hearers(): AnyListeners {
    this.#heard ??= new AnyListeners();
    return this.#heard;
  }

  /** Hears everything that is said to this client. */
  onAnyOutgoing(listener: AnyListener): this {
    this.#overhearers().append(listener);
    return this;
  }

  prependAnyOutgoing(listener: AnyListener): this {
    this.#overhearers().prepend(listener);
    return this;
  }

  offAnyOutgoing(listener?: AnyListener): this {
    this.#said?.remove(listener);
    return this;
  }

  listenersAnyOutgoing(): AnyListener[] {
    return this.#said?.list() ?? [];
  }

  #overhearers(): AnyListeners {
    this.nsp.watch(this);
    this.#said ??= new AnyListeners();
    return this.#said;
  }

  heard(event: string, args: readonly unknown[], acknowledge: Acknowledge | undefined): Taken | Promise<Taken> {
    const said: Event = [event, ...args];
    if (this.#middleware === undefined) return this.#hand(said, acknowledge);
    return this.#middleware.run(said).then(
      () => this.#hand(said, acknowledge),
      (error: unknown) => {
        if (this.listenerCount('error') > 0) super.emit('error', error);
        return undefined;
      },
    );
  }

  /** What nobody listens to is a command, where there are commands. */
  #hand([event, ...args]: Event, acknowledge: Acknowledge | undefined): Taken | Promise<Taken> {
    const all = acknowledge === undefined ? args : [...args, acknowledge];
    this.#heard?.tell(event, all);
    if (this.listenerCount(event) > 0) return callListeners(this, event, all);
    return (this.#heard?.size ?? 0) > 0 && !this.nsp.realtime.hasCommands ? undefined : false;
  }

  acknowledged(id: number, answer: readonly unknown[]): void {
    this.#waiting?.answer(id, answer);
  }

  ending(reason: string): void {
    this.#report('disconnecting', reason);
    for (const room of this.#rooms ?? []) this.nsp.left(this, room, true);
    this.#rooms = undefined;
  }

  ended(reason: string): void {
    this.#waiting?.end();
    this.nsp.forget(this);
    this.#report('disconnect', reason);
  }

  /** Whatever a listener does, the rest of the end goes on. */
  #report(event: 'disconnect' | 'disconnecting', reason: string): void {
    const { realtime } = this.nsp;
    callSafely(this, event, [disconnectReasonOf(reason)], (error) => realtime.report(error, `handling ${event}`));
  }
}
