import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterFailure, afterRecovery, afterSuccess, choose, type Failure, type Fallback, firstChoice } from './fallback.ts';

const fail = (memory: Fallback, ...failures: Failure[]): Fallback => failures.reduce((m, failure) => afterFailure(m, failure, 3), memory);

test('a WebSocket that fails twice before the first reply gives way to sse, and sse at once to polling', () => {
  assert.equal(fail(firstChoice, 'transport').index, 0);
  assert.equal(fail(firstChoice, 'transport', 'transport').index, 1);
  assert.equal(fail(firstChoice, 'transport', 'transport', 'transport').index, 2);
});

test('one success wipes out a strike', () => {
  const memory = afterSuccess(fail(firstChoice, 'transport'), 0);
  assert.equal(fail(memory, 'transport').index, 0);
});

test('a server that is down does not push its clients to polling', () => {
  let memory = firstChoice;
  for (let round = 0; round < 20; round++) {
    memory = afterFailure(memory, memory.index === 0 ? 'transport' : 'unreachable', 3);
    assert.ok(memory.index < 2);
  }
  while (memory.index === 0) memory = afterFailure(memory, 'transport', 3);
  assert.deepEqual(afterRecovery(memory), firstChoice, 'once it is back, the best has a fair try');
  assert.equal(afterRecovery(fail(firstChoice, 'transport', 'transport')), undefined);
});

test('a transport that has worked is kept while the server is down', () => {
  const worked = afterSuccess(fail(firstChoice, 'transport', 'transport'), 0);
  assert.equal(fail(worked, 'unreachable', 'unreachable').index, 1);
});

test('after the last transport the first is tried again', () => {
  assert.equal(fail(firstChoice, 'transport', 'transport', 'transport', 'transport').index, 0);
});

test('with one transport there is nothing to fall back to', () => {
  let memory = firstChoice;
  for (let round = 0; round < 5; round++) memory = afterFailure(memory, 'transport', 1);
  assert.equal(memory.index, 0);
});

test('a better transport is tried again on a reconnect, at growing distances', () => {
  let memory = afterSuccess(fail(firstChoice, 'transport', 'transport'), 0);
  let now = 0;
  const distances: number[] = [];
  for (let round = 0; round < 8; round++) {
    assert.equal(choose(memory, now + 1_000).index, 1, 'not at once');
    const from = now;
    while (choose(memory, now).index !== 0) now += 30_000;
    distances.push(now - from);
    memory = choose(memory, now);
    memory = afterSuccess(afterFailure(memory, 'transport', 3), now);
    assert.equal(memory.index, 1, 'one failure is enough this time');
  }
  assert.deepEqual(distances.slice(0, 4), [60_000, 120_000, 240_000, 480_000]);
  assert.equal(distances.at(-1), 3_600_000, 'an hour at most');
});
