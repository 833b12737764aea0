const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 12,345 */
export const whole = (value: number): string => grouped.format(value);
export const fixed =
  (digits: number) =>
  (value: number): string =>
    value.toFixed(digits);
/** Of seconds. */
export const microseconds = (value: number): string => (value * 1e6).toFixed(2);
/** Of seconds. */
export const milliseconds = (value: number): string => (value * 1e3).toFixed(2);
/** Of a share. */
export const percent = (value: number): string => `${(value * 100).toFixed(0)} %`;
/** Of a share that is near to all or nothing. */
export const exactPercent = (value: number): string => `${value === 1 || value === 0 ? value * 100 : (value * 100).toFixed(3)} %`;
export const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);
export const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** 1.2M, for axes. */
export function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))}M`;
  if (value >= 1e3) return `${Number((value / 1e3).toPrecision(2))}k`;
  return String(Number(value.toPrecision(2)));
}
