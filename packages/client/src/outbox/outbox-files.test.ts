import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SudaClientError, unavailable } from '../errors.ts';
import { FakeClock, seeded } from '../testing/fake-clock.ts';
import type { StoredEntry } from '../types.ts';
import { memoryOutbox } from './memory-store.ts';
import { createOutbox } from './outbox.ts';

const file = { blob: new Blob(['cat']), name: 'cat.gif' };

/** An outbox whose uploads and sends are answered by hand. */
function make(store = memoryOutbox()) {
  const time = new FakeClock();
  const log: string[] = [];
  const uploads: { ready(...ids: string[]): void; refuse(reason: unknown): void }[] = [];
  const outbox = createOutbox({
    store,
    clock: time,
    random: seeded(1),
    upload: () => {
      log.push('upload');
      return new Promise((resolve, reject) => uploads.push({ ready: (...ids) => resolve(ids), refuse: reject }));
    },
    cancel: () => log.push('cancel'),
    send: async (entry: StoredEntry, files) => {
      log.push(`send ${entry.text} ${files?.join() ?? '-'}`);
      return { pos: 1, rev: 1 };
    },
    reached: () => false,
    changed: () => {},
  });
  outbox.setUser('mina');
  outbox.start();
  const states = () => outbox.entries('hall').map(({ text, state }) => `${text} ${state}`);
  return { time, log, uploads, outbox, states };
}

test('R14.1 files go up before their message, and what is said after it waits', async () => {
  const { time, log, uploads, outbox, states } = make();
  outbox.add('hall', 'look', { files: [file] });
  outbox.add('hall', 'then', {});
  await time.advance(0);
  assert.deepEqual(log, ['upload']);
  assert.deepEqual(states(), ['look waiting', 'then waiting']);
  uploads[0]?.ready('f1');
  await time.advance(0);
  assert.deepEqual(log, ['upload', 'send look f1', 'send then -']);
});

test('what is given up while its files go up is not said, and its upload ends', async () => {
  const { time, log, uploads, outbox, states } = make();
  const id = outbox.add('hall', 'look', { files: [file] });
  await time.advance(0);
  outbox.discard('hall', id);
  assert.deepEqual(states(), []);
  uploads[0]?.ready('f1');
  await time.advance(0);
  assert.deepEqual(log, ['upload', 'cancel']);
});

test('an upload that fails for now is tried again; one that is refused shows why, and can be tried by hand', async () => {
  const { time, log, uploads, outbox, states } = make();
  const id = outbox.add('hall', 'look', { files: [file] });
  await time.advance(0);
  uploads[0]?.refuse(unavailable());
  await time.advance(60_000);
  assert.deepEqual(log, ['upload', 'upload']);
  uploads[1]?.refuse(new SudaClientError({ code: 'unsupported_type', message: '', retry: false }));
  await time.advance(0);
  assert.deepEqual(states(), ['look failed']);
  outbox.retry('hall', id);
  await time.advance(0);
  uploads[2]?.ready('f1');
  await time.advance(0);
  assert.deepEqual(log.slice(2), ['upload', 'send look f1']);
});

test('a message with files survives a reload: the store keeps their bytes', async () => {
  const store = memoryOutbox();
  const before = make(store);
  before.outbox.add('hall', 'look', { files: [file] });
  await before.time.advance(0);
  before.outbox.close();
  const { time, log, uploads, outbox } = make(store);
  await time.advance(0);
  assert.equal(await outbox.entries('hall')[0]?.files?.[0]?.blob.text(), 'cat');
  uploads[0]?.ready('f1');
  await time.advance(0);
  assert.deepEqual(log, ['upload', 'send look f1']);
});
