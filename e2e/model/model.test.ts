import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Action, World } from './world.ts';

/** How many worlds are tried: `SUDA_MODEL_RUNS=20000 npm test -- e2e/model/model.test.ts` for a long night. */
const RUNS = Number(process.env.SUDA_MODEL_RUNS ?? 2_000);
const SEED = Number(process.env.SUDA_MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));

const who = fc.nat({ max: 3 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ type: fc.constant('say'), who, room: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('edit'), who, room: fc.nat({ max: 1 }), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('delete'), who, room: fc.nat({ max: 1 }), which: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('react'), who, room: fc.nat({ max: 1 }), which: fc.nat() }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('wait'), ms: fc.integer({ min: 1, max: 4_000 }) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('cut'), who }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('reload'), who }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('kill'), when: fc.constantFrom('now', 'before', 'after') }) },
  { weight: 3, arbitrary: fc.constant({ type: 'boot' }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('full'), full: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('kick'), who }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('join'), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('weather'),
      delay: fc.integer({ min: 0, max: 600 }),
      drop: fc.constantFrom(0, 0, 0.05, 0.3),
      double: fc.constantFrom(0, 0, 0.1, 0.5),
      reorder: fc.constantFrom(0, 0, 0.1, 0.5),
    }),
  },
) as fc.Arbitrary<Action>;

test(`P1 P2 P3 P4 P7 P9 over a network that drops, delays, doubles, reorders and cuts, with crashes of either side (${RUNS} worlds, seed ${SEED})`, async (t) => {
  const totals = { said: 0, kept: 0, kills: 0, reloads: 0, cuts: 0, frames: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 2 ** 31 - 1 }),
      fc.array(action, { minLength: 5, maxLength: 40, size: 'max' }),
      async (seed, actions) => {
        const world = await World.begin(seed);
        try {
          for (const next of actions) await world.act(next);
          await world.comeToRest();
          await world.check();
        } finally {
          world.end();
          for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += world.totals[key];
        }
      },
    ),
    { numRuns: RUNS, seed: SEED, endOnFailure: process.env.SUDA_MODEL_SHRINK === undefined },
  );
  t.diagnostic(JSON.stringify(totals));
  assert.ok(
    totals.kept > RUNS && totals.kills > 0 && totals.reloads > 0 && totals.cuts > 0,
    'the worlds were not eventful enough to prove anything',
  );
});
