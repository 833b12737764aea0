import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Kept } from './kept.ts';

describe('answers that are kept for a while', () => {
  it('asks once while one is fresh, also for two at the same time, and again afterwards', async () => {
    const kept = new Kept<number>(10, 100);
    let asked = 0;
    const ask = async () => ++asked;
    assert.deepEqual(await Promise.all([kept.get('a', 0, ask), kept.get('a', 0, ask)]), [1, 1]);
    assert.equal(await kept.get('a', 99, ask), 1);
    assert.equal(await kept.get('a', 100, ask), 2);
    assert.equal(kept.read('b', 0), undefined);
  });

  it('keeps no failure', async () => {
    const kept = new Kept<number>(10, 100);
    await assert.rejects(kept.get('a', 0, () => Promise.reject(new Error('no'))));
    assert.equal(await kept.get('a', 0, async () => 7), 7);
  });

  it('is bounded: what was kept first goes first', () => {
    const kept = new Kept<number>(2, 100);
    for (const [i, key] of ['a', 'b', 'a', 'c'].entries()) kept.put(key, i, 0);
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => kept.read(key, 0)),
      [2, undefined, 3],
    );
  });
});
