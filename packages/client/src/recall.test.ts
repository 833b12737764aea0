import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ResetPage } from '@suda/protocol';
import { memoryOutbox } from './outbox/memory-store.ts';
import { jun, mina, texts, world } from './testing/world.ts';

/** What an application kept of the room as it stands now. */
const pageOf = ({ room }: ReturnType<typeof world>): ResetPage => {
  const page = room.open(mina.id);
  assert.ok('reset' in page);
  return page;
};

test('what was last read shows without a connection, and the room goes on from there: nothing missed, nothing twice', async () => {
  const w = world();
  for (const text of ['one', 'two', 'three']) w.room.say(jun, { text });
  const page = pageOf(w);
  w.room.edit(2, 'TWO');
  w.room.say(jun, { text: 'four' });
  const suda = w.client();
  const handle = suda.room('hall');
  const heard: string[] = [];
  suda.on('message', ({ text }) => heard.push(text));
  suda.recall(mina, [page.room]);
  handle.open();
  handle.recall(page);
  assert.equal(suda.me.get()?.id, mina.id);
  assert.deepEqual(
    suda.rooms.get().map(({ id }) => id),
    ['hall'],
  );
  assert.deepEqual(texts(handle.get()), ['one', 'two', 'three']);
  suda.connect();
  await w.clock.advance(500);
  assert.deepEqual(handle.get().messages, w.room.messages);
  assert.deepEqual(heard, ['four'], 'only what is new');
  handle.recall(page);
  suda.recall(jun, []);
  assert.deepEqual(handle.get().messages, w.room.messages, 'what is known is not overwritten');
  assert.equal(suda.me.get()?.id, mina.id);
  suda.close();
});

test('what is said before the server answers is kept for whoever was recalled, and goes out', async () => {
  const w = world();
  const page = pageOf(w);
  const store = memoryOutbox();
  w.network.down = true;
  const before = w.client({ outbox: store });
  before.recall(mina, [page.room]);
  before.connect();
  before.room('hall').send('without a network');
  await w.clock.advance(500);
  assert.deepEqual(
    (await store.load(mina.id)).map(({ text }) => text),
    ['without a network'],
  );
  before.close();
  w.network.down = false;
  const after = w.client({ outbox: store });
  const handle = after.room('hall');
  handle.open();
  after.connect();
  await w.clock.advance(5_000);
  assert.deepEqual(texts(handle.get()), ['without a network']);
  after.close();
});

test('the server says that it is somebody else: nothing of the recalled one stays', async () => {
  const w = world();
  w.room.say(mina, { text: 'Mina’s' });
  const page = pageOf(w);
  w.room.members.delete(jun.id);
  const suda = w.client({ token: 'token-Jun' });
  const handle = suda.room('hall');
  suda.recall(mina, [page.room]);
  handle.recall(page);
  assert.deepEqual(texts(handle.get()), ['Mina’s']);
  suda.connect();
  await w.clock.advance(500);
  assert.equal(suda.me.get()?.id, jun.id);
  assert.deepEqual(suda.rooms.get(), []);
  assert.deepEqual(texts(handle.get()), []);
  suda.close();
});
