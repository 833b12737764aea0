/**
 * Which transport to try next. Pure: each step gives the next memory.
 *
 * A transport is given up for the one behind it only while the server can be reached: a server that is down must not teach
 * its clients that WebSockets are blocked. Later a better one is tried again, on a reconnect, at growing distances.
 */
export interface Fallback {
  /** Place in the list of transports, best first. */
  readonly index: number;
  /** Failures of this transport in a row before the server's first word. */
  readonly strikes: number;
  /** From when on a reconnect begins with the best again; Infinity unless one behind it has worked. */
  readonly betterAt: number;
  /** Milliseconds between such tries. */
  readonly distance: number;
  /** A plain request failed too: what failed before and since says nothing about a transport. */
  readonly down: boolean;
}

/** How a try ended before the server's greeting was complete. */
export type Failure =
  /** Not even a plain request reached the server. */
  | 'unreachable'
  /** The transport failed: it never opened, broke before the first reply, or its first bytes did not come. */
  | 'transport';

const STRIKES = 2;
const MINUTE = 60_000;

export const firstChoice: Fallback = { index: 0, strikes: 0, betterAt: Number.POSITIVE_INFINITY, distance: MINUTE, down: false };

/** A try begins. */
export function choose(memory: Fallback, now: number): Fallback {
  if (memory.index === 0 || now < memory.betterAt) return memory;
  // One failure is enough this time.
  return {
    ...firstChoice,
    strikes: STRIKES - 1,
    distance: Math.min(memory.distance * 2, 60 * MINUTE),
  };
}

/** A try failed. `count` is the number of transports. */
export function afterFailure(memory: Fallback, failure: Failure, count: number): Fallback {
  if (failure === 'unreachable') {
    // One that has worked before will work again when the server is back.
    if (memory.index === 0 || Number.isFinite(memory.betterAt)) return memory;
    return { ...memory, index: 0, strikes: 0, down: true };
  }
  const strikes = memory.strikes + 1;
  if (memory.index === 0 && strikes < STRIKES) return { ...memory, strikes };
  return { ...memory, index: (memory.index + 1) % count, strikes: 0 };
}

/**
 * The server has answered a first request, over the way of this transport. @returns the memory to begin again with, when the server was down
 * a moment ago and the better transports have had no fair try
 */
export function afterRecovery({ down, index }: Fallback): Fallback | undefined {
  return down && index > 0 ? firstChoice : undefined;
}

/** The server has greeted us over this transport. */
export function afterSuccess(memory: Fallback, now: number): Fallback {
  if (memory.index === 0) return firstChoice;
  return { ...memory, strikes: 0, down: false, betterAt: Number.isFinite(memory.betterAt) ? memory.betterAt : now + memory.distance };
}
