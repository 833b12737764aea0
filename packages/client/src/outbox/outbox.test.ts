import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SudaClientError, unavailable } from '../errors.ts';
import { FakeClock, seeded } from '../testing/fake-clock.ts';
import { sharedStore } from '../testing/shared-store.ts';
import type { OutboxStore, StoredEntry } from '../types.ts';
import { memoryOutbox } from './memory-store.ts';
import { createOutbox, type OutboxContext } from './outbox.ts';

type Answer = { readonly pos: number; readonly rev: number };

const clock = () => new FakeClock();

/** An outbox whose sends are answered by hand. */
function make(time: FakeClock, store: OutboxStore = memoryOutbox(), more: Partial<OutboxContext> = {}, seed = 1) {
  const sent: { readonly entry: StoredEntry; ack(pos: number): void; refuse(reason: unknown): void }[] = [];
  const outbox = createOutbox({
    store,
    clock: time,
    random: seeded(seed),
    upload: async () => [],
    cancel: () => {},
    send: (entry) =>
      new Promise<Answer>((resolve, reject) => sent.push({ entry, ack: (pos) => resolve({ pos, rev: pos }), refuse: reject })),
    reached: () => true,
    changed: () => {},
    ...more,
  });
  return { outbox, sent };
}

const states = (outbox: ReturnType<typeof make>['outbox'], room = 'hall') =>
  outbox.entries(room).map(({ text, state }) => `${text} ${state}`);

test('an entry shows in the same tick, and is in the store before its first attempt', async () => {
  const time = clock();
  const store = memoryOutbox();
  const order: string[] = [];
  const put: OutboxStore['put'] = async (user, entry) => {
    await store.put(user, entry);
    order.push('kept');
  };
  const { outbox, sent } = make(time, { ...store, put });
  outbox.setUser('mina');
  outbox.start();
  await time.advance(0);
  outbox.add('hall', 'hi', {});
  assert.deepEqual(states(outbox), ['hi waiting']);
  assert.equal(sent.length, 0);
  await time.advance(0);
  assert.deepEqual(order, ['kept']);
  assert.equal(sent.length, 1);
  assert.deepEqual(states(outbox), ['hi sending']);
});

test('one at a time in each room, in order; rooms do not wait for each other', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  for (const text of ['a', 'b', 'c']) outbox.add('hall', text, {});
  outbox.add('garden', 'x', {});
  await time.advance(0);
  assert.deepEqual(sent.map(({ entry }) => entry.text).sort(), ['a', 'x']);
  sent.find(({ entry }) => entry.text === 'a')?.ack(1);
  await time.advance(0);
  assert.deepEqual(
    sent.map(({ entry }) => entry.text).filter((text) => text !== 'x'),
    ['a', 'b'],
  );
});

test('P2 lost without an answer: stays, and goes again under the same clientId after the reconnect', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  const id = outbox.add('hall', 'a', {});
  outbox.add('hall', 'b', {});
  await time.advance(0);
  outbox.stop();
  sent[0]?.refuse(unavailable());
  await time.advance(60_000);
  assert.deepEqual(states(outbox), ['a waiting', 'b waiting']);
  assert.equal(sent.length, 1);
  outbox.start();
  await time.advance(1_000);
  assert.equal(sent[1]?.entry.clientId, id);
});

test('R3.3 a refusal with retry waits as long as it says, and keeps the order', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  outbox.add('hall', 'a', {});
  outbox.add('hall', 'b', {});
  await time.advance(0);
  sent[0]?.refuse(new SudaClientError({ code: 'rate_limited', message: '', retry: true, retryAfter: 5_000 }));
  await time.advance(4_900);
  assert.equal(sent.length, 1);
  assert.deepEqual(states(outbox), ['a waiting', 'b waiting']);
  await time.advance(200);
  assert.equal(sent[1]?.entry.text, 'a');
});

test('R3.3 a refusal without retry fails that one; the next go on; `retry` keeps the clientId', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  const id = outbox.add('hall', 'a', {});
  outbox.add('hall', 'b', {});
  await time.advance(0);
  sent[0]?.refuse(new SudaClientError({ code: 'not_allowed', message: 'no', retry: false }));
  await time.advance(0);
  assert.deepEqual(states(outbox), ['a failed', 'b sending']);
  sent[1]?.ack(1);
  await time.advance(0);
  outbox.retry('hall', id);
  await time.advance(0);
  assert.equal(sent[2]?.entry.clientId, id);
  assert.equal(sent[2]?.entry.error, undefined);
});

test('without a session nothing is wrong with a message: it waits', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  outbox.add('hall', 'a', {});
  await time.advance(0);
  sent[0]?.refuse(new SudaClientError({ code: 'unauthenticated', message: '', retry: false }));
  await time.advance(0);
  assert.deepEqual(states(outbox), ['a waiting']);
});

test('a failed or waiting one can be given up, and does not come back', async () => {
  const time = clock();
  const store = memoryOutbox();
  const { outbox } = make(time, store);
  outbox.setUser('mina');
  const id = outbox.add('hall', 'a', {});
  outbox.discard('hall', id);
  assert.deepEqual(states(outbox), []);
  outbox.start();
  await time.advance(0);
  assert.deepEqual(states(outbox), []);
  assert.deepEqual(await store.load('mina'), []);
});

