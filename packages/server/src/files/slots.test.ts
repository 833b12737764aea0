import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Locks } from './locks.ts';
import { Slots } from './slots.ts';

test('P8 so many at once, so many waiting, and then a refusal that says to come back', async () => {
  const slots = new Slots(2, 1);
  const ends: (() => void)[] = [];
  let most = 0;
  let now = 0;
  const work = () =>
    slots.run(async () => {
      most = Math.max(most, ++now);
      await new Promise<void>((end) => ends.push(end));
      now--;
    });
  const all = [work(), work(), work()];
  await assert.rejects(work(), { code: 'unavailable', retryAfter: 2_000 });
  for (let i = 0; i < 3; i++) {
    ends[i]?.();
    await all[i];
  }
  assert.equal(most, 2);
  await slots.run(async () => {});
});

test('one at a time under one name, also after one that failed; other names don’t wait', async () => {
  const locks = new Locks();
  const log: string[] = [];
  const step = (name: string, text: string, fails = false) =>
    locks.run(name, async () => {
      log.push(`${text} begins`);
      await Promise.resolve();
      log.push(`${text} ends`);
      if (fails) throw new Error(text);
    });
  const all = await Promise.allSettled([step('a', '1', true), step('a', '2'), step('b', '3')]);
  assert.deepEqual(
    all.map(({ status }) => status),
    ['rejected', 'fulfilled', 'fulfilled'],
  );
  assert.deepEqual(
    log.filter((line) => !line.startsWith('3')),
    ['1 begins', '1 ends', '2 begins', '2 ends'],
  );
});
