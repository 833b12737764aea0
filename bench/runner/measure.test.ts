import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Peer } from '../peers/peer.ts';
import { measure } from './measure.ts';
import type { Scenario, Settings } from './scenario.ts';

const settings: Settings = { rounds: 3, seconds: 1, members: undefined, small: false, inFlight: [1] };
const peer = (name: string): Peer => ({
  name,
  title: name,
  lacks: '',
  can: [],
  version: () => '1',
  start: () => Promise.reject(new Error('not here')),
});

/** A scenario that writes down what is done. */
function scenario(log: string[], fresh: boolean, fails?: string): Scenario {
  return {
    name: 'test',
    title: 'test',
    measures: '',
    needs: [],
    peers: [],
    fresh,
    columns: [],
    plots: [],
    points: () => [{ name: 'one', value: 1 }],
    open: async ({ name }) => {
      log.push(`+${name}`);
      return {
        measure: async () => {
          log.push(name);
          if (name === fails) throw new Error('it broke');
          return { values: { rate: 1 } };
        },
        close: async () => {
          log.push(`-${name}`);
        },
      };
    },
  };
}

describe('scenarios are measured in turns', () => {
  it('the order changes from round to round, all are up all the time', async () => {
    const log: string[] = [];
    const measured = await measure(scenario(log, false), [peer('a'), peer('b')], settings, () => {});
    assert.equal(log.join(' '), '+a +b a b b a a b -a -b');
    assert.deepEqual(
      measured.map(({ samples }) => samples.length),
      [3, 3],
    );
  });

  it('where what was before would show, each round has a new server', async () => {
    const log: string[] = [];
    await measure(scenario(log, true), [peer('a'), peer('b')], { ...settings, rounds: 2 }, () => {});
    assert.equal(log.join(' '), '+a a -a +b b -b +b b -b +a a -a');
  });

  it('one that fails says why, and the others go on', async () => {
    const log: string[] = [];
    const measured = await measure(scenario(log, false, 'a'), [peer('a'), peer('b')], settings, () => {});
    assert.deepEqual(
      measured.map(({ samples, failure }) => [samples.length, failure]),
      [
        [0, 'failed: it broke'],
        [3, undefined],
      ],
    );
    assert.ok(log.includes('-a'));
  });
});
