/** Time as an argument, so that a test can make an hour pass. */
export interface Clock {
  /** Milliseconds. Only differences mean anything. */
  now(): number;
  /** Runs once after `ms` milliseconds. @returns a function that cancels */
  after(ms: number, run: () => void): () => void;
  /** Runs when what this tick brought has been taken in: the end of the tick. */
  soon(run: () => void): void;
}

/** The machine's own. Its timers keep no process alive. */
export const systemClock: Clock = {
  // Monotonic: a clock that is set forward must not make every connection look silent (P9).
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  soon: (run) => void setImmediate(run),
};
