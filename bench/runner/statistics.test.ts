import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { median, ratios, spread } from './statistics.ts';

describe('medians, spreads and ratios', () => {
  it('a median is the middle, or the mean of both', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it('a spread is the least and the most', () => assert.deepEqual(spread([2, 9, 4]), { median: 4, least: 2, most: 9 }));

  it('ratios are of each round by itself: a machine that was slow for both changes nothing', () => {
    assert.deepEqual(ratios([100, 10], [50, 5]), [2, 2]);
    assert.deepEqual(ratios([100, 10, 8], [50]), [2]);
  });
});
