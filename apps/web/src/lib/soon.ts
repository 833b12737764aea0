/** What a test puts in the place of the browser. */
export interface Time {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

const browser: Time = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Something that is done a moment after it was wanted. */
export interface Soon {
  want(): void;
  stop(): void;
}

/**
 * What every page does when all hear of the same thing. Each picks a moment of its own, so that the server isn't asked by all at once.
 * @param spread within so many milliseconds
 * @param rest and so many after the last time at the earliest
 */
export function soon(run: () => void, spread: number, rest: number, time: Time = browser): Soon {
  let last = Number.NEGATIVE_INFINITY;
  let cancel: (() => void) | undefined;
  return {
    want() {
      cancel ??= time.after(Math.max(0, last + rest - time.now()) + time.random() * spread, () => {
        cancel = undefined;
        last = time.now();
        run();
      });
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
