/** The middle of some values; of an even number of them the mean of both. NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const spread = (values: readonly number[]): Spread => ({
  median: median(values),
  least: Math.min(...values),
  most: Math.max(...values),
});

/** Each round's ratio by itself: what the machine did in a round, it did to both. */
export const ratios = (own: readonly number[], reference: readonly number[]): readonly number[] =>
  own.slice(0, reference.length).map((value, i) => value / (reference[i] ?? Number.NaN));
