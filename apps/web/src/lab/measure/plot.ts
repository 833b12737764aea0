/** A plot from one millisecond to three seconds. Logarithmic: the transports lie a thousandfold apart. */
export const PLOT = { width: 240, height: 112, left: 30, least: 1, most: 3_000 } as const;

/** So many of the latest messages are shown. */
export const POINTS = 48;

/** Grid lines, in milliseconds. */
export const ticks = [1, 10, 100, 1_000] as const;

/** Where a latency lies, in plot units from above. */
export function heightOf(ms: number): number {
  const { least, most, height } = PLOT;
  const bounded = Math.min(most, Math.max(least, ms));
  const share = Math.log(bounded / least) / Math.log(most / least);
  return Math.round((height - 6 - share * (height - 12)) * 10) / 10;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The latest points from left to right; the newest is at the right edge. */
export function pointsOf(latencies: readonly number[]): Point[] {
  const shown = latencies.slice(-POINTS);
  const step = (PLOT.width - PLOT.left - 8) / (POINTS - 1);
  return shown.map((ms, i) => ({ x: Math.round((PLOT.width - 6 - (shown.length - 1 - i) * step) * 10) / 10, y: heightOf(ms) }));
}

/** `0.8 ms`, `12 ms`, `1.2 s`. */
export function sayLatency(ms: number, language: string): string {
  const number = (value: number, digits: number): string =>
    new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return ms < 1_000 ? `${number(ms, ms < 10 ? 1 : 0)} ms` : `${number(ms / 1_000, ms < 10_000 ? 1 : 0)} s`;
}
