import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Recent } from './recent.ts';

it('keeps what is asked for, forgets the rest, and never holds more than twice its limit', () => {
  const recent = new Recent<number, string>(10);
  recent.set(-1, 'asked for');
  for (let i = 0; i < 1_000; i++) {
    recent.set(i, `${i}`);
    assert.equal(recent.get(-1), 'asked for');
  }
  const kept = Array.from({ length: 1_000 }, (_, i) => recent.get(i)).filter((value) => value !== undefined);
  assert.ok(kept.length <= 20 && kept.includes('999'), `${kept.length}`);
  assert.equal(recent.get(0), undefined);
});
