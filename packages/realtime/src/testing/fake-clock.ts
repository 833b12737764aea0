import type { Clock } from '../clock.ts';

/** Time that passes only when a test says so. `soon` runs at `tick`, timers at `pass`. */
export class FakeClock implements Clock {
  #now = 1_000_000;
  #soon: (() => void)[] = [];
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  soon(run: () => void): void {
    this.#soon.push(run);
  }

  /** Whether something was put off to the end of the tick. */
  get isBusy(): boolean {
    return this.#soon.length > 0;
  }

  /** The end of a tick: promises that are settled run their course, then what was put off to `soon`. */
  async tick(): Promise<void> {
    await settled();
    for (const run of this.#soon.splice(0)) run();
    await settled();
  }

  /** Time passes, but the event loop is late: no timer has fired yet. */
  late(ms: number): void {
    this.#now += ms;
  }

  /** Lets time pass, timer by timer. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.tick();
    }
    this.#now = end;
  }
}

/** Every promise that can go on without the outside world has gone on. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
