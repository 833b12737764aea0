import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { routes, SudaError } from '@suda/protocol';
import { processes } from './others.fixture.ts';
import { type RateClass, Rates, rateClassOf, ratesFor } from './rates.ts';

describe('rates', () => {
  const open = (rate: number) => {
    const clock = { now: 0 };
    const rates = new Rates(rate, () => clock.now);
    /** How many pass before one is refused, at most `most`. */
    const pass = (who: string, kind: RateClass, most = 1e5): number => {
      for (let i = 0; i < most; i++) {
        try {
          rates.spend(who, kind);
        } catch {
          return i;
        }
      }
      return most;
    };
    return { clock, rates, pass };
  };

  it('R3.7 a burst passes, then as many as the rate says', () => {
    const { clock, pass } = open(5);
    assert.equal(pass('mina', 'say'), 50);
    clock.now += 1_000;
    assert.equal(pass('mina', 'say'), 5);
    clock.now += 100;
    assert.equal(pass('mina', 'say'), 0);
    clock.now += 3_600_000;
    assert.equal(pass('mina', 'say'), 50);
  });

  it('R3.7 a refusal says when the next one passes', () => {
    const { clock, rates, pass } = open(5);
    pass('mina', 'say');
    assert.throws(
      () => rates.spend('mina', 'say'),
      (error) => {
        assert.ok(error instanceof SudaError && error.code === 'rate_limited');
        clock.now += error.retryAfter ?? 0;
        return true;
      },
    );
    rates.spend('mina', 'say');
  });

  it('R3.7 people and classes are counted apart', () => {
    const { pass } = open(1);
    pass('mina', 'say');
    assert.equal(pass('jihoon', 'say'), 10);
    assert.equal(pass('mina', 'read'), 20);
    for (const name of Object.keys(routes) as (keyof typeof routes)[]) assert.ok(ratesFor(1)[rateClassOf(name)]);
  });

  it('R3.7 those who come back after a long time find a full bucket, however many came between', () => {
    const { clock, pass } = open(1);
    assert.equal(pass('mina', 'say'), 10);
    for (let i = 0; i < 3_000; i++) pass(`visitor${i}`, 'light', 1);
    clock.now += 61_000;
    for (let i = 0; i < 3_000; i++) pass(`other${i}`, 'light', 1);
    assert.equal(pass('mina', 'say'), 10);
  });

  it('R3.7 a clock that goes back gives nothing away and locks nobody out', () => {
    const { clock, pass } = open(1);
    clock.now = 1_000_000;
    pass('mina', 'say');
    clock.now = 0;
    assert.equal(pass('mina', 'say'), 0);
    clock.now += 10_000;
    assert.equal(pass('mina', 'say'), 10);
  });

  it('R3.7 several processes let through hardly more than one, whichever of them is asked', () => {
    const clock = { now: 0 };
    const all = processes(4).map((others) => new Rates(50, () => clock.now, others));
    /** In turn, until each of them refuses. */
    const passed = (kind: RateClass): number => {
      let count = 0;
      for (const refused = new Set<Rates>(); refused.size < all.length; ) {
        for (const rates of all) {
          try {
            rates.spend('mina', kind);
            count++;
          } catch {
            refused.add(rates);
          }
        }
      }
      return count;
    };
    assert.equal(passed('guess'), 10);
    const { burst, perSecond } = ratesFor(50).say;
    const first = passed('say');
    assert.ok(first >= burst && first <= burst * 1.25, `${first} of ${burst}`);
    // And no more in the long run.
    clock.now += 60_000;
    passed('say');
    let later = 0;
    for (let second = 0; second < 20; second++) {
      clock.now += 1_000;
      later += passed('say');
    }
    assert.ok(later <= 20 * perSecond * 1.3, `${later} in 20 s`);
  });

  it('R3.7 what one gives back, all have back', () => {
    const [one, two] = processes(2).map((others) => new Rates(50, () => 0, others)) as [Rates, Rates];
    for (let i = 0; i < 100; i++) {
      one.spend('mina', 'guess');
      one.refund('mina', 'guess');
    }
    for (let i = 0; i < 10; i++) two.spend('mina', 'guess');
    assert.throws(() => one.spend('mina', 'guess'), { code: 'rate_limited' });
  });

  it('a rate of 0 is no limit', () => {
    assert.equal(open(0).pass('mina', 'say', 10_000), 10_000);
  });
});
