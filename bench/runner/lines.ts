import { short } from './formats.ts';
import { linear, logarithmic } from './scale.ts';
import type { Spread } from './statistics.ts';
import { drawing, element, text, tones, widthOf } from './svg.ts';

export interface Line {
  readonly name: string;
  readonly tone: number;
  readonly points: readonly { readonly x: number; readonly y: Spread }[];
}

const [LEFT, TOP, WIDTH, HEIGHT] = [72, 70, 480, 260];

/** Lines over an axis in powers of ten, each with its name at its end, and a stroke from the least to the most at each point. */
export function lines(
  title: string,
  subtitle: string,
  axis: string,
  all: readonly Line[],
  format: (value: number) => string,
  log: boolean,
): string {
  const points = all.flatMap(({ points: own }) => own).filter(({ y }) => Number.isFinite(y.median));
  const across = logarithmic(points.map(({ x }) => x));
  const up = (log ? logarithmic : linear)(points.flatMap(({ y }) => [y.median, y.least, y.most]));
  const x = (value: number): number => LEFT + across.at(value) * WIDTH;
  const y = (value: number): number => TOP + HEIGHT - Math.min(1, Math.max(0, up.at(value))) * HEIGHT;
  const content = [
    ...up.ticks.flatMap((tick) => [
      element('line', { x1: LEFT, x2: LEFT + WIDTH, y1: y(tick), y2: y(tick), class: tick === up.ticks[0] ? 'axis' : 'grid' }),
      text(LEFT - 8, y(tick) + 4, format(tick), 'quiet', 'end'),
    ]),
    ...across.ticks.map((tick) => text(x(tick), TOP + HEIGHT + 20, short(tick), 'quiet', 'middle')),
    text(LEFT + WIDTH / 2, TOP + HEIGHT + 40, axis, 'quiet', 'middle'),
  ];
  // Names that would stand on each other move apart.
  let lowest = Number.NEGATIVE_INFINITY;
  const ended = all
    .map((line) => ({ line, own: line.points.filter(({ y: value }) => Number.isFinite(value.median)) }))
    .filter(({ own }) => own.length > 0)
    .map(({ line, own }) => ({ line, own, end: y(own.at(-1)?.y.median ?? 0) }))
    .toSorted((a, b) => a.end - b.end);
  for (const { line, own, end } of ended) {
    const tone = line.tone % tones;
    content.push(
      element('polyline', {
        points: own.map((point) => `${x(point.x).toFixed(1)},${y(point.y.median).toFixed(1)}`).join(' '),
        class: `line s${tone}`,
      }),
    );
    for (const point of own) {
      content.push(element('line', { x1: x(point.x), x2: x(point.x), y1: y(point.y.least), y2: y(point.y.most), class: `s${tone}` }));
      content.push(element('circle', { cx: x(point.x), cy: y(point.y.median), r: 3.5, class: `t${tone}` }));
    }
    lowest = Math.max(end, lowest + 16);
    content.push(text(x(own.at(-1)?.x ?? 1) + 10, lowest + 4, line.name));
  }
  const right = 30 + Math.max(...all.map(({ name }) => widthOf(name, 13)), 0);
  const width = Math.max(LEFT + WIDTH + right, 32 + widthOf(title, 16), 32 + widthOf(subtitle, 12));
  return drawing(width, TOP + HEIGHT + 56, title, [text(16, 26, title, 'title'), text(16, 46, subtitle, 'quiet'), ...content]);
}
