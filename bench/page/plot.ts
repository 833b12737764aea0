import type { Scrolling } from './in-page.ts';

const width = 860;
const rowHeight = 120;
const [left, right, top] = [150, 20, 40];
const most = 100;

const at = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

export const p95 = (values: readonly number[]): number => at(values, 0.95);
export const median = (values: readonly number[]): number => at(values, 0.5);

/** The share of frames that took longer. */
export const beyond = (values: readonly number[], limit: number): number => values.filter((ms) => ms > limit).length / values.length;

/** Every frame of every way of scrolling as a bar: how long it took. Lines at 60 and 30 frames a second. */
export function plot(title: string, all: readonly Scrolling[]): string {
  const height = top + all.length * rowHeight + 10;
  const inner = width - left - right;
  const y = (row: number, ms: number): number => top + (row + 1) * rowHeight - 22 - (Math.min(ms, most) / most) * (rowHeight - 34);
  const parts: string[] = [];
  for (const [row, { name, intervals }] of all.entries()) {
    const bar = inner / intervals.length;
    const path = intervals.map((ms, i) => `M${(left + i * bar).toFixed(1)} ${y(row, 0).toFixed(1)}V${y(row, ms).toFixed(1)}`).join('');
    parts.push(`<path d="${path}" stroke="#17695a" stroke-width="${Math.max(0.6, bar * 0.8).toFixed(2)}"/>`);
    for (const ms of [16.7, 33.3]) {
      parts.push(
        `<path d="M${left} ${y(row, ms).toFixed(1)}H${width - right}" stroke="#b83c14" stroke-width="0.7" stroke-dasharray="3 3"/>`,
      );
      parts.push(`<text x="${left - 6}" y="${(y(row, ms) + 3).toFixed(1)}" text-anchor="end" font-size="9">${ms} ms</text>`);
    }
    parts.push(`<text x="12" y="${y(row, 60)}" font-weight="600">${name}</text>`);
    parts.push(`<text x="12" y="${y(row, 60) + 16}">p95 ${p95(intervals).toFixed(1)} ms</text>`);
    parts.push(`<text x="12" y="${y(row, 60) + 31}">${(beyond(intervals, 17.5) * 100).toFixed(1)} % late</text>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="#26231d"><title>${title}</title><rect width="100%" height="100%" fill="#fffdf8"/><text x="12" y="22" font-size="13" font-weight="600">${title}</text>${parts.join('')}</svg>\n`;
}
