import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { random, rareWord, text } from './texts.ts';

describe('what people are made to say', () => {
  it('is the same for the same seed', () => {
    const say = (seed: number): string[] => {
      const next = random(seed);
      return Array.from({ length: 50 }, (_, i) => text(i, next));
    };
    assert.deepEqual(say(7), say(7));
    assert.notDeepEqual(say(7), say(8));
  });

  it('has its rare word, and fits a message', () => {
    const next = random(1);
    for (let i = 0; i < 1_000; i++) {
      const said = text(i, next);
      assert.ok(said.endsWith(rareWord(i)) && said.length < 400);
    }
  });
});
