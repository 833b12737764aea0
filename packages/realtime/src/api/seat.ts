import type { Acknowledge, AppListener, Taken } from '../app-listener.ts';
import { isReserved } from '../event-name.ts';
import type { Session } from '../session.ts';
import type { Words } from '../words.ts';
import { callListeners, callSafely } from './call.ts';
import { AnyListeners } from './listeners.ts';
import { Middleware } from './middleware.ts';
import type { Namespace } from './namespace.ts';
import { disconnectReasonOf } from './reasons.ts';
import type { Room } from './room.ts';
import type { Event, Socket } from './socket.ts';
import { type Asked, Waiting } from './waiting.ts';

// biome-ignore lint/suspicious/noExplicitAny: a seat is the same for sockets of any events.
type AnySocket = Socket<any, any, any, any>;
// biome-ignore lint/suspicious/noExplicitAny: likewise.
type AnyNamespace = Namespace<any, any, any, any>;

/**
 * What the library keeps of a socket, apart from it: programs give their sockets names of their own (`socket.session`, `socket.hand`), and must
 * not meet ours there.
 */
export class Seat implements AppListener {
  readonly socket: AnySocket;
  readonly namespace: AnyNamespace;
  /** Who hears every event of this client, and everything that is said to it. Like what follows, made when it is first needed. */
  hearers: AnyListeners | undefined;
  overhearers: AnyListeners | undefined;
  middleware: Middleware<Event> | undefined;
  #waiting: Waiting | undefined;
  #session: Session | undefined;
  /** What a middleware did with the socket before it was in. */
  #early: (() => void)[] | undefined;

  constructor(socket: AnySocket, namespace: AnyNamespace) {
    this.socket = socket;
    this.namespace = namespace;
  }

  hear(): AnyListeners {
    this.hearers ??= new AnyListeners();
    return this.hearers;
  }

  overhear(): AnyListeners {
    // Not before it is in: whoever is refused is never forgotten.
    this.whenIn(() => this.namespace.watch(this));
    this.overhearers ??= new AnyListeners();
    return this.overhearers;
  }

  look(): Middleware<Event> {
    this.middleware ??= new Middleware();
    return this.middleware;
  }

  /** Undefined before it is in. */
  get session(): Session | undefined {
    return this.#session;
  }

  get open(): boolean {
    return this.#session?.open ?? false;
  }

  /** From now on it is this session. */
  begin(session: Session): void {
    this.#session = session;
    session.attend(this);
    const early = this.#early;
    this.#early = undefined;
    for (const run of early ?? []) run();
  }

  /** Now, or once it is in; never when it is gone. */
  whenIn(run: () => void): void {
    if (this.#session !== undefined) {
      if (this.#session.open) run();
      return;
    }
    this.#early ??= [];
    this.#early.push(run);
  }

  isIn(room: Room): boolean {
    return this.namespace.adapter.socketRooms(this.socket.id)?.has(room) ?? false;
  }

  /** Takes note that this client is asked something. */
  ask(id: number, asked: Asked): void {
    this.whenIn(() => {
      // Whoever only listens (an event stream, a long poll) can't answer.
      if (this.#session?.encoding.asks) {
        this.#waiting ??= new Waiting();
        this.#waiting.ask(id, asked);
      } else queueMicrotask(() => asked.gone());
    });
    if (this.#session?.open === false) queueMicrotask(() => asked.gone());
  }

  /** Nothing is waited for any more under this id. */
  forgetAsk(id: number): void {
    this.#waiting?.forget(id);
  }

  /** Says words to this client alone. */
  speak(words: Words): void {
    this.overheard(words);
    this.whenIn(() => this.hand(words));
  }

  /** Tells those who listen to what is said to this client. */
  overheard({ event, args }: Words): void {
    this.overhearers?.tell(event, args);
  }

  /** Hands it words that may be shared with others, after everything that was said to it before. */
  hand(words: Words): void {
    const session = this.#session;
    if (session === undefined || words.except?.has(this.socket.id) || !(words.kept || session.caughtUp)) return;
    this.namespace.realtime.settle(session);
    session.say(words.frame(session.encoding));
  }

  heard(event: string, args: readonly unknown[], acknowledge: Acknowledge | undefined): Taken | Promise<Taken> {
    // What the library itself says, no client may say.
    if (isReserved(event)) return false;
    const said: Event = [event, ...args];
    const { middleware } = this;
    if (middleware === undefined) return this.#hear(said, acknowledge);
    return middleware.run(said).then(
      () => this.#hear(said, acknowledge),
      (error: unknown) => {
        if (this.socket.listenerCount('error') > 0) callSafely(this.socket, 'error', [error], this.#report('error'));
        return undefined;
      },
    );
  }

  /** What nobody listens to is a command, where there are commands. */
  #hear([event, ...args]: Event, acknowledge: Acknowledge | undefined): Taken | Promise<Taken> {
    const all = acknowledge === undefined ? args : [...args, acknowledge];
    const { hearers } = this;
    hearers?.tell(event, all);
    if (this.socket.listenerCount(event) > 0) return callListeners(this.socket, event, all);
    return (hearers?.size ?? 0) > 0 && !this.namespace.realtime.hasCommands ? undefined : false;
  }

  acknowledged(id: number, answer: readonly unknown[]): void {
    this.#waiting?.answer(id, answer);
  }

  ending(reason: string): void {
    this.#tell('disconnecting', reason);
    this.namespace.leaveAll(this, true);
  }

  ended(reason: string): void {
    this.#waiting?.end();
    this.namespace.forget(this);
    this.#tell('disconnect', reason);
  }

  /** Whatever a listener does, the rest of the end goes on. */
  #tell(event: 'disconnect' | 'disconnecting', reason: string): void {
    callSafely(this.socket, event, [disconnectReasonOf(reason)], this.#report(event));
  }

  #report(event: string): (error: unknown) => void {
    return (error) => this.namespace.realtime.report(error, `handling ${event}`);
  }
}
