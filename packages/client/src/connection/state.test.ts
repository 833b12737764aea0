import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectionState } from '../types.ts';
import { type Facts, type Input, next, type Phase, table } from './state.ts';

const phases = Object.keys(table) as Phase[];
const inputs = Object.keys(table.idle) as Input[];
const error = { code: 'unauthenticated', message: 'no', retry: false } as const;
const facts: Facts = { transport: 'sse', attempt: 3, retryAt: 42, since: 7, error };
const states: { readonly [P in Phase]: ConnectionState } = {
  idle: { state: 'idle' },
  connecting: { state: 'connecting', transport: 'sse', attempt: 3 },
  online: { state: 'online', transport: 'sse' },
  waiting: { state: 'waiting', attempt: 3, retryAt: 42, since: 7 },
  offline: { state: 'offline', since: 7 },
  refused: { state: 'refused', error },
  closed: { state: 'closed' },
};

test('the table of the connection, written out', (t) => {
  for (const phase of phases) {
    const moves = inputs.filter((input) => table[phase][input] !== phase).map((input) => `${input} → ${table[phase][input]}`);
    t.diagnostic(`${phase}: ${moves.join(', ') || 'final'}`);
  }
  assert.deepEqual(Object.fromEntries(phases.map((phase) => [phase, inputs.filter((input) => table[phase][input] !== phase)])), {
    idle: ['connect', 'close'],
    connecting: ['disconnect', 'close', 'opened', 'lost', 'stale', 'refused'],
    online: ['disconnect', 'close', 'lost', 'stale', 'refused'],
    waiting: ['connect', 'disconnect', 'close', 'due', 'down', 'up', 'wake'],
    offline: ['connect', 'disconnect', 'close', 'due', 'up', 'wake'],
    refused: ['connect', 'disconnect', 'close'],
    closed: [],
  });
});

test('each next state carries its own fields, and a cell that names its row changes nothing', () => {
  for (const phase of phases) {
    for (const input of inputs) {
      const to = table[phase][input];
      const after = next(states[phase], input, facts);
      if (to === phase) assert.equal(after, states[phase]);
      else assert.deepEqual(after, states[to]);
    }
  }
});

test('`close` is the end from everywhere, and `disconnect` comes to rest', () => {
  for (const phase of phases) {
    assert.equal(table[phase].close, 'closed');
    assert.equal(table[phase].disconnect, phase === 'closed' ? 'closed' : 'idle');
  }
});
