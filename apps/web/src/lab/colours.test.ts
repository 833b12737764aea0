import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, hex } from '../lib/contrast.ts';
import { looksOf } from '../styles/themes.ts';

for (const [look, values] of looksOf('./tokens.css', '../lab/lab.css')) {
  test(`47 each transport’s colour is readable as text, ${look}`, () => {
    const lanes = [...values].filter(([name]) => name.startsWith('lane-'));
    assert.equal(lanes.length, 5);
    for (const [name, colour] of lanes) {
      for (const ground of ['paper', 'surface', 'sunken']) {
        const ratio = contrast(hex(colour), hex(values.get(ground) ?? ''));
        assert.ok(ratio >= (look.includes('high contrast') ? 7 : 4.5), `${name} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
  });
}
