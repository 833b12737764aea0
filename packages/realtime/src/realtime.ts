import { SudaError } from '@suda/protocol';
import { argumentsOf, type Frame } from './app-listener.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Connection } from './connection.ts';
import { Entry, type Outgoing } from './entry.ts';
import type { Log } from './log.ts';
import { Session, type SessionHost } from './session.ts';
import { Topic, type TopicHost } from './topic.ts';
import { oneOf, toJson } from './words.ts';

export interface RealtimeOptions {
  readonly clock?: Clock;
  /** Every so many milliseconds each connection is looked after and pinged. */
  readonly heartbeat?: number;
  /** A WebSocket that is silent for so many milliseconds is closed. */
  readonly silence?: number;
  /** A connection that takes no byte for so many milliseconds is closed. */
  readonly stall?: number;
  /** Bytes of an application's own events that may wait for one client; then its connection is ended. Default 16 MiB. */
  readonly maxBuffered?: number;
  readonly random?: () => number;
  /** Errors that nobody else can be told. */
  readonly onError?: (error: unknown, where: string) => void;
}

/** An application's own events are not dropped for a slow reader before so many bytes wait for it. */
const MAX_BUFFERED = 16 * 1024 * 1024;

/** After so many writes, about half a millisecond, it is looked what came meanwhile. */
const WRITES_AT_ONCE = 64;
/** A tick that brought more than this is written out after the first look: there the next messages are many, and should stay together. */
const FEW = 4;

/** Every frame for which a session has no handler of its own. Its promise counts as the command's time under way. */
export type FrameHandler = (session: Session, frame: Frame) => void | Promise<void>;

/**
 * Connections, topics and who listens to what. Knows nothing of rooms and messages.
 *
 * Whatever is said during a tick leaves at its end, in one write for each connection, encoded once for each transport.
 */
export class Realtime {
  readonly clock: Clock;
  readonly random: () => number;
  readonly sessions = new Map<string, Session>();
  readonly #topics = new Map<string, Topic>();
  #dirtyTopics = new Set<Topic>();
  /** Who has something to send, the first `#written` of them no longer. */
  #dirtySessions: Session[] = [];
  #written = 0;
  /** How many events the topics brought since everyone was written to. */
  #fresh = 0;
  readonly #connectionListeners = new Set<(session: Session) => void>();
  readonly #endListeners = new Set<(session: Session, reason: string) => void>();
  readonly #onError: (error: unknown, where: string) => void;
  readonly #sessionHost: SessionHost;
  readonly #silence: number;
  readonly #stall: number;
  #frameHandler: FrameHandler | undefined;
  #isCommand: (event: string) => boolean = () => false;
  /** The one topic without a log whose words wait for the end of the tick. */
  #speaking: Topic | undefined;
  #scheduled = false;
  #count = 0;
  #asked = 0;
  #draining = false;
  #within = 0;
  #stopHeartbeat: () => void = () => {};

  constructor(options: RealtimeOptions = {}) {
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? Math.random;
    this.#sessionHost = this.#hostOf(options.maxBuffered ?? MAX_BUFFERED);
    this.#silence = options.silence ?? 60_000;
    this.#stall = options.stall ?? 60_000;
    this.#onError = options.onError ?? ((error) => console.error(error));
    this.#beat(options.heartbeat ?? 25_000);
  }

  /** Whether new clients are turned away because the server is about to stop. */
  get draining(): boolean {
    return this.#draining;
  }

  /** `connection`: a client came. `end`: it went. */
  on(event: 'connection', listener: (session: Session) => void): this;
  on(event: 'end', listener: (session: Session, reason: string) => void): this;
  on(event: 'connection' | 'end', listener: (session: Session, reason: string) => void): this {
    if (event === 'connection') this.#connectionListeners.add(listener as (session: Session) => void);
    else this.#endListeners.add(listener);
    return this;
  }

  /**
   * Takes every frame that no session's own handler takes.
   * @param isCommand events that are the handler's whoever else listens to them
   */
  handle(handler: FrameHandler, isCommand: (event: string) => boolean = () => false): this {
    this.#frameHandler = handler;
    this.#isCommand = isCommand;
    return this;
  }

  /** Whether anybody takes the frames that no session's own handler takes. */
  get hasCommands(): boolean {
    return this.#frameHandler !== undefined;
  }

