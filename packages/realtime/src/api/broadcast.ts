import type {
  Acknowledged,
  AllButLast,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  Last,
  ManyEvents,
  TimeoutEvents,
} from './event-types.ts';
import { type Room, type Rooms, roomsOf } from './room.ts';
import type { Patience } from './waiting.ts';

type RoundCallback = (error: Error | null, answers: unknown[]) => void;

/** Whom a broadcast goes to, and how. */
export interface Aim {
  /** None: everyone of the namespace. */
  readonly rooms: ReadonlySet<Room>;
  readonly except: ReadonlySet<Room>;
  /** Dropped where a reader is behind. */
  readonly volatile: boolean;
  /** Milliseconds in which everyone must acknowledge. */
  readonly within: number | undefined;
}

export const everyone: Aim = { rooms: new Set(), except: new Set(), volatile: false, within: undefined };

/** A place in the room that a broadcast can reach. */
export interface Reached {
  readonly id: string;
  join(rooms: Rooms): void;
  leave(room: Room): void;
  disconnect(close?: boolean): unknown;
}

/** Who carries a broadcast out: a namespace. */
export interface Broadcaster<S extends Reached> {
  /** Says it to everyone whom it is aimed at. */
  speak(aim: Aim, event: string, args: readonly unknown[]): void;
  /** The same, and waits for everybody's acknowledgement. */
  ask(aim: Aim, event: string, args: readonly unknown[], callback: (error: Error | null, answers: unknown[]) => void): void;
  /** Whom it is aimed at. */
  reached(aim: Aim): S[];
}

const union = (known: ReadonlySet<Room>, more: Rooms): ReadonlySet<Room> => new Set([...known, ...roomsOf(more)]);

/**
 * Says something to some of a namespace's sockets. Immutable: `to`, `except`, `volatile` and `timeout` give another one.
 * Ephemeral: at most once, not in any log. Everyone hears what is said in the order in which it was said.
 */
export class BroadcastOperator<E extends EventsMap = DefaultEventsMap, S extends Reached = Reached> {
  readonly #broadcaster: Broadcaster<S>;
  readonly #aim: Aim;

  constructor(broadcaster: Broadcaster<S>, aim: Aim = everyone) {
    this.#broadcaster = broadcaster;
    this.#aim = aim;
  }

  #with(change: Partial<Aim>): BroadcastOperator<E, S> {
    return new BroadcastOperator<E, S>(this.#broadcaster, { ...this.#aim, ...change });
  }

  /** Also to those in this room, or these; who is in several hears it once. */
  to(rooms: Rooms): BroadcastOperator<E, S> {
    return this.#with({ rooms: union(this.#aim.rooms, rooms) });
  }

  /** The same as `to`. */
  in(rooms: Rooms): BroadcastOperator<E, S> {
    return this.to(rooms);
  }

  /** Not to those in this room, or these. */
  except(rooms: Rooms): BroadcastOperator<E, S> {
    return this.#with({ except: union(this.#aim.except, rooms) });
  }

  /** May be dropped where a reader is behind. */
  get volatile(): BroadcastOperator<E, S> {
    return this.#with({ volatile: true });
  }

  /** Of this process alone: everyone, so far. */
  get local(): BroadcastOperator<E, S> {
    return this;
  }

  /** Nothing is compressed; here so that code which asks for it runs. */
  compress(_compress: boolean): BroadcastOperator<E, S> {
    return this;
  }

  /** @param within milliseconds in which everyone must acknowledge */
  timeout(within: number): BroadcastOperator<TimeoutEvents<E>, S> {
    return this.#with({ within }) as unknown as BroadcastOperator<TimeoutEvents<E>, S>;
  }

  /** Says it. A function as the last argument is called with an error, if some did not answer, and everybody's answers. */
  emit<N extends EventNames<E>>(event: N, ...args: EventParams<ManyEvents<E>, N>): boolean {
    const last: unknown = args.at(-1);
    if (typeof last === 'function') this.#broadcaster.ask(this.#aim, event, args.slice(0, -1), last as RoundCallback);
    else this.#broadcaster.speak(this.#aim, event, args);
    return true;
  }

  /** @returns everybody's answers. Rejects when some did not answer in time; the error's `responses` are the answers that came */
  emitWithAck<N extends EventNamesWithAck<E>>(
    event: N,
    ...args: AllButLast<EventParams<E, N>>
  ): Promise<Acknowledged<Last<EventParams<E, N>>>[]> {
    return new Promise((resolve, reject) => {
      this.#broadcaster.ask(this.#aim, event, args, (error, answers) => {
        if (error) reject(Object.assign(error, { responses: answers }));
        else resolve(answers as Acknowledged<Last<EventParams<E, N>>>[]);
      });
    });
  }

  /** Whom it goes to. */
  async fetchSockets(): Promise<S[]> {
    return this.#broadcaster.reached(this.#aim);
  }

  /** @deprecated As in Socket.IO: use `fetchSockets`. */
  async allSockets(): Promise<Set<string>> {
    return new Set(this.#broadcaster.reached(this.#aim).map(({ id }) => id));
  }

  socketsJoin(rooms: Rooms): void {
    for (const socket of this.#broadcaster.reached(this.#aim)) socket.join(rooms);
  }

  socketsLeave(rooms: Rooms): void {
    for (const socket of this.#broadcaster.reached(this.#aim)) for (const room of roomsOf(rooms)) socket.leave(room);
  }

  /** @param close ends the connection itself, with every namespace on it */
  disconnectSockets(close = false): void {
    for (const socket of this.#broadcaster.reached(this.#aim)) socket.disconnect(close);
  }
}

/** How long a broadcast of this aim waits for answers. */
export const patienceOf = (aim: Aim, clock: Patience['clock']): Patience => ({ clock, within: aim.within });
