import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heightOf, PLOT, POINTS, pointsOf, sayLatency } from './plot.ts';
import { hear, median, nothingSpent, perMessage, spend } from './tally.ts';

test('the median is the middle, or the mean of the two in the middle', () => {
  assert.equal(median([]), undefined);
  assert.equal(median([7]), 7);
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([10, 9, 100]), 10);
});

test('costs add up', () => {
  const tally = spend(spend(nothingSpent, { requests: 1, up: 100 }), { down: 20 });
  assert.deepEqual([tally.requests, tally.up, tally.down], [1, 100, 20]);
});

test('P4 a hole is missed, a repetition is doubled, the rest is heard', () => {
  let state = { tally: nothingSpent, last: 3 };
  for (const pos of [4, 5, 8, 8, 9]) state = hear(state.tally, state.last, pos);
  assert.deepEqual([state.tally.heard, state.tally.missed, state.tally.doubled], [4, 2, 1]);
  assert.equal(state.last, 9);
});

test('per message, once there is one', () => {
  assert.equal(
    perMessage(nothingSpent, ({ requests }) => requests),
    undefined,
  );
  assert.equal(
    perMessage({ ...nothingSpent, requests: 6, heard: 4 }, ({ requests }) => requests),
    1.5,
  );
});

test('the plot is logarithmic and keeps within its frame', () => {
  const step = heightOf(1) - heightOf(10);
  assert.ok(Math.abs(heightOf(10) - heightOf(100) - step) < 0.2);
  for (const ms of [0, 0.001, 60_000]) assert.ok(heightOf(ms) > 0 && heightOf(ms) < PLOT.height);
});

test('the newest point is at the right, and only the latest are shown', () => {
  const points = pointsOf(Array.from({ length: POINTS + 30 }, (_, i) => i + 1));
  assert.equal(points.length, POINTS);
  assert.equal(points.at(-1)?.x, PLOT.width - 6);
  assert.ok((points[0]?.x ?? 0) >= PLOT.left);
  assert.deepEqual(pointsOf([]), []);
});

test('latencies are said as people say them', () => {
  assert.equal(sayLatency(0.84, 'en'), '0.8 ms');
  assert.equal(sayLatency(12.4, 'en'), '12 ms');
  assert.equal(sayLatency(1_234, 'en'), '1.2 s');
});
