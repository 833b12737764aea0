import { type LogEntry, reachesHead } from './log.ts';
import type { Session } from './session.ts';
import type { Topic } from './topic.ts';

const PAGE = 200;

/**
 * One session's place in one topic: a cursor over its log.
 *
 *   held ── start ──▶ behind ──(reached the head)──▶ live
 *                        ▲                            │
 *                        └──(reader too slow, gap)────┘          any ── end ──▶ ended
 *
 * `held` takes note of the topic without being pushed to, so that whoever reads the log and starts from there
 * misses nothing in between. `behind` reads on from the tail or the log. Topics without a log are live at once.
 */
export class Subscription {
  readonly session: Session;
  readonly topic: Topic;
  cursor = 0;
  /** Where it began to be behind. */
  #from = 0;
  #state: 'held' | 'behind' | 'live' | 'ended';
  #reading = false;

  constructor(session: Session, topic: Topic) {
    this.session = session;
    this.topic = topic;
    this.#state = topic.log ? 'held' : 'live';
  }

  get live(): boolean {
    return this.#state === 'live';
  }

  /** Takes note only: its cursor says nothing yet. */
  get held(): boolean {
    return this.#state === 'held';
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** Goes on from a cursor: all that follows it is pushed. */
  start(cursor: number): void {
    this.place(cursor);
    this.catchUp();
  }

  /** Says from where it will go on; `catchUp` then goes. */
  place(cursor: number): void {
    if (this.#state === 'ended') return;
    this.cursor = cursor;
    this.#from = cursor;
    this.#state = 'behind';
  }

  /** Back to taking note only; the next `start` says from where. @returns where it was, if it was under way */
  hold(): number | undefined {
    const was = this.#state === 'live' || this.#state === 'behind' ? this.cursor : undefined;
    if (this.#state !== 'ended' && this.topic.log) this.#state = 'held';
    return was;
  }

  /** Stops being pushed to. `catchUp` reads on from the log. */
  fallBehind(): void {
    if (this.#state !== 'live' || !this.topic.log) return;
    this.#from = this.cursor;
    this.#state = 'behind';
  }

  end(): void {
    this.#state = 'ended';
  }

  /** Sends what is missing, as long as the connection takes it, and goes live at the head. */
  catchUp(): void {
    if (this.#state !== 'behind' || this.#reading || this.topic.head < 0) return;
    const entries = this.topic.since(this.cursor);
    if (entries === undefined) {
      this.#reading = true;
      this.#read()
        .catch((error: unknown) => this.session.subscriptionFailed(this, error))
        .finally(() => {
          this.#reading = false;
          if (this.#state === 'behind' && !this.session.congested) this.catchUp();
        });
      return;
    }
    if (!this.#send(entries)) return;
    this.cursor = Math.max(this.cursor, this.topic.head);
    this.#state = 'live';
  }

  /** @returns whether the connection took all of it; if not, it goes on when it has */
  #send(entries: readonly LogEntry[]): boolean {
    for (const entry of entries) {
      if (this.session.congested) {
        this.session.waitForDrain();
        return false;
      }
      const before = this.cursor;
      // Before it is written: the frame of an event stream says the cursor that holds after it.
      this.cursor = entry.seq;
      this.topic.write(this.session, entry, before, this.#from);
    }
    return true;
  }

  async #read(): Promise<void> {
    const { log } = this.topic;
    if (log === undefined) return;
    const from = this.cursor;
    const page = await log.read(from, PAGE);
    if (this.#state !== 'behind' || this.cursor !== from) return;
    if (page === null) {
      this.session.leave(this.topic.name);
      return;
    }
    if (!this.#send(page.entries)) return;
    if (reachesHead(page, PAGE)) this.cursor = Math.max(this.cursor, page.head);
  }
}
