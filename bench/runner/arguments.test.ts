import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readArguments } from './arguments.ts';

describe('what is asked for on the command line', () => {
  it('nothing: everything in its own size', () => {
    const { scenarios, peers, rounds, seconds, inFlight, small } = readArguments([], {});
    assert.deepEqual(
      { scenarios, peers, rounds, seconds, inFlight, small },
      {
        scenarios: [],
        peers: undefined,
        rounds: undefined,
        seconds: undefined,
        inFlight: [1, 8, 64, 512],
        small: false,
      },
    );
  });

  it('scenarios, peers and sizes in any order', () => {
    const read = readArguments(['hot-room', '--peers', 'suda, socketio', '--small', 'idle', '--rounds', '7', '--seconds=0.5'], {});
    assert.deepEqual(read.scenarios, ['hot-room', 'idle']);
    assert.deepEqual(read.peers, ['suda', 'socketio']);
    assert.deepEqual([read.rounds, read.seconds, read.small], [7, 0.5, true]);
  });

  it('the environment, which flags beat', () => {
    const env = { ROUNDS: '3', SECONDS: '2', IN_FLIGHT: '4,16' };
    const read = readArguments(['--rounds', '9'], env);
    assert.deepEqual([read.rounds, read.seconds, read.inFlight], [9, 2, [4, 16]]);
  });

  it('a number that is none is refused with a sentence', () => {
    assert.throws(() => readArguments(['--rounds', 'many'], {}), /--rounds wants a whole number above 0, not "many"\./);
    assert.throws(() => readArguments(['--seconds', '0'], {}), /--seconds wants a number above 0/);
    assert.throws(() => readArguments(['--rounds', '1.5'], {}), /whole number/);
    assert.throws(() => readArguments(['--colour'], {}), /colour/);
  });
});
