import type { Encoding } from './connection.ts';
import { Entry, type Outgoing } from './entry.ts';
import { entryFor, type Log, type LogEntry, reachesHead, Tail } from './log.ts';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';

const TAIL_ENTRIES = 512;
const TAIL_BYTES = 512 * 1024;

/** What a topic needs of the hub that it belongs to. */
export interface TopicHost {
  /** The topic has something to send at the end of this tick. */
  flushSoon(topic: Topic): void;
  /** Nobody listens any more. */
  release(topic: Topic): void;
  /** A log could not be read. It is tried again when there is a reason to. */
  failed(topic: Topic, error: unknown): void;
}

/** An event of this tick; `seq` when it is of the log. */
interface Pending {
  readonly entry: Outgoing;
  readonly seq: number;
}

/**
 * What sessions listen to. Events that are only said (`emit`) reach whoever is live. A topic with a log also has
 * `offer`: changes with a seq, which every subscriber gets in order and without a gap (P4).
 */
export class Topic {
  readonly name: string;
  readonly log: Log | undefined;
  readonly subscriptions = new Set<Subscription>();
  readonly #host: TopicHost;
  #pending: Pending[] = [];
  /** How many of those that wait a session was handed already. */
  #ahead: Map<Session, number> | undefined;
  #head = -1;
  #wanted = 0;
  #tail: Tail | undefined;
  #starting: Promise<void> | undefined;
  #filling = false;

  constructor(name: string, host: TopicHost, log?: Log) {
    this.name = name;
    this.#host = host;
    this.log = log;
  }

  /** The highest seq that was passed on; -1 as long as the log was not looked at. */
  get head(): number {
    return this.#head;
  }

  /** Says something to everyone who is live. Ephemeral: who falls behind misses it. */
  emit(entry: Outgoing): void {
    if (this.subscriptions.size === 0) return;
    this.#push({ entry, seq: 0 });
  }

  #push(pending: Pending): void {
    if (this.#pending.push(pending) === 1) this.#host.flushSoon(this);
  }

