import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fastEnough } from './guard.ts';

describe('the guard', () => {
  it('goes by the median of an attempt’s rounds: one slow round is not held against it', () => {
    assert.ok(fastEnough([[2, 20, 21]], 8));
    assert.ok(!fastEnough([[2, 3, 21]], 8));
  });

  it('gives a busy machine another chance, and fails when all were slow', () => {
    assert.ok(
      fastEnough(
        [
          [2, 3, 4],
          [19, 20, 21],
        ],
        8,
      ),
    );
    assert.ok(
      !fastEnough(
        [
          [2, 3, 4],
          [5, 6, 7],
        ],
        8,
      ),
    );
    assert.ok(!fastEnough([], 8));
  });
});
