import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { contrast, hex } from '../lib/contrast.ts';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8').split(':root[data-theme="dark"]');
const [lightPage = '', darkPage = ''] = read('../styles/tokens.css');
const [lightLab = '', darkLab = ''] = read('./lab.css');

function tokens(text: string): Map<string, string> {
  return new Map([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]+);/g)].map((match) => [String(match[1]), String(match[2])]));
}

for (const [theme, page, lab] of [
  ['light', lightPage, lightLab],
  ['dark', darkPage, darkLab],
] as const) {
  test(`47 each transport’s colour is readable as text, ${theme}`, () => {
    const lanes = [...tokens(lab)].filter(([name]) => name.startsWith('lane-'));
    assert.equal(lanes.length, 5);
    for (const [name, colour] of lanes) {
      for (const ground of ['paper', 'surface', 'sunken']) {
        const ratio = contrast(hex(colour), hex(tokens(page).get(ground) ?? ''));
        assert.ok(ratio >= 4.5, `${name} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  });
}
