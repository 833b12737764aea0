import assert from 'node:assert/strict';
import type { Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { Supervisor } from './supervisor.ts';

class FakeWorker extends EventEmitter {
  readonly told: unknown[] = [];
  isConnected(): boolean {
    return true;
  }
  send(message: unknown): void {
    this.told.push(message);
  }
}

/** A supervisor whose workers are no processes, on time that the test makes pass. */
function open(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const time = { now: 0 };
  context.mock.method(performance, 'now', () => time.now);
  const workers: FakeWorker[] = [];
  const waits: number[] = [];
  const failures: string[] = [];
  const supervisor = new Supervisor({
    fork() {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
    ended: (_worker, _how, again) => void waits.push(again),
    failed: (sentence) => void failures.push(sentence),
  });
  const pass = (ms: number): void => {
    time.now += ms;
    context.mock.timers.tick(ms);
  };
  const dies = (): void => void workers.at(-1)?.emit('exit', null, 'SIGKILL');
  return { supervisor, workers, waits, failures, pass, dies };
}

describe('what keeps a worker running', () => {
  it('is filled again, later each time that its worker ends early, and soon after a long life', async (t) => {
    const { supervisor, workers, waits, pass, dies } = open(t);
    const begun = supervisor.begin();
    workers[0]?.emit('message', { type: 'serving' });
    await begun;
    for (const _ of [1, 2, 3]) {
      dies();
      pass(waits.at(-1) ?? 0);
    }
    assert.deepEqual([waits, workers.length], [[100, 200, 400], 4]);
    pass(10_000);
    dies();
    pass(100);
    assert.deepEqual([waits.at(-1), workers.length], [100, 5]);
  });

  it('is given up when its workers keep ending early, and when the first can’t even begin', async (t) => {
    const { supervisor, workers, waits, failures, pass, dies } = open(t);
    void supervisor.begin();
    workers[0]?.emit('message', { type: 'serving' });
    for (let i = 0; i < 6; i++) {
      dies();
      pass(waits.at(-1) ?? 0);
    }
    assert.equal(workers.length, 6);
    assert.deepEqual(failures, ['A worker ended 6 times soon after its start (SIGKILL).']);
    t.mock.restoreAll();
    t.mock.timers.reset();
    const other = open(t);
    void other.supervisor.begin();
    other.workers[0]?.emit('exit', 1, null);
    assert.deepEqual(other.failures, ['A worker could not begin (exit code 1).']);
  });

  it('is left empty by stop, also while another worker was about to come', async (t) => {
    const { supervisor, workers, waits, pass, dies } = open(t);
    void supervisor.begin();
    workers[0]?.emit('message', { type: 'serving' });
    const stopped = supervisor.stop();
    assert.deepEqual(workers[0]?.told, [{ type: 'stop' }]);
    workers[0]?.emit('exit', 0, null);
    await stopped;
    pass(60_000);
    assert.deepEqual([workers.length, waits], [1, []]);
    const second = new Supervisor({
      fork: () => workers[workers.push(new FakeWorker()) - 1] as unknown as Worker,
      ended: () => {},
      failed: assert.fail,
    });
    void second.begin();
    workers[1]?.emit('message', { type: 'serving' });
    dies();
    await second.stop();
    pass(60_000);
    assert.equal(workers.length, 2);
  });
});
