/** What one thing cost on the wire, in bytes. */
export interface Cost {
  readonly requests?: number;
  readonly up?: number;
  readonly down?: number;
}

/** What a transport has spent, and what for. */
export interface Tally {
  readonly requests: number;
  readonly up: number;
  readonly down: number;
  readonly heard: number;
  /** Positions that never came. */
  readonly missed: number;
  /** Positions that came again. */
  readonly doubled: number;
}

export const nothingSpent: Tally = { requests: 0, up: 0, down: 0, heard: 0, missed: 0, doubled: 0 };

export function spend(tally: Tally, { requests = 0, up = 0, down = 0 }: Cost): Tally {
  return { ...tally, requests: tally.requests + requests, up: tally.up + up, down: tally.down + down };
}

/**
 * Counts a message that was heard.
 * @param last the highest position heard before
 * @returns the tally, and the highest position now
 */
export function hear(tally: Tally, last: number, pos: number): { readonly tally: Tally; readonly last: number } {
  if (pos <= last) return { tally: { ...tally, doubled: tally.doubled + 1 }, last };
  return { tally: { ...tally, heard: tally.heard + 1, missed: tally.missed + pos - last - 1 }, last: pos };
}

/** The middle one; of an even number the mean of the two in the middle. Undefined of none. */
export function median(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}

/** For each message heard; undefined before the first. */
export function perMessage(tally: Tally, what: (tally: Tally) => number): number | undefined {
  return tally.heard === 0 ? undefined : what(tally) / tally.heard;
}
