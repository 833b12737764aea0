/**
 * Time that passes only when told to: a list of what is due, in order. Nothing in it is real, so an hour takes no time
 * and the same seed gives the same run.
 */
export class SimulatedTime {
  #now = 1_700_000_000_000;
  #count = 0;
  readonly #due: { readonly at: number; readonly order: number; run: (() => void) | undefined }[] = [];

  now(): number {
    return this.#now;
  }

  /** Runs once after `ms`. @returns a function that cancels */
  after(ms: number, run: () => void): () => void {
    const entry = { at: this.#now + Math.max(0, ms), order: this.#count++, run: run as (() => void) | undefined };
    let index = this.#due.length;
    while (index > 0 && isLater(this.#due[index - 1], entry)) index--;
    this.#due.splice(index, 0, entry);
    return () => {
      entry.run = undefined;
    };
  }

  /** Lets everything happen that is due within `ms`, one thing at a time, each with all that follows from it at once. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const next = this.#due[0];
      if (next === undefined || next.at > end) break;
      this.#due.shift();
      if (next.run === undefined) continue;
      this.#now = next.at;
      next.run();
      await settle();
    }
    this.#now = end;
  }

  /** A clock whose timers all end with `stop`: that of one process, which may be killed. */
  process(): ProcessClock {
    return new ProcessClock(this);
  }
}

const isLater = (a: { at: number; order: number } | undefined, b: { at: number; order: number }): boolean =>
  a !== undefined && (a.at > b.at || (a.at === b.at && a.order > b.order));

/** All promises that can go on have gone on when a macrotask runs. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class ProcessClock {
  readonly #time: SimulatedTime;
  #alive = true;

  constructor(time: SimulatedTime) {
    this.#time = time;
  }

  get alive(): boolean {
    return this.#alive;
  }

  now(): number {
    return this.#time.now();
  }

  after(ms: number, run: () => void): () => void {
    return this.#time.after(ms, () => {
      if (this.#alive) run();
    });
  }

  soon(run: () => void): void {
    this.after(0, run);
  }

  /** kill -9: nothing of this process happens any more. */
  stop(): void {
    this.#alive = false;
  }
}

/** Mulberry32 (Tommy Ettinger's, public domain): a small seeded generator. @returns numbers in [0, 1) */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
