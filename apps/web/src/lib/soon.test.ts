import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { soon, type Time } from './soon.ts';

function world(random: number) {
  let now = 0;
  let timers: { readonly at: number; readonly run: () => void }[] = [];
  const time: Time = {
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    random: () => random,
  };
  return {
    time,
    to(end: number): void {
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}

describe('soon', () => {
  it('what is wanted a thousand times is done once, in its own moment, and once more after a rest', () => {
    const { time, to } = world(0.5);
    const done: number[] = [];
    const { want } = soon(() => done.push(time.now()), 1_000, 3_000, time);
    for (let i = 0; i < 1_000; i++) want();
    to(499);
    assert.deepEqual(done, []);
    to(600);
    assert.deepEqual(done, [500]);
    for (let i = 0; i < 1_000; i++) want();
    to(60_000);
    assert.deepEqual(done, [500, 4_000], '3 s after the last one, and the same moment of its own');
    want();
    to(70_000);
    assert.deepEqual(done, [500, 4_000, 60_500]);
  });

  it('what is stopped is not done', () => {
    const { time, to } = world(0);
    let done = 0;
    const { want, stop } = soon(() => done++, 1_000, 3_000, time);
    want();
    stop();
    to(10_000);
    assert.equal(done, 0);
  });
});
