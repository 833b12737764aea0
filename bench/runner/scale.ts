export interface Scale {
  /** Where a value stands, from 0 to 1. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** From 0 to the first round number that nothing is above. */
export function linear(values: readonly number[]): Scale {
  const most = Math.max(...values, 0) || 1;
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.max(1, Math.ceil(most / step - 1e-9));
  return { at: (value) => value / (count * step), ticks: Array.from({ length: count + 1 }, (_, i) => i * step) };
}

/** Powers of ten around all values, which are above 0. */
export function logarithmic(values: readonly number[]): Scale {
  const some = values.filter((value) => value > 0);
  const first = Math.floor(Math.log10(Math.min(...some, Number.MAX_VALUE)) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...some, Number.MIN_VALUE)) - 1e-9));
  if (some.length === 0) return logarithmic([1, 10]);
  return {
    at: (value) => (value > 0 ? (Math.log10(value) - first) / (last - first) : 0),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i)),
  };
}
