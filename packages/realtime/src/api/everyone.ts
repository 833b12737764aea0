import { EventEmitter } from 'node:events';
import type { BroadcastOperator, Reached, Rooms } from './broadcast.ts';
import type {
  Acknowledged,
  AllButLast,
  EventNames,
  EventNamesWithAck,
  EventParams,
  EventsMap,
  Last,
  ManyEvents,
  TimeoutEvents,
} from './event-types.ts';

/** What can be said to everyone, or from there to some: a namespace, and a server, which speaks for its namespace `/`. */
export abstract class Everyone<E extends EventsMap, S extends Reached> extends EventEmitter {
  /** To everyone, before it was narrowed. */
  protected abstract all(): BroadcastOperator<E, S>;

  /** Says something to everyone. */
  override emit<N extends EventNames<E>>(event: N, ...args: EventParams<ManyEvents<E>, N>): boolean {
    return this.all().emit(event, ...args);
  }

  /** See `BroadcastOperator.emitWithAck`. */
  emitWithAck<N extends EventNamesWithAck<E>>(
    event: N,
    ...args: AllButLast<EventParams<E, N>>
  ): Promise<Acknowledged<Last<EventParams<E, N>>>[]> {
    return this.all().emitWithAck(event, ...args);
  }

  /** The event `message`. */
  send(...args: EventParams<ManyEvents<E>, 'message'>): this {
    this.emit('message', ...args);
    return this;
  }

  write(...args: EventParams<ManyEvents<E>, 'message'>): this {
    return this.send(...args);
  }

  to(rooms: Rooms): BroadcastOperator<E, S> {
    return this.all().to(rooms);
  }

  in(rooms: Rooms): BroadcastOperator<E, S> {
    return this.all().to(rooms);
  }

  except(rooms: Rooms): BroadcastOperator<E, S> {
    return this.all().except(rooms);
  }

  get volatile(): BroadcastOperator<E, S> {
    return this.all().volatile;
  }

  get local(): BroadcastOperator<E, S> {
    return this.all();
  }

  compress(_compress: boolean): BroadcastOperator<E, S> {
    return this.all();
  }

  /** @param within milliseconds in which everyone must acknowledge */
  timeout(within: number): BroadcastOperator<TimeoutEvents<E>, S> {
    return this.all().timeout(within);
  }

  fetchSockets(): Promise<S[]> {
    return this.all().fetchSockets();
  }

  /** @deprecated As in Socket.IO: use `fetchSockets`. */
  allSockets(): Promise<Set<string>> {
    return this.all().allSockets();
  }

  socketsJoin(rooms: Rooms): void {
    this.all().socketsJoin(rooms);
  }

  socketsLeave(rooms: Rooms): void {
    this.all().socketsLeave(rooms);
  }

  /** @param close ends the connections themselves, with every namespace on them */
  disconnectSockets(close = false): void {
    this.all().disconnectSockets(close);
  }
}
