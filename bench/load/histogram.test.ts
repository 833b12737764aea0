import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Histogram } from './histogram.ts';

const of = (values: readonly number[]): Histogram => {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
};

describe('percentiles of merged samples', () => {
  it('of nothing there is none', () => assert.equal(new Histogram().percentile(0.99), 0));

  it('are the smallest value that the share is not above', () => {
    const hundred = of(Array.from({ length: 100 }, (_, i) => i + 1));
    assert.deepEqual(
      [hundred.percentile(0.5), hundred.percentile(0.99), hundred.percentile(0.999), hundred.percentile(1)],
      [50, 99, 100, 100],
    );
  });

  it('one stall among many shows in the tail alone', () => {
    const histogram = new Histogram();
    histogram.add(100, 999);
    histogram.add(1_000_000);
    assert.equal(histogram.percentile(0.99), 100);
    assert.ok(histogram.percentile(1) >= 1_000_000);
  });

  it('are off by at most a thousandth, merged or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_800_000_000 }), { minLength: 1, maxLength: 60 }),
        fc.nat(60),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, cut, share) => {
          const merged = of(values.slice(0, cut));
          merged.merge(of(values.slice(cut)));
          const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;
          const told = merged.percentile(share);
          assert.ok(told >= exact && told <= exact * 1.001 + 1, `${told} for ${exact}`);
        },
      ),
    );
  });
});
