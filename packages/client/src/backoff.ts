const FIRST = 500;
const MOST = 30_000;
const LEAST = 100;

/**
 * How long to wait before a try: exponential with full jitter, so that clients that were lost together don't come back
 * together (M. Brooker, "Exponential Backoff And Jitter", AWS 2015).
 * @param attempt 0 for the first retry
 * @param random in [0, 1)
 * @returns milliseconds: up to 0.5 s at first, up to 30 s later, never less than 0.1 s
 */
export function backoff(attempt: number, random: number): number {
  const most = Math.min(MOST, FIRST * 2 ** Math.min(attempt, 16));
  return Math.max(LEAST, Math.floor(random * most));
}