test('an acknowledged one stays as `sent` until the room shows its message', async () => {
  const time = clock();
  const { outbox, sent } = make(time, memoryOutbox(), { reached: () => false });
  outbox.setUser('mina');
  outbox.start();
  outbox.add('hall', 'a', {});
  await time.advance(0);
  sent[0]?.ack(4);
  await time.advance(0);
  assert.deepEqual(states(outbox), ['a sent']);
  outbox.covered('hall', 3);
  assert.deepEqual(states(outbox), ['a sent']);
  outbox.covered('hall', 4);
  assert.deepEqual(states(outbox), []);
});

test('a message that arrives before its acknowledgement takes the entry along, and the next one goes', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  const id = outbox.add('hall', 'a', {});
  outbox.add('hall', 'b', {});
  await time.advance(0);
  assert.equal(outbox.landed('hall', id), true);
  assert.deepEqual(states(outbox), ['b waiting']);
  sent[0]?.ack(1);
  await time.advance(0);
  assert.deepEqual(states(outbox), ['b sending']);
});

test('a reload: what was unsent is sent, before anything newer', async () => {
  const time = clock();
  const store = memoryOutbox();
  const before = make(time, store);
  before.outbox.setUser('mina');
  const id = before.outbox.add('hall', 'old', {});
  await time.advance(0);
  before.outbox.close();

  await time.advance(1_000);
  const { outbox, sent } = make(time, store, {}, 2);
  outbox.setUser('mina');
  outbox.start();
  outbox.add('hall', 'new', {});
  await time.advance(0);
  assert.deepEqual(states(outbox), ['old sending', 'new waiting']);
  assert.equal(sent[0]?.entry.clientId, id);
});

test("another user's entries are neither sent nor shown", async () => {
  const time = clock();
  const store = memoryOutbox();
  const before = make(time, store);
  before.outbox.setUser('jun');
  before.outbox.add('hall', 'secret', {});
  await time.advance(0);
  before.outbox.close();

  const { outbox, sent } = make(time, store, {}, 2);
  outbox.setUser('mina');
  outbox.start();
  await time.advance(60_000);
  assert.deepEqual(states(outbox), []);
  assert.equal(sent.length, 0);
  outbox.setUser('jun');
  outbox.start();
  await time.advance(0);
  assert.deepEqual(states(outbox), ['secret sending']);
});

test('a store that fails, or never answers, is done without', async () => {
  for (const put of [() => Promise.reject(new Error('private mode')), () => new Promise<void>(() => {})]) {
    const time = clock();
    const { outbox, sent } = make(time, { ...memoryOutbox(), put, load: () => Promise.reject(new Error('private mode')) });
    outbox.setUser('mina');
    outbox.start();
    outbox.add('hall', 'a', {});
    await time.advance(3_000);
    assert.equal(sent.length, 1);
    sent[0]?.ack(1);
    await time.advance(0);
    assert.deepEqual(states(outbox), []);
  }
});

test('two tabs share what is unsent: one sends it, and it vanishes from the other', async () => {
  const time = clock();
  const store = sharedStore();
  const before = make(time, store);
  before.outbox.setUser('mina');
  before.outbox.add('hall', 'a', {});
  before.outbox.add('hall', 'b', {});
  await time.advance(0);
  before.outbox.close();

  const tabs = [make(time, store, {}, 2), make(time, store, {}, 3)];
  for (const { outbox } of tabs) {
    outbox.setUser('mina');
    outbox.start();
  }
  await time.advance(0);
  assert.deepEqual(
    tabs.map(({ sent }) => sent.length),
    [1, 0],
  );
  tabs[0]?.sent[0]?.ack(1);
  await time.advance(0);
  tabs[0]?.sent[1]?.ack(2);
  await time.advance(0);
  for (const { outbox } of tabs) assert.deepEqual(states(outbox), []);
  assert.equal(tabs[1]?.sent.length, 0);
});

test('a tab that pauses or is offline does not hold up the other', async () => {
  const time = clock();
  const store = sharedStore();
  const [one, two] = [make(time, store, {}, 2), make(time, store, {}, 3)];
  for (const { outbox } of [one, two]) {
    outbox.setUser('mina');
    outbox.start();
  }
  one.outbox.add('hall', 'a', {});
  await time.advance(0);
  one.sent[0]?.refuse(new SudaClientError({ code: 'unavailable', message: '', retry: true, retryAfter: 60_000 }));
  await time.advance(1);
  two.outbox.add('hall', 'b', {});
  await time.advance(0);
  assert.deepEqual(
    two.sent.map(({ entry }) => entry.text),
    ['a'],
    'the other tab sends what is first',
  );
});

test('signing out forgets what this user had', async () => {
  const time = clock();
  const store = memoryOutbox();
  const { outbox } = make(time, store);
  outbox.setUser('mina');
  outbox.add('hall', 'a', {});
  await outbox.forget();
  assert.deepEqual(await store.load('mina'), []);
  assert.deepEqual(states(outbox), []);
});

test('`close` leaves no timer behind', async () => {
  const time = clock();
  const { outbox, sent } = make(time);
  outbox.setUser('mina');
  outbox.start();
  outbox.add('hall', 'a', {});
  await time.advance(0);
  sent[0]?.refuse(unavailable());
  await time.advance(0);
  assert.equal(time.pending, 1);
  outbox.close();
  await time.advance(0);
  assert.equal(time.pending, 0);
});
