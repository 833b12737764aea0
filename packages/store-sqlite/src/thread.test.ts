import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SudaError } from '@suda/protocol';
import { Thread } from './thread.ts';

/** A worker that echoes, fails when asked for `fail`, and dies when asked for `die`. */
const echo = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    parentPort.on('message', (message) => {
      const requests = JSON.parse(message);
      if (requests === null) return parentPort.close();
      if (requests.includes('die')) throw new Error('dying');
      parentPort.postMessage(JSON.stringify(requests.map((it) => (it === 'fail' ? { failed: 'storage_full', cause: 'no room' } : it))));
    });
    parentPort.postMessage('[]');
  `)}`,
);

const unavailable = (error: unknown) => error instanceof SudaError && error.code === 'unavailable';

async function start(t: { after: (end: () => Promise<void>) => void }) {
  const reports: string[] = [];
  const thread = await Thread.start<string, string>(echo, null, (sentence) => reports.push(sentence));
  t.after(() => thread.close());
  return { thread, reports };
}

describe('a worker of the store', () => {
  it('answers in order; a failure is its own request’s, and reported', async (t) => {
    const { thread, reports } = await start(t);
    const answers = await Promise.allSettled(['a', 'fail', 'b', 'fail'].map((it) => thread.ask(it)));
    assert.deepEqual(
      answers.map((it) => it.status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
    assert.ok(answers[1]?.status === 'rejected' && answers[1].reason instanceof SudaError && answers[1].reason.code === 'storage_full');
    assert.deepEqual(reports, ['The store could not do what it was asked (storage_full): no room']);
  });

  it('rejects what cannot travel between threads, and goes on', async (t) => {
    const { thread } = await start(t);
    assert.equal(await thread.ask('a'), 'a');
    await assert.rejects(thread.ask(1n as unknown as string), (error) => error instanceof SudaError && error.code === 'internal');
    assert.equal(await thread.ask('b'), 'b');
  });

  it('that dies rejects what waited as unavailable, and is started again', async (t) => {
    const { thread, reports } = await start(t);
    await Promise.all(['a', 'die', 'b'].map((it) => assert.rejects(thread.ask(it), unavailable)));
    assert.equal(await thread.ask('c'), 'c');
    assert.match(reports.join('\n'), /A worker of the store failed: Error: dying[\s\S]*started again/);
  });

  it('that keeps dying is not started for ever', async (t) => {
    const { thread, reports } = await start(t);
    for (let i = 0; i < 10; i++) await assert.rejects(thread.ask('die'), unavailable);
    await assert.rejects(thread.ask('a'), unavailable);
    assert.equal(reports.filter((sentence) => sentence.includes('ended unexpectedly')).length, 5);
  });

  it('finishes what was asked before it is closed, and refuses what comes later', async (t) => {
    const { thread } = await start(t);
    const asked = thread.ask('a');
    await thread.close();
    assert.equal(await asked, 'a');
    await assert.rejects(thread.ask('b'), unavailable);
  });

  it('that cannot start says so', async () => {
    const broken = new URL(`data:text/javascript,${encodeURIComponent('throw new Error("cannot start")')}`);
    await assert.rejects(
      Thread.start(broken, null, () => {}),
      /cannot start/,
    );
  });
});
