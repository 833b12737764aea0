/** Sub-buckets of each power of two: what is told is off by at most a thousandth. */
const BITS = 10;
const SUB = 1 << BITS;
/** Half an hour: below 2³¹, where bits can still be counted. */
const LONGEST = 1_800_000_000;

/**
 * Times in microseconds, of which any percentile can be told afterwards: buckets as in HdrHistogram (hdrhistogram.org), of a fixed relative
 * width. Those of several rounds are merged before a percentile is taken: the mean of percentiles is none.
 */
export class Histogram {
  readonly #counts = new Float64Array(SUB * 32);
  #total = 0;

  /** @param microseconds at least 0; above half an hour it counts as that. @param times how often */
  add(microseconds: number, times = 1): void {
    const index = bucketOf(Math.min(Math.max(0, Math.round(microseconds)), LONGEST));
    this.#counts[index] = (this.#counts[index] ?? 0) + times;
    this.#total += times;
  }

  get total(): number {
    return this.#total;
  }

  merge(other: Histogram): void {
    for (let i = 0; i < this.#counts.length; i++) this.#counts[i] = (this.#counts[i] ?? 0) + (other.#counts[i] ?? 0);
    this.#total += other.#total;
  }

  /** The smallest time that at least this share of all is not above, in microseconds; 0 of nothing. @param share in (0, 1] */
  percentile(share: number): number {
    let left = Math.ceil(this.#total * share);
    if (left === 0) return 0;
    for (let i = 0; i < this.#counts.length; i++) {
      left -= this.#counts[i] ?? 0;
      if (left <= 0) return highestOf(i);
    }
    return highestOf(this.#counts.length - 1);
  }
}

function bucketOf(value: number): number {
  if (value < SUB) return value;
  const shift = 31 - Math.clz32(value) - BITS;
  return (shift + 1) * SUB + (Math.floor(value / 2 ** shift) - SUB);
}

function highestOf(bucket: number): number {
  if (bucket < SUB) return bucket;
  const shift = Math.floor(bucket / SUB) - 1;
  return (SUB + (bucket % SUB) + 1) * 2 ** shift - 1;
}
