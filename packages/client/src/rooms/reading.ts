import type { Clock } from '../clock.ts';
import type { SudaClientError } from '../errors.ts';
import { asClientError } from '../errors.ts';

const EVERY = 1_000;

/** Tells the server how far I have read: forward only, about once a second, until it knows. */
export interface Reading {
  read(pos: number): void;
  /** Connected again: says what could not be said. */
  resume(): void;
  stop(): void;
}

/** @param tell sends it; rejects with SudaClientError */
export function createReading(clock: Clock, tell: (pos: number) => Promise<unknown>): Reading {
  let wanted = 0;
  let told = 0;
  let cancel: (() => void) | undefined;

  const go = (): void => {
    cancel = undefined;
    if (wanted <= told) return;
    const pos = wanted;
    const before = told;
    told = pos;
    cancel = clock.after(EVERY, go);
    tell(pos).catch((reason: unknown) => {
      const error: SudaClientError = asClientError(reason);
      // Not connected: `resume` comes. Refused for good: nobody needs to know.
      if (error.retry && told === pos) told = before;
      if (error.retryAfter === undefined || told >= wanted) return;
      cancel?.();
      cancel = clock.after(error.retryAfter, go);
    });
  };
  return {
    read(pos) {
      if (pos <= wanted) return;
      wanted = pos;
      if (!cancel) go();
    },
    resume() {
      if (!cancel) go();
    },
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
