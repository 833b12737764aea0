import { fixed } from './formats.ts';
import type { Scenario } from './scenario.ts';
import type { Spread } from './statistics.ts';
import { FLOOR, type Row } from './summary.ts';

/** How a value stands in a cell. */
const cell = ({ median, least, most }: Spread, format: (value: number) => string, withSpread: boolean): string => {
  if (Number.isNaN(median)) return '–';
  return withSpread && least !== most ? `${format(median)} (${format(least)}–${format(most)})` : format(median);
};

/** Columns of text, the first two and so many at the end to the left, the others to the right. */
export function columns(lines: readonly (readonly string[])[], lastLeft = 0): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => [...(line[at] ?? '')].length)));
  return lines
    .map((line) =>
      line
        .map((text, at) => {
          const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - [...text].length));
          return at < 2 || at >= line.length - lastLeft ? text + gap : gap + text;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A scenario's table: rows by point, and then by peer; below it what a reader must know of some of them. */
export function table(scenario: Scenario, rows: readonly Row[], title: (peer: string) => string, lacks: (peer: string) => string): string {
  const notes: string[] = [];
  const marked = ({ notes: own }: Row): string =>
    own
      .map((note) => {
        if (!notes.includes(note)) notes.push(note);
        return `[${notes.indexOf(note) + 1}]`;
      })
      .join('');
  const ratio = rows.some((row) => row.ratio !== undefined);
  const floor = rows.some((row) => row.floor !== undefined);
  const head = [
    '',
    'peer',
    ...scenario.columns.map((column) => column.title),
    ...(ratio ? [`× ${title(scenario.reference ?? '')}`] : []),
    ...(floor ? [`× ${title(FLOOR)}`] : []),
    'does not',
  ];
  let last = '';
  const body = rows.map((row) => {
    const point = row.point === last ? '' : row.point;
    last = row.point;
    return [
      point,
      `${title(row.peer)} ${marked(row)}`.trim(),
      ...scenario.columns.map(({ key, format, spread }) =>
        cell(row.values[key] ?? { median: Number.NaN, least: 0, most: 0 }, format, spread === true),
      ),
      ...(ratio ? [row.ratio === undefined ? '' : cell(row.ratio, fixed(2), true)] : []),
      ...(floor ? [row.floor === undefined ? '' : cell(row.floor, fixed(2), true)] : []),
      lacks(row.peer),
    ];
  });
  return [columns([head, ...body], 1), ...notes.map((note, i) => `[${i + 1}] ${note}`)].join('\n');
}