  /** A transport brings a client. @param id the session's, where the client has been told one */
  accept(connection: Connection, address: string, data: unknown = undefined, id?: string): Session {
    const session = new Session(++this.#count, connection, this.#sessionHost, address, data, this.clock.now(), id);
    this.sessions.set(session.id, session);
    connection.accepted?.(session);
    for (const listener of this.#connectionListeners) listener(session);
    // Its door was being opened when the others were sent away.
    if (this.#draining) this.#sendAway(session);
    return session;
  }

  /** An error that nobody else can be told. */
  report(error: unknown, where: string): void {
    this.#onError(error, where);
  }

  /** What a client said. Called by its transport. */
  receive(session: Session, frame: Frame): void {
    session.heardAt = this.clock.now();
    if (frame.event === 'ping' && session.listener === undefined) this.#pong(session, frame);
    else session.take(frame);
  }

  #pong(session: Session, { id }: Frame): void {
    if (id !== undefined) session.reply(id, {});
  }

  #dispatch(session: Session, frame: Frame): void {
    session.began();
    void this.#run(session, frame);
  }

  async #run(session: Session, frame: Frame): Promise<void> {
    try {
      await this.#hand(session, frame);
    } catch (error) {
      if (!(error instanceof SudaError)) this.#onError(error, `handling ${frame.event}`);
      if (!this.#refuses(session)) return;
      this.settle(session);
      session.refuse(frame.id, error instanceof SudaError ? error : new SudaError('internal'), frame.event);
    } finally {
      session.finished();
    }
  }

  /** A program of Socket.IO's alone is not used to refusals: an unknown event vanishes there, as does the answer of a listener that fails. */
  #refuses({ transport, listener }: Session): boolean {
    return transport !== 'socketio' || listener === undefined || this.hasCommands;
  }