  /** Looks at the log, once: from then on the head is known and a tail is kept. Rejects when the log can't be read; resolves false when it is gone. */
  async ready(): Promise<boolean> {
    const { log } = this;
    if (log === undefined || this.#tail) return true;
    this.#starting ??= this.#start(log).finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
    if (this.#tail === undefined) return false;
    if (this.#wanted > this.#head) this.#fill();
    return true;
  }

  async #start(log: Log): Promise<void> {
    const end = await log.read(Number.MAX_SAFE_INTEGER, 1);
    if (end === null) return;
    const from = Math.max(0, end.head - TAIL_ENTRIES);
    const page = await log.read(from, TAIL_ENTRIES);
    if (page === null) return;
    const tail = new Tail(from, TAIL_ENTRIES, TAIL_BYTES);
    for (const entry of page.entries) tail.push(entry);
    this.#head = reachesHead(page, TAIL_ENTRIES) ? page.head : (page.entries.at(-1)?.seq ?? from);
    this.#tail = tail;
    if (this.#head < page.head) this.#wanted = Math.max(this.#wanted, page.head);
  }

  /**
   * A change of the log, or the hint of one: equal or lower seq is dropped, the next is passed on, a higher one makes the
   * topic read what is between first. So a hint may be lost, doubled or late.
   */
  offer(entry: LogEntry): void {
    if (entry.seq > this.#wanted) this.#wanted = entry.seq;
    if (this.#tail === undefined) return;
    if (entry.seq === this.#head + 1) this.#accept(entry);
    else if (entry.seq > this.#head) this.#fill();
  }

  #accept(entry: LogEntry): void {
    if (this.log === undefined || this.#tail === undefined) return;
    const name = entry.first === entry.seq ? this.log.names.fresh : this.log.names.changed;
    this.#head = entry.seq;
    this.#tail.push(entry);
    this.#push({ entry: new Entry(name, entry.json), seq: entry.seq });
  }

  /** Reads on from the head. What was read may skip seqs; live subscribers then catch up instead of being pushed to. */
  #fill(): void {
    const { log } = this;
    if (this.#filling || log === undefined) return;
    this.#filling = true;
    void this.#readOn(log);
  }

  async #readOn(log: Log): Promise<void> {
    try {
      while (this.#head < this.#wanted) {
        const from = this.#head;
        const page = await log.read(from, TAIL_ENTRIES);
        if (page === null || this.#tail === undefined) return;
        const reached = reachesHead(page, TAIL_ENTRIES) ? page.head : (page.entries.at(-1)?.seq ?? page.head);
        // Late hints may have been passed on during the read, up to where it reached or beyond.
        if (reached <= this.#head) {
          if (this.#head > from) continue;
          return;
        }
        for (const entry of page.entries) if (entry.seq > this.#head) this.#tail.push(entry);
        this.#head = reached;
        for (const subscription of this.subscriptions) subscription.fallBehind();
      }
    } catch (error) {
      this.#host.failed(this, error);
    } finally {
      // In the same step as the last look at `#wanted`: a hint that came in between would be nobody's.
      this.#filling = false;
      for (const subscription of this.subscriptions) subscription.catchUp();
    }
  }

  /** See `Tail.since`. */
  since(cursor: number): readonly LogEntry[] | undefined {
    return this.#tail?.since(cursor);
  }

  add(subscription: Subscription): void {
    this.subscriptions.add(subscription);
  }

  remove(subscription: Subscription): void {
    this.subscriptions.delete(subscription);
    if (this.subscriptions.size === 0) this.#host.release(this);
  }

  /** Hands this tick's events to every live subscriber: for most of them the very same bytes. @returns how many there were */
  flush(): number {
    const pending = this.#pending;
    if (pending.length === 0) return 0;
    const ahead = this.#ahead;
    this.#pending = [];
    this.#ahead = undefined;
    const logged = pending.filter(({ seq }) => seq > 0);
    const first = logged[0]?.seq ?? 0;
    const last = logged.at(-1)?.seq ?? 0;
    const kept = pending.every(({ entry }) => entry.kept);
    const excepted = exceptedOf(pending);
    const shared = new Map<Encoding, Uint8Array>();
    let encoding: Encoding | undefined;
    let bytes: Uint8Array | undefined;
    for (const subscription of this.subscriptions) {
      if (!subscription.live) continue;
      const { session } = subscription;
      if (!kept && session.congested) {
        this.#flushBehind(subscription, pending, ahead?.get(session) ?? 0, first);
        continue;
      }
      const asAll = (first === 0 || subscription.cursor < first) && !excepted?.has(session.id) && !ahead?.has(session);
      if (!asAll || session.encoding.logged) {
        this.#flushOne(subscription, pending, ahead?.get(session) ?? 0);
        continue;
      }
      if (bytes === undefined || session.encoding !== encoding) {
        encoding = session.encoding;
        bytes = shared.get(encoding) ?? join(pending.map(({ entry }) => entry.frame(session.encoding)));
        shared.set(encoding, bytes);
      }
      if (last > 0) subscription.cursor = last;
      if (kept) session.say(bytes);
      else session.enqueue(bytes);
    }
    return pending.length;
  }

  /** A reader who is behind misses what is ephemeral; what is of the log it reads later. */
  #flushBehind(subscription: Subscription, pending: readonly Pending[], from: number, first: number): void {
    const { session } = subscription;
    for (const { entry } of pending.slice(from))
      if (entry.kept && !entry.except?.has(session.id)) session.say(entry.frame(session.encoding));
    if (first === 0) return;
    subscription.fallBehind();
    session.waitForDrain();
  }

  #flushOne(subscription: Subscription, pending: readonly Pending[], from: number): void {
    const { session } = subscription;
    for (let i = from; i < pending.length; i++) {
      const { entry, seq } = pending[i] as Pending;
      if (seq > 0 && entry instanceof Entry) {
        if (seq <= subscription.cursor) continue;
        subscription.cursor = seq;
        session.enqueue(session.encoding.logged?.(entry.event, entry.json, session) ?? entry.frame(session.encoding));
      } else if (!entry.except?.has(session.id)) {
        if (entry.kept) session.say(entry.frame(session.encoding));
        else session.enqueue(entry.frame(session.encoding));
      }
    }
  }

  /**
   * Hands one session what waits for the end of the tick, now: what is said to it next is said after that. Only for topics without
   * a log, whose members come and go in the order in which things are said.
   */
  settle(session: Session): void {
    const count = this.#pending.length;
    if (count === 0 || this.log !== undefined) return;
    const subscription = session.subscriptions.get(this.name);
    if (subscription?.topic !== this) return;
    const from = this.#ahead?.get(session) ?? 0;
    if (from === count) return;
    if (session.congested) this.#flushBehind(subscription, this.#pending, from, 0);
    else this.#flushOne(subscription, this.#pending, from);
    this.#mark(session, count);
  }

  /** What was said before this session came is not for it. */
  skip(session: Session): void {
    if (this.#pending.length > 0) this.#mark(session, this.#pending.length);
  }

  #mark(session: Session, count: number): void {
    this.#ahead ??= new Map();
    this.#ahead.set(session, count);
  }

  /** Hands one entry to a session that has everything up to `cursor`, and is catching up since `from`. */
  write(session: Session, entry: LogEntry, cursor: number, from: number): void {
    if (this.log === undefined) return;
    const event = entryFor(this.log, entry, cursor, from);
    session.enqueue(session.encoding.logged?.(event.event, event.json, session) ?? event.frame(session.encoding));
  }
}

function join(frames: readonly Uint8Array[]): Uint8Array {
  const [only] = frames;
  return frames.length === 1 && only ? only : Buffer.concat(frames);
}

/** Everyone who is not to hear some of it. */
function exceptedOf(pending: readonly Pending[]): ReadonlySet<string> | undefined {
  let all: Set<string> | undefined;
  for (const { entry } of pending) {
    if (entry.except === undefined) continue;
    all ??= new Set();
    for (const id of entry.except) all.add(id);
  }
  return all;
}
