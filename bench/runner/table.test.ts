import assert from 'node:assert/strict';
import { it } from 'node:test';
import { whole } from './formats.ts';
import type { Scenario } from './scenario.ts';
import type { Measured } from './summary.ts';
import { summary } from './summary.ts';
import { table } from './table.ts';

const scenario: Scenario = {
  name: 'test',
  title: 'test',
  measures: '',
  needs: [],
  peers: [],
  reference: 'socketio',
  ratio: 'deliveries',
  columns: [{ key: 'deliveries', title: 'deliveries/s', format: whole }],
  plots: [],
  points: () => [],
  open: () => Promise.reject(new Error('not here')),
};
const measured = (peer: string, ...rates: number[]): Measured => ({
  peer,
  point: { name: 'one', value: 1 },
  samples: rates.map((deliveries) => ({ values: { deliveries } })),
});
const printed = (...all: Measured[]): string[] =>
  table(
    scenario,
    summary(scenario, all),
    (peer) => peer,
    () => '',
  )
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s{2,}/)
        .join(' | '),
    );

it('ratios stand beside the reference and the floor, of each round by itself, where those ran', () => {
  const [suda, socketio, floor] = [measured('suda', 60, 90, 80), measured('socketio', 2, 3, 4), measured('floor', 120, 100, 100)];
  assert.deepEqual(printed(suda, socketio, floor), [
    'peer | deliveries/s | × socketio | × floor | does not',
    'one | suda | 80 | 30.00 (20.00–30.00) | 0.80 (0.50–0.90)',
    'socketio | 3 | 0.03 (0.02–0.04)',
    'floor | 100 | 33.33 (25.00–60.00)',
  ]);
  assert.equal(printed(suda, socketio)[0], 'peer | deliveries/s | × socketio | does not');
  assert.equal(printed(suda)[0], 'peer | deliveries/s | does not');
});
