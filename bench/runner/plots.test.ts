import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bars } from './bars.ts';
import { short } from './formats.ts';
import { lines } from './lines.ts';
import { linear, logarithmic } from './scale.ts';
import { columns } from './table.ts';

describe('scales', () => {
  it('a linear one begins at 0 and ends at a round number above all', () => {
    assert.deepEqual(linear([3, 87]).ticks, [0, 25, 50, 75, 100]);
    assert.equal(linear([3, 87]).at(50), 0.5);
    assert.deepEqual(linear([]).ticks.length > 1, true);
  });

  it('a logarithmic one has the powers of ten around all', () => {
    assert.deepEqual(logarithmic([120, 7_000_000]).ticks, [100, 1e3, 1e4, 1e5, 1e6, 1e7]);
    assert.deepEqual(logarithmic([100]).ticks, [100, 1000]);
    assert.equal(logarithmic([10, 1000]).at(100), 0.5);
    assert.deepEqual(logarithmic([]).ticks, [1, 10]);
  });
});

const value = (median: number) => ({ median, least: median * 0.9, most: median * 1.2 });

/** Every number of a drawing's attributes is one, and every element that was opened is closed. */
function sound(svg: string): void {
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
  const open: string[] = [];
  for (const [, end, name, , self] of svg.matchAll(/<(\/?)([\w]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (end === '/') assert.equal(open.pop(), name);
    else if (self !== '/') open.push(String(name));
  }
  assert.deepEqual(open, []);
}

describe('plots', () => {
  it('bars: each with its name, its median, its spread, and nothing beyond the drawing', () => {
    const svg = bars(
      'Hot room',
      '500 <members>',
      [
        { group: '1 in flight', name: 'Suda & co', tone: 0, value: value(107_709) },
        { group: '1 in flight', name: 'Socket.IO', tone: 1, value: value(100_741) },
        { group: '64 in flight', name: 'gone', tone: 2, value: { median: Number.NaN, least: Number.NaN, most: Number.NaN } },
      ],
      short,
      true,
    );
    sound(svg);
    assert.match(svg, /Suda &#38; co/);
    assert.match(svg, /500 &#60;members&#62;/);
    assert.doesNotMatch(svg, />gone</);
    const width = Number(/width="([\d.]+)" height/.exec(svg)?.[1]);
    for (const [, x] of svg.matchAll(/ (?:x|x1|x2)="([\d.]+)"/g)) assert.ok(Number(x) <= width);
    assert.match(svg, /prefers-color-scheme: dark/);
  });

  it('lines: names at their ends do not stand on each other', () => {
    const svg = lines(
      'Growth',
      '',
      'members',
      [
        {
          name: 'a',
          tone: 0,
          points: [
            { x: 10, y: value(5) },
            { x: 5000, y: value(5) },
          ],
        },
        {
          name: 'b',
          tone: 1,
          points: [
            { x: 10, y: value(5) },
            { x: 5000, y: value(5.01) },
          ],
        },
      ],
      short,
      false,
    );
    sound(svg);
    const ends = [...svg.matchAll(/y="([\d.]+)" class="" text-anchor="start">[ab]</g)].map(([, y]) => Number(y));
    assert.equal(ends.length, 2);
    assert.ok(Math.abs((ends[0] ?? 0) - (ends[1] ?? 0)) >= 16);
  });
});

describe('tables', () => {
  it('names stand left, numbers right', () => {
    assert.equal(
      columns([
        ['', 'peer', 'rate'],
        ['one', 'Suda', '5'],
        ['', 'é', '1,234'],
      ]),
      '     peer   rate\none  Suda      5\n     é     1,234',
    );
  });
});
