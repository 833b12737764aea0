import type { Clock } from '../clock.ts';
import type { SudaClientError } from '../errors.ts';
import { asClientError } from '../errors.ts';

const EVERY = 1_000;

/** Tells the server how far I have read, about once a second, until it knows. */
export interface Reading {
  /** Further than before. 0: nothing of what was not told yet. */
  read(pos: number): void;
  /** Connected again: says what could not be said. @returns how far that is; 0: the server knows */
  resume(): number;
  stop(): void;
}

/** @param tell sends it; rejects with SudaClientError */
export function createReading(clock: Clock, tell: (pos: number) => Promise<unknown>): Reading {
  /** Not told yet, or 0. */
  let wanted = 0;
  let cancel: (() => void) | undefined;

  const go = (): void => {
    cancel = undefined;
    const pos = wanted;
    if (!pos) return;
    wanted = 0;
    cancel = clock.after(EVERY, go);
    tell(pos).catch((reason: unknown) => {
      const error: SudaClientError = asClientError(reason);
      // Not connected: `resume` comes. Refused for good: nobody needs to know.
      if (!error.retry) return;
      wanted ||= pos;
      if (error.retryAfter === undefined) return;
      cancel?.();
      cancel = clock.after(error.retryAfter, go);
    });
  };
  return {
    read(pos) {
      wanted = pos;
      if (!cancel) go();
    },
    resume() {
      const pos = wanted;
      if (!cancel) go();
      return pos;
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
