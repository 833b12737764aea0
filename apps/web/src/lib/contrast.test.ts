import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksOf } from '../styles/themes.ts';
import { apart, contrast, hex, oklch } from './contrast.ts';
import { hueOf, personHues } from './person-colour.ts';

const pairs = [
  ...['paper', 'surface', 'sunken'].flatMap((ground) =>
    ['ink', 'ink-soft', 'ink-faint', 'link', 'accent', 'call', 'danger'].map((text) => [text, ground]),
  ),
  ...['keyword', 'string', 'number', 'name', 'type'].map((kind) => [`code-${kind}`, 'sunken']),
  ['ink', 'here'],
  ['ink-soft', 'here'],
  ['ink-faint', 'here'],
  ['mine-ink', 'mine'],
  ['mine-soft', 'mine'],
  ['link', 'mine'],
  ['whisper-ink', 'whisper'],
  ['whisper-soft', 'whisper'],
  ['whisper-soft', 'paper'],
  ['accent-ink', 'accent'],
  ['ink', 'accent-wash'],
  ['accent', 'accent-wash'],
  ['call-ink', 'call'],
  ['ink', 'call-wash'],
  ['call', 'call-wash'],
  ['ink', 'danger-wash'],
  ['danger', 'danger-wash'],
  ['paper', 'ink'],
] as [string, string][];

for (const [look, values] of looksOf('./tokens.css')) {
  const sharp = look.includes('high contrast');
  const least = sharp ? 7 : 4.5;
  const colour = (token: string) => {
    const value = values.get(token);
    assert.match(value ?? '', /^#[0-9a-f]{6}$/, token);
    return hex(String(value));
  };
  const level = (token: string) => Number(values.get(token));
  const person = (part: 'text' | 'fill' | 'mark', hue: number) => oklch(level(`person-${part}-l`), level(`person-${part}-c`), hue);

  test(`UX 47 every text is readable, ${look}`, () => {
    for (const [text, ground] of pairs) {
      const ratio = contrast(colour(text), colour(ground));
      assert.ok(ratio >= least, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`every person's name and mark is readable, ${look}`, () => {
    for (const hue of personHues) {
      for (const ground of ['paper', 'surface', 'sunken', 'whisper']) {
        const ratio = contrast(person('text', hue), colour(ground));
        assert.ok(ratio >= least, `name of hue ${hue} on ${ground}: ${ratio.toFixed(2)}`);
      }
      const ratio = contrast(person('mark', hue), person('fill', hue));
      assert.ok(ratio >= least, `mark of hue ${hue}: ${ratio.toFixed(2)}`);
    }
  });

  test(`people are told apart by colour, ${look}`, () => {
    for (const [i, a] of personHues.entries()) {
      for (const b of personHues.slice(i + 1)) {
        const [text, fill] = [apart(person('text', a), person('text', b)), apart(person('fill', a), person('fill', b))];
        assert.ok(text >= 0.035, `names of ${a} and ${b}: ${text.toFixed(3)}`);
        assert.ok(fill >= 0.02, `faces of ${a} and ${b}: ${fill.toFixed(3)}`);
      }
    }
  });

  test(`focus is visible, ${look}`, () => {
    for (const ground of ['paper', 'surface', 'sunken', 'mine', 'accent-wash']) {
      const ratio = contrast(colour('focus'), colour(ground));
      assert.ok(ratio >= (sharp ? 4.5 : 3), `${ground}: ${ratio.toFixed(2)}`);
    }
  });

  test(`lines are seen where they must be, ${look}`, () => {
    if (!sharp) return;
    for (const line of ['line', 'bubble-line', 'whisper-line']) {
      for (const ground of ['paper', 'surface']) {
        const ratio = contrast(colour(line), colour(ground));
        assert.ok(ratio >= 3, `${line} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
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