  /** To the application's own listener; what is not for that is a command. */
  #hand(session: Session, frame: Frame): void | Promise<void> {
    const { listener } = session;
    if (listener === undefined || this.#isCommand(frame.event)) return this.#command(session, frame);
    const acknowledge = frame.id === undefined ? undefined : this.#acknowledging(session, frame.id);
    const taken = listener.heard(frame.event, argumentsOf(frame), acknowledge);
    if (taken instanceof Promise) return taken.then((later) => (later === false ? this.#command(session, frame) : undefined));
    if (taken === false) return this.#command(session, frame);
  }

  #command(session: Session, frame: Frame): void | Promise<void> {
    const { event, data, id } = frame;
    const own = session.handler(event);
    const isKnown = own !== undefined || this.#frameHandler !== undefined;
    if (isKnown && (frame.args?.length ?? 0) > 1) throw new SudaError('invalid', 'A command takes one object.');
    if (own)
      return own(data, (answer) => {
        if (id !== undefined) session.reply(id, answer);
      });
    if (event === 'ping' && this.#refuses(session)) return this.#pong(session, frame);
    if (this.#frameHandler === undefined) throw new SudaError('unknown_command');
    return this.#frameHandler(session, frame);
  }

  #acknowledging(session: Session, id: number | string): (...answer: unknown[]) => void {
    let answered = false;
    return (...answer) => {
      if (answered) return;
      answered = true;
      this.settle(session);
      const { encoding } = session;
      session.say(encoding.acknowledgement?.(id, answer) ?? encoding.reply(id, oneOf(toJson(answer).json)));
    };
  }

  /** The topic of this name; made when first asked for. */
  topic(name: string, log?: Log): Topic {
    let topic = this.#topics.get(name);
    if (topic === undefined) {
      topic = new Topic(name, this.#topicHost, log);
      this.#topics.set(name, topic);
    } else if (log !== undefined && topic.log === undefined && topic.subscriptions.size === 0) {
      // It was named before anyone knew its log, and nobody listens to it yet.
      topic = new Topic(name, this.#topicHost, log);
      this.#topics.set(name, topic);
    }
    return topic;
  }

  /** The topic of this name if anybody listens to it. */
  active(name: string): Topic | undefined {
    return this.#topics.get(name);
  }

  /** Says something to whoever listens to a topic; `except` names a session that is not to hear it. Ephemeral. */
  to(name: string): { emit(event: string, data: unknown, except?: string): void } {
    return {
      emit: (event, data, except) => {
        const topic = this.#topics.get(name);
        if (topic && topic.subscriptions.size > 0) topic.emit(new Entry(event, JSON.stringify(data), except));
      },
    };
  }

  /**
   * Says something of an application's own to a topic without a log. Whoever hears several topics hears them in the order in which
   * they were spoken to, and a session's own words (`settle`, then `say`) in between.
   */
  speak(topic: Topic, words: Outgoing): void {
    if (this.#speaking !== undefined && this.#speaking !== topic) this.#speaking.flush();
    this.#speaking = topic;
    topic.emit(words);
  }

  /** Hands a session what was said to its topics before. */
  settle(session: Session): void {
    this.#speaking?.settle(session);
  }

  /** An id for what a client is asked. */
  nextAsk(): number {
    return this.#asked++;
  }

  /** Says something to everyone. Ephemeral. */
  emit(event: string, data: unknown, except?: string): void {
    const entry = new Entry(event, JSON.stringify(data), except);
    for (const session of this.sessions.values()) {
      if (session.id !== except && !session.congested) session.enqueue(entry.frame(session.encoding));
    }
  }

  /**
   * Tells everyone that the server is about to stop, each with another moment to come back, and closes.
   * @param within milliseconds over which they are spread
   */
  drain(within: number): void {
    this.flush();
    this.#draining = true;
    this.#within = within;
    for (const session of [...this.sessions.values()]) this.#sendAway(session);
  }

  #sendAway(session: Session): void {
    session.tell('drain', { reconnectIn: Math.round(this.random() * this.#within) });
    session.close('draining');
  }

  /** Sends everyone away. Whoever's door is being opened at the moment is turned away as well. */
  close(): void {
    this.#draining = true;
    this.#stopHeartbeat();
    this.flush();
    for (const session of [...this.sessions.values()]) session.close('goingAway');
  }

  /** One round for all, in ten steps: no burst of ten thousand pings. */
  #beat(every: number): void {
    const step = (turn: number) => {
      this.#stopHeartbeat = this.clock.after(every / 10, () => {
        const now = this.clock.now();
        // By the session's own number, not by its place in the list: that shifts whenever another one leaves.
        for (const session of [...this.sessions.values()]) session.check(now, this.#silence, this.#stall, session.number % 10 === turn);
        step((turn + 1) % 10);
      });
    };
    step(0);
  }

  readonly #schedule = (): void => {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.clock.soon(() => {
      this.#scheduled = false;
      this.#flushTopics();
      this.#flushSome();
    });
  };

  /**
   * Sends what was said so far, without waiting for the end of the tick. What is said because of it (a session that takes its
   * backlog) waits for the next one.
   */
  flush(): void {
    this.#flushTopics();
    this.#write(this.#dirtySessions.length);
  }

  #flushTopics(): void {
    this.#speaking = undefined;
    const topics = this.#dirtyTopics;
    this.#dirtyTopics = new Set();
    for (const topic of topics) this.#fresh += topic.flush();
  }

  /**
   * The end of a tick in a large room takes milliseconds. Whoever said something is written to first, and between the writes it is
   * looked what came: the next message is on its way to the disk while this one is still passed on, whoever has not been written to
   * gets both at once, and nobody else waits for a huge room.
   */
  #flushSome(): void {
    const sessions = this.#dirtySessions;
    if (this.#written === 0 && sessions.length > WRITES_AT_ONCE) putFirst(sessions, ({ spoke }) => spoke);
    const isMuch = this.#written > 0 && this.#fresh > FEW;
    this.#write(isMuch ? sessions.length : this.#written + WRITES_AT_ONCE);
    if (this.#dirtySessions.length > 0) this.#schedule();
  }

  /** Writes to the first so many of the sessions. */
  #write(count: number): void {
    const sessions = this.#dirtySessions;
    const end = Math.min(sessions.length, count);
    while (this.#written < end) sessions[this.#written++]?.flush();
    if (this.#written < sessions.length) return;
    this.#dirtySessions = [];
    this.#written = 0;
    this.#fresh = 0;
  }

  #hostOf(maxBuffered: number): SessionHost {
    return {
      maxBuffered,
      settle: (session) => this.settle(session),
      flushSoon: (session) => {
        this.#dirtySessions.push(session);
        this.#schedule();
      },
      topic: (name, log) => this.topic(name, log),
      dispatch: (session, frame) => this.#dispatch(session, frame),
      ended: (session, reason) => {
        this.sessions.delete(session.id);
        for (const listener of this.#endListeners) listener(session, reason);
      },
      failed: (error, session) => this.#onError(error, `catching up ${session.id}`),
    };
  }

  readonly #topicHost: TopicHost = {
    flushSoon: (topic) => {
      this.#dirtyTopics.add(topic);
      this.#schedule();
    },
    release: (topic) => {
      this.#topics.delete(topic.name);
      this.#dirtyTopics.delete(topic);
    },
    failed: (topic, error) => this.#onError(error, `reading the log of ${topic.name}`),
  };
}

/** Those of whom it is true change places with the first. */
function putFirst<T>(list: T[], isTrue: (one: T) => boolean): void {
  let count = 0;
  for (let i = 0; i < list.length; i++) {
    const one = list[i] as T;
    if (!isTrue(one)) continue;
    list[i] = list[count] as T;
    list[count++] = one;
  }
}
