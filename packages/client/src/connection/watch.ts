import type { Clock } from '../clock.ts';

const TICK = 5_000;
/** A tick that comes this much too late was slept through. */
const JUMP = 10_000;

/** Sees to it that a link which stands is alive. */
export interface Watch {
  /** Something came. */
  heard(): void;
  /** Asks for a sign of life within so many milliseconds. */
  check(within: number, dead: () => void): void;
  stop(): void;
}

/**
 * @param quiet milliseconds of silence after which a sign of life is asked for
 * @param ping makes the server say something
 * @param silent nothing came within 10 s after that: the connection is half open
 * @param jumped the clock leapt: this machine has slept
 */
export function watch(clock: Clock, quiet: number, ping: () => void, silent: () => void, jumped: () => void): Watch {
  let heardAt = clock.now();
  let tickAt = heardAt;
  let cancelTick = (): void => {};
  let cancelCheck: (() => void) | undefined;
  let checkUntil = 0;

  const self: Watch = {
    heard() {
      heardAt = clock.now();
      cancelCheck?.();
      cancelCheck = undefined;
    },
    check(within, dead) {
      const until = clock.now() + within;
      if (cancelCheck && checkUntil <= until) return;
      cancelCheck?.();
      checkUntil = until;
      cancelCheck = clock.after(within, dead);
      ping();
    },
    stop() {
      cancelTick();
      cancelCheck?.();
    },
  };

  const tick = (): void => {
    const now = clock.now();
    const slept = now - tickAt > TICK + JUMP;
    tickAt = now;
    cancelTick = clock.after(TICK, tick);
    // A hidden tab's timers come late too, but then the server has been heard in between.
    if (now - heardAt < quiet) return;
    if (slept) jumped();
    else if (!cancelCheck) self.check(10_000, silent);
  };
  cancelTick = clock.after(TICK, tick);
  return self;
}
