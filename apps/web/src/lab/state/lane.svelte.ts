import type { Handshake } from '../lanes/api.ts';
import type { Closing, Cursor, Heard, LaneName, LaneState } from '../lanes/lane.ts';
import { type Cost, hear, median, nothingSpent, spend, type Tally } from '../measure/tally.ts';
import { addFrame, type Frame, type NewFrame } from '../wire/frame.ts';

/** The page is painted anew at most this often, in milliseconds, however much goes over the wire. */
const PAINT_EVERY = 80;
/** So many latencies make the median, and so many texts are shown. */
const LATENCIES_KEPT = 200;
const TEXTS_KEPT = 6;

/** What is seen of a lane. */
export interface LaneView {
  readonly tally: Tally;
  readonly frames: readonly Frame[];
  readonly latencies: readonly number[];
  readonly texts: readonly { readonly pos: number; readonly name: string; readonly text: string }[];
}

const emptyView: LaneView = { tally: nothingSpent, frames: [], latencies: [], texts: [] };

/** One of the five: what it is doing, what it cost, what it heard. */
export class LaneModel {
  readonly name: LaneName;
  readonly #sentAt: (clientId: string) => number | undefined;
  readonly #spentOnSending: (name: LaneName, cost: Cost) => void;
  #now: LaneView = emptyView;
  #due: ReturnType<typeof setTimeout> | undefined;
  #frameId = 0;
  #lastPos = 0;
  #cursor: Cursor = { epoch: '', rev: 0 };
  #view = $state.raw<LaneView>(emptyView);
  #state = $state<LaneState>('connecting');
  #closing = $state.raw<Closing>();
  #handshakes = $state.raw<readonly Handshake[]>([]);
  #carrier = $state('');
  readonly median: number | undefined = $derived(median(this.#view.latencies));

  /**
   * @param sentAt when this page sent a message, by `performance.now()`
   * @param spentOnSending what saying something cost on this connection: counted apart, because not every lane can
   */
  constructor(name: LaneName, sentAt: (clientId: string) => number | undefined, spentOnSending: (name: LaneName, cost: Cost) => void) {
    this.name = name;
    this.#sentAt = sentAt;
    this.#spentOnSending = spentOnSending;
  }

  get view(): LaneView {
    return this.#view;
  }
  get state(): LaneState {
    return this.#state;
  }
  /** How it ended last; stays to be seen when it is open again. */
  get closing(): Closing | undefined {
    return this.#closing;
  }
  get handshakes(): readonly Handshake[] {
    return this.#handshakes;
  }
  /** What carries it, where that can change. */
  get carrier(): string {
    return this.#carrier;
  }
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** @param pos of the room's last message: what comes after it is to be heard */
  beginAt(cursor: Cursor, pos: number): void {
    this.#cursor = cursor;
    this.#lastPos = pos;
  }

  turn(state: LaneState, closing?: Closing): void {
    this.#state = state;
    if (closing) this.#closing = closing;
  }

  show(handshakes: readonly Handshake[]): void {
    this.#handshakes = handshakes;
  }

  carriedBy(carrier: string): void {
    this.#carrier = carrier;
  }

  spend(cost: Cost): void {
    this.#change({ tally: spend(this.#now.tally, cost) });
  }

  frame(frame: NewFrame, counted: 'listening' | 'sending' | 'elsewhere' = 'listening'): void {
    this.#frameId += 1;
    const frames = addFrame(this.#now.frames, frame, this.#frameId, performance.now());
    const cost = frame.way === 'up' ? { up: frame.bytes } : { down: frame.bytes };
    if (counted === 'sending') this.#spentOnSending(this.name, cost);
    this.#change({ frames, tally: counted === 'listening' ? spend(this.#now.tally, cost) : this.#now.tally });
  }

  hear(messages: readonly Heard[], cursor?: Cursor): void {
    const now = performance.now();
    for (const message of messages) this.#hearOne(message, now);
    if (cursor) this.#cursor = cursor;
  }

  /** Counts from nothing again; what is open stays open. */
  forget(): void {
    this.#now = emptyView;
    this.#closing = undefined;
    this.#change({});
  }

  #hearOne({ pos, rev, clientId, text = '', sender, kind }: Heard, now: number): void {
    const again = pos <= this.#lastPos && rev <= this.#cursor.rev;
    const changed = pos <= this.#lastPos && !again;
    this.#cursor = { epoch: this.#cursor.epoch, rev: Math.max(rev, this.#cursor.rev) };
    // An edit or a reaction is no message, and nothing that came twice.
    if (changed) return;
    const { tally, last } = hear(this.#now.tally, this.#lastPos, pos);
    this.#lastPos = last;
    if (again) {
      this.#change({ tally });
      return;
    }
    const sent = clientId === undefined ? undefined : this.#sentAt(clientId);
    const { latencies, texts } = this.#now;
    this.#change({
      tally,
      latencies: sent === undefined ? latencies : [...latencies, now - sent].slice(-LATENCIES_KEPT),
      texts: kind === 'notice' ? texts : [{ pos, text, name: sender?.name ?? '' }, ...texts].slice(0, TEXTS_KEPT),
    });
  }

  #change(change: Partial<LaneView>): void {
    this.#now = { ...this.#now, ...change };
    this.#due ??= setTimeout(() => {
      this.#due = undefined;
      this.#view = this.#now;
    }, PAINT_EVERY);
  }
}
