import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff } from './backoff.ts';

test('R5.8 the wait before a try grows from half a second to half a minute, with full jitter', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((attempt) => backoff(attempt, 0.999_999)),
    [499, 999, 1_999, 3_999, 7_999, 15_999, 29_999, 29_999, 29_999],
  );
  assert.equal(backoff(9, 0.5), 15_000);
  assert.equal(backoff(9, 0), 100, 'never at once: that would be a loop');
});
