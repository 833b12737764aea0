import type { Opening } from './in-page.ts';
import type { PageResult } from './page.ts';
import { beyond, median, p95 } from './plot.ts';

const ms = (value: number): string => `${value.toFixed(value < 100 ? 1 : 0)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const opened = ({ painted, messages, interactive }: Opening): string =>
  `first paint ${ms(painted)}, messages ${ms(messages)}, interactive ${ms(interactive)}`;

/** Prints what was measured, as lines and tables. */
export function printPage(result: PageResult, line: (widths: readonly number[], ...cells: readonly (string | number)[]) => void): void {
  const { slowdown, messages, scrolling, files, heap } = result;
  console.log(`\nthe chat page: a room of ${messages.toLocaleString('en')} messages, Chromium, 1200 × 800`);
  console.log(`  opened: ${opened(result.opening)}`);
  console.log(`  opened, processor ${slowdown} × slower: ${opened(result.openingSlowed)}`);
  console.log(`  all below with the processor ${slowdown} × slower`);
  const widths = [20, 10, 10, 11, 11, 10, 11];
  line(widths, '  scrolling', 'median', 'p95', '> 16.7 ms', '> 33.3 ms', 'elements', 'empty');
  for (const { name, intervals, elements, empty } of scrolling) {
    // A frame's time is that of its vertical blank, give or take a fraction of a millisecond.
    const late = [beyond(intervals, 17.5), beyond(intervals, 34)].map(percent);
    line(widths, `  ${name}`, ms(median(intervals)), ms(p95(intervals)), ...late, elements, percent(empty));
  }
  line([34, 10, 10, 10], '  typing, keydown to paint', 'median', 'p95', 'most');
  for (const [name, waits] of [
    ['quiet', result.typing],
    ['20 messages a second', result.typingInUproar],
  ] as const)
    line([34, 10, 10, 10], `  ${name}`, ms(median(waits)), ms(p95(waits)), ms(Math.max(...waits)));
  console.log(`  JavaScript heap after all of it: ${(heap / 2 ** 20).toFixed(1)} MB`);
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(`  first load: ${(total / 1024).toFixed(1)} KB gzipped of scripts and styles`);
  for (const { name, bytes } of files) console.log(`    ${(bytes / 1024).toFixed(1).padStart(6)} KB ${name}`);
}
