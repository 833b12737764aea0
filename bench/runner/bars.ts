import { linear, logarithmic } from './scale.ts';
import type { Spread } from './statistics.ts';
import { drawing, element, text, widthOf } from './svg.ts';

export interface Bar {
  readonly group: string;
  readonly name: string;
  /** One of the tones; 0 is ours. */
  readonly tone: number;
  readonly value: Spread;
}

const [HEIGHT, GAP, TOP, PLOT] = [22, 12, 62, 430];

/** Bars that lie, in groups, each with its median beside it and a stroke from the least to the most. */
export function bars(title: string, subtitle: string, all: readonly Bar[], format: (value: number) => string, log: boolean): string {
  const some = all.filter(({ value }) => Number.isFinite(value.median));
  const scale = (log ? logarithmic : linear)(some.flatMap(({ value }) => [value.median, value.least, value.most]).filter(Number.isFinite));
  const left = 24 + Math.max(...some.map(({ name }) => widthOf(name, 13)), 40);
  const right = 24 + Math.max(...some.map(({ value }) => widthOf(format(value.median), 13)), 30);
  const at = (value: number): number => left + Math.min(1, Math.max(0, scale.at(value))) * PLOT;
  const content: string[] = [];
  let y = TOP;
  let group: string | undefined;
  for (const { group: own, name, tone, value } of some) {
    if (own !== group) {
      y += group === undefined ? 0 : GAP;
      if (own !== '') {
        content.push(text(16, y + 14, own, 'group'));
        y += HEIGHT;
      }
      group = own;
    }
    content.push(text(left - 8, y + 14, name, '', 'end'));
    content.push(
      element('rect', { x: left, y: y + 3, width: Math.max(1, at(value.median) - left), height: HEIGHT - 8, class: `t${tone}` }),
    );
    if (value.least !== value.most) {
      content.push(element('line', { x1: at(value.least), x2: at(value.most), y1: y + 10, y2: y + 10, class: 'spread' }));
    }
    content.push(text(Math.max(at(value.median), at(value.most)) + 6, y + 14, format(value.median)));
    y += HEIGHT;
  }
  const grid = scale.ticks.flatMap((tick) => [
    element('line', { x1: at(tick), x2: at(tick), y1: TOP - 6, y2: y + 4, class: tick === scale.ticks[0] ? 'axis' : 'grid' }),
    text(at(tick), y + 20, format(tick), 'quiet', 'middle'),
  ]);
  const width = Math.max(left + PLOT + right, 32 + widthOf(title, 16), 32 + widthOf(subtitle, 12));
  return drawing(width, y + 34, title, [text(16, 26, title, 'title'), text(16, 46, subtitle, 'quiet'), ...grid, ...content]);
}
