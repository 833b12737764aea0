/** Time, given in so that tests and simulations hold it. */
export interface Clock {
  /** Milliseconds; only differences matter. */
  now(): number;
  /** Runs once after so many milliseconds. @returns a function that cancels it */
  after(ms: number, run: () => void): () => void;
}

/** The platform's time. In Node its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer: unknown = setTimeout(run, ms);
    if (typeof timer === 'object' && timer !== null && 'unref' in timer && typeof timer.unref === 'function') timer.unref();
    return () => clearTimeout(timer as ReturnType<typeof setTimeout>);
  },
};
