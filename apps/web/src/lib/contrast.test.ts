import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contrast, hex, oklch } from './contrast.ts';
import { hueOf, personHues } from './person-colour.ts';

const css = readFileSync(new URL('../styles/tokens.css', import.meta.url), 'utf8');
const [light = '', dark = ''] = css.split(':root[data-theme="dark"]');

function tokens(block: string): Map<string, string> {
  return new Map([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [String(match[1]), String(match[2])]));
}

const themes = { light: tokens(light), dark: tokens(dark) };
const pairs = [
  ...['paper', 'surface', 'sunken'].flatMap((ground) =>
    ['ink', 'ink-soft', 'ink-faint', 'link', 'accent', 'danger'].map((text) => [text, ground]),
  ),
  ['mine-ink', 'mine'],
  ['mine-soft', 'mine'],
  ['link', 'mine'],
  ['whisper-ink', 'whisper'],
  ['whisper-soft', 'whisper'],
  ['whisper-soft', 'paper'],
  ['accent-ink', 'accent'],
  ['ink', 'accent-wash'],
  ['danger', 'danger-wash'],
] as [string, string][];

for (const [name, theme] of Object.entries(themes)) {
  const colour = (token: string) => hex(theme.get(token) ?? '#000');
  const level = (token: string) => Number(theme.get(token));

  test(`every text is readable, ${name}`, () => {
    for (const [text, ground] of pairs) {
      const ratio = contrast(colour(text), colour(ground));
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`every person's name and mark is readable, ${name}`, () => {
    for (const hue of personHues) {
      const text = oklch(level('person-text-l'), level('person-text-c'), hue);
      for (const ground of ['paper', 'surface', 'whisper']) {
        const ratio = contrast(text, colour(ground));
        assert.ok(ratio >= 4.5, `name of hue ${hue} on ${ground}: ${ratio.toFixed(2)}`);
      }
      const mark = oklch(level('person-mark-l'), level('person-mark-c'), hue);
      const fill = oklch(level('person-fill-l'), level('person-fill-c'), hue);
      assert.ok(contrast(mark, fill) >= 4.5, `mark of hue ${hue}`);
    }
  });

  test(`focus is visible, ${name}`, () => {
    for (const ground of ['paper', 'surface', 'sunken', 'mine']) assert.ok(contrast(colour('focus'), colour(ground)) >= 3, ground);
  });
}

test('contrast is that of the standard', () => {
  assert.equal(contrast(hex('#000'), hex('#fff')).toFixed(0), '21');
  assert.equal(contrast(hex('#777777'), hex('#fff')).toFixed(2), '4.48');
  assert.ok(oklch(1, 0, 0).every((channel) => channel > 0.999));
});

test('a person keeps their colour, and people get different ones', () => {
  assert.equal(hueOf('u3f9a'), hueOf('u3f9a'));
  const people = 2_800;
  const used = new Map<number, number>();
  for (let i = 0; i < people; i += 1) {
    const hue = hueOf(`u${i.toString(36)}x${i * 7}`);
    used.set(hue, (used.get(hue) ?? 0) + 1);
  }
  assert.equal(used.size, personHues.length);
  for (const [hue, count] of used) assert.ok(count < (people / personHues.length) * 1.5, `hue ${hue}: ${count}`);
});
