import type { CloseName, SudaError } from '@suda/protocol';
import type { AppListener, Frame } from './app-listener.ts';
import type { Connection, Encoding, TransportName } from './connection.ts';
import { jsonOf } from './encoded.ts';
import { checkEventName } from './event-name.ts';
import type { Log } from './log.ts';
import { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** A connection with more than this many bytes waiting is not pushed to any more. */
export const HIGH_WATER = 256 * 1024;
/** This many commands of one session may be under way; then its socket is not read until some are answered. */
export const MAX_IN_FLIGHT = 512;

/** What a session needs of the hub that it belongs to. */
export interface SessionHost {
  /** Bytes that may wait for one client before its connection is ended. */
  readonly maxBuffered: number;
  /** Hands the session what its topics have not passed on yet. */
  settle(session: Session): void;
  dispatch(session: Session, frame: Frame): void;
  flushSoon(session: Session): void;
  topic(name: string, log?: Log): Topic;
  ended(session: Session, reason: string): void;
  failed(error: unknown, session: Session): void;
}

/** What a session's own handler is called with: the data, and how to answer if the client asked for an answer. */
export type EventHandler = (data: unknown, reply: (data: unknown) => void) => void | Promise<void>;

/**
 * One client, connected over one transport. Everything for it goes through `enqueue` and leaves in one write at the end of the tick.
 */
export class Session {
  readonly id: string;
  /** Counts the sessions of this process. */
  readonly number: number;
  /** The client's address, as the door determined it. */
  readonly address: string;
  /** Whatever the door knows of this session. */
  data: unknown;
  /** When anything last came from the client, in milliseconds. */
  heardAt: number;
  readonly #connection: Connection;
  readonly #host: SessionHost;
  /** Made for each write, and only then: an array that is pushed to would have room for sixteen more. */
  #queue: Uint8Array[] | undefined;
  #queued = 0;
  #inFlight = 0;
  #paused = false;
  #open = true;
  #waiting = false;
  /** Since it was last written to, it said something: it may wait for what comes of that. */
  #spoke = false;
  /** After the last write little waited. */
  #slack = false;
  /** Bytes handed to the connection so far: without those that wait there, what the client took. */
  #written = 0;
  #taken = 0;
  #stalledAt: number | undefined;
  /** Made when first needed: an idle connection should cost nothing. */
  #subscriptions: Map<string, Subscription> | undefined;
  #handlers: Map<string, EventHandler> | undefined;
  /** What had arrived already when reading stopped. */
  #backlog: Frame[] | undefined;
  #drainListeners: (() => void)[] | undefined;
  #listener: AppListener | undefined;

  constructor(
    number: number,
    connection: Connection,
    host: SessionHost,
    address: string,
    data: unknown,
    now: number,
    id = `s${number.toString(36)}`,
  ) {
    this.id = id;
    this.number = number;
    this.address = address;
    this.data = data;
    this.heardAt = now;
    this.#connection = connection;
    this.#host = host;
  }

  get transport(): TransportName {
    return this.#connection.transport;
  }

  get encoding(): Encoding {
    return this.#connection.encoding;
  }

  get open(): boolean {
    return this.#open;
  }

  get spoke(): boolean {
    return this.#spoke;
  }

  /** Bytes that wait for this client. */
  get buffered(): number {
    return this.#connection.buffered + this.#queued;
  }

  /** The reader is slower than what is said to it (P6). */
  get congested(): boolean {
    return (this.#slack ? this.#queued : this.buffered) > HIGH_WATER;
  }

  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions ?? nothing;
  }

  /** Says something to this client alone. Ephemeral: dropped while the reader is behind. */
  emit(event: string, data: unknown): void {
    checkEventName(event);
    if (!this.congested) this.enqueue(this.encoding.event(event, JSON.stringify(data)));
  }

  /** Says something that must not be dropped: an answer, a refusal, a farewell. */
  tell(event: string, data: unknown): void {
    checkEventName(event);
    this.enqueue(this.encoding.event(event, JSON.stringify(data)));
  }

  reply(id: number | string, data: unknown): void {
    this.enqueue(this.encoding.reply(id, jsonOf(data)));
  }

  refuse(id: number | string | undefined, error: SudaError, command?: string): void {
    if (id !== undefined) this.enqueue(this.encoding.refusal(id, error.toWire()));
    else this.tell('error', command === undefined ? error.toWire() : { ...error.toWire(), command });
  }

  /** Whom an application's own events are for; there is one. */
  attend(listener: AppListener): void {
    this.#listener = listener;
  }

  get listener(): AppListener | undefined {
    return this.#listener;
  }

  /** Whether the client has taken everything that this process wrote: what may be dropped is dropped where it hasn't. */
  get caughtUp(): boolean {
    return this.#connection.buffered === 0;
  }

  /** Listens to an event of an application's own. */
  on(event: string, handler: EventHandler): void {
    this.#handlers ??= new Map();
    this.#handlers.set(event, handler);
  }

  handler(event: string): EventHandler | undefined {
    return this.#handlers?.get(event);
  }

  /**
   * Listens to a topic. With a log the subscription is `held` until `start`. Joining twice is joining once.
   * The subscription of a session that is gone has ended already: whoever waited for something before joining may come too late.
   */
  join(name: string, log?: Log): Subscription {
    const known = this.#subscriptions?.get(name);
    if (known) return known;
    const subscription = new Subscription(this, this.#host.topic(name, log));
    if (!this.#open) {
      subscription.end();
      subscription.topic.remove(subscription);
      return subscription;
    }
    this.#subscriptions ??= new Map();
    this.#subscriptions.set(name, subscription);
    subscription.topic.add(subscription);
    return subscription;
  }

  leave(name: string): void {
    const subscription = this.#subscriptions?.get(name);
    if (!subscription) return;
    this.#subscriptions?.delete(name);
    subscription.end();
    subscription.topic.remove(subscription);
  }

  enqueue(bytes: Uint8Array): void {
    if (!this.#open) return;
    this.#queued += bytes.byteLength;
    if (this.#queue !== undefined) {
      this.#queue.push(bytes);
      return;
    }
    this.#queue = [bytes];
    this.#host.flushSoon(this);
  }

  /**
   * Something of an application's own, which is not in any log: it is kept for a reader who is behind. Who falls behind by more
   * than the bound is sent away, so that it knows that it missed something.
   */
  say(bytes: Uint8Array): void {
    // Whoever has taken everything gets any one tick: that it can't have taken yet.
    if (!this.caughtUp && this.buffered + bytes.byteLength > this.#host.maxBuffered) this.close('stuck');
    else this.enqueue(bytes);
  }

  /** Everything that this tick brought, in one write. */
  flush(): void {
    const queue = this.#queue;
    if (queue === undefined || !this.#open) return;
    this.#written += this.#queued;
    this.#queue = undefined;
    this.#queued = 0;
    this.#spoke = false;
    this.#slack = this.#connection.write(queue) === true;
    if (!this.#slack || this.#paused) this.#balance();
  }

  /** Takes what the client said: now, or, while it asks faster than it reads its answers, later and in order. */
  take(frame: Frame): void {
    if (!this.#open) return;
    this.#spoke = true;
    if (!this.#paused && this.#backlog === undefined) {
      this.#host.dispatch(this, frame);
      return;
    }
    this.#backlog ??= [];
    this.#backlog.push(frame);
  }

  #takeBacklog(): void {
    while (this.#backlog !== undefined && !this.#paused && this.#open) {
      const frame = this.#backlog.shift();
      if (frame === undefined) this.#backlog = undefined;
      else this.#host.dispatch(this, frame);
    }
  }

  /** A command begins or ends. Who asks faster than it reads its answers is not read from. */
  began(): void {
    this.#inFlight++;
    this.#balance();
  }

  finished(): void {
    this.#inFlight--;
    this.#balance();
  }

  #balance(): void {
    // Once paused, it goes on at half the bounds: not one frame in for every frame out.
    const part = this.#paused ? 2 : 1;
    const behind = this.buffered > HIGH_WATER / part;
    // Each time, not only when it pauses: what came after the last drain waits for another one.
    if (behind) this.waitForDrain();
    const full = behind || this.#inFlight >= MAX_IN_FLIGHT / part;
    if (full === this.#paused) return;
    this.#paused = full;
    if (this.#open) this.#connection.pause(full);
    if (!full) this.#takeBacklog();
  }

  /** Resolves when the client has taken all that waits, or is gone. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#open) {
        resolve();
        return;
      }
      this.#drainListeners ??= [];
      this.#drainListeners.push(resolve);
      this.waitForDrain();
    });
  }

  #tellDrained(): void {
    const listeners = this.#drainListeners;
    this.#drainListeners = undefined;
    for (const listener of listeners ?? []) listener();
  }

  /** When the client has taken all that waits, what it missed is read from the log. */
  waitForDrain(): void {
    if (this.#waiting || !this.#open) return;
    this.#waiting = true;
    this.flush();
    this.#connection.onDrain(() => {
      this.#waiting = false;
      this.#stalledAt = undefined;
      if (!this.#open) return;
      this.#balance();
      for (const subscription of this.subscriptions.values()) subscription.catchUp();
      this.#tellDrained();
    });
  }

  subscriptionFailed(subscription: Subscription, error: unknown): void {
    this.#host.failed(error, this);
    this.leave(subscription.topic.name);
    this.close('goingAway');
  }

  /**
   * Looks after the connection: asks for a sign of life, gives up on one that is dead or takes nothing.
   * @param now milliseconds  @param silence longest silence  @param stall longest time without taking a byte
   * @param ping whether it is this one's turn to be asked for a sign of life
   */
  check(now: number, silence: number, stall: number, ping: boolean): void {
    const { buffered } = this.#connection;
    const waited = this.#stalledAt !== undefined;
    const taken = this.#connection.taken ?? this.#written - buffered;
    // Less waiting would not do as a sign: a slow reader of a lively room takes bytes while as many are added.
    if (buffered > 0 && this.#stalledAt !== undefined && taken <= this.#taken) {
      if (now - this.#stalledAt > stall) {
        this.close('stuck');
        return;
      }
    } else {
      this.#stalledAt = buffered > 0 ? now : undefined;
      // Who takes bytes that had to wait is alive, and meanwhile no ping goes out; one who is not read from can't answer. Bytes that
      // never waited say nothing: they may only have reached this machine's own buffer.
      if (this.#paused || (waited && taken > this.#taken)) this.heardAt = now;
      this.#taken = taken;
    }
    if (this.transport === 'websocket' && now - this.heardAt > silence && !this.#paused) this.close('heartbeat');
    else if (ping) this.#connection.ping();
  }

  /** Ends the connection itself, with whatever else shares it: the other namespaces of a Socket.IO client. */
  hangUp(): void {
    if (this.#connection.hangUp) this.#connection.hangUp();
    else this.close('sessionEnded');
  }

  close(name: CloseName): void {
    if (!this.#open) return;
    if (name !== 'stuck') this.#host.settle(this);
    this.flush();
    this.#connection.close(name);
    this.end(name);
    // A stuck or silent peer answers no closing handshake either.
    if (name === 'stuck' || name === 'heartbeat') this.#connection.terminate();
  }

  /** The connection is gone. Called by its transport. */
  end(reason: string): void {
    if (!this.#open) return;
    this.#listener?.ending(reason);
    this.#open = false;
    this.#queue = undefined;
    this.#backlog = undefined;
    this.#tellDrained();
    for (const name of [...this.subscriptions.keys()]) this.leave(name);
    this.#host.ended(this, reason);
    this.#listener?.ended(reason);
  }
}

const nothing: ReadonlyMap<string, Subscription> = new Map();
