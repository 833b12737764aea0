import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jun, texts, world } from './testing/world.ts';
import type { TransportName } from './types.ts';

for (const transport of ['websocket', 'sse', 'polling'] as readonly TransportName[]) {
  test(`P5 over ${transport}: connects, opens a room, says and hears`, async () => {
    const { clock, room, client } = world({ transports: [transport] });
    room.say(jun, { text: 'one' });
    const suda = client();
    const handle = suda.room('hall');
    const heard: number[] = [];
    suda.on('message', ({ pos }) => heard.push(pos));
    const release = handle.open();
    suda.connect();
    await clock.advance(500);
    assert.deepEqual(suda.connection.get(), { state: 'online', transport });
    assert.equal(suda.me.get()?.name, 'Mina');
    assert.equal(handle.get().status, 'live');
    assert.deepEqual(texts(handle.get()), ['one']);
    assert.equal(handle.get().members.length, 2);

    handle.send('two');
    assert.equal(handle.get().outbox.length, 1);
    await clock.advance(500);
    room.say(jun, { text: 'three' });
    room.edit(1, 'ONE');
    await clock.advance(500);
    assert.deepEqual(texts(handle.get()), ['ONE', 'two', 'three']);
    assert.equal(handle.get().outbox.length, 0);
    assert.deepEqual(heard, [2, 3]);
    assert.equal(suda.rooms.get()[0]?.pos, 3);

    release();
    await clock.advance(500);
    assert.equal(handle.get().status, 'closed');
    suda.close();
    await clock.advance(0);
    assert.equal(clock.pending, 0, 'no timer stays behind');
  });

  test(`P4 over ${transport}: what was missed while the connection was broken is all there`, async () => {
    const { clock, room, network, client } = world({ transports: [transport] });
    for (let n = 1; n <= 10; n++) room.say(jun, { text: `m${n}` });
    const suda = client();
    const handle = suda.room('hall');
    const heard: number[] = [];
    suda.on('message', ({ pos }) => heard.push(pos));
    handle.open();
    suda.connect();
    await clock.advance(500);
    network.down = true;
    network.cut();
    await clock.advance(3_000);
    assert.equal(handle.get().status, 'opening');
    assert.equal(handle.get().messages.length, 10, 'messages stay');
    for (let n = 11; n <= 40; n++) room.say(jun, { text: `m${n}` });
    room.edit(5, 'five');
    room.edit(15, 'fifteen');
    room.delete(7);
    network.down = false;
    await clock.advance(60_000);
    assert.equal(suda.connection.get().state, 'online');
    assert.deepEqual(handle.get().messages, room.messages);
    assert.deepEqual(handle.get().cursor, { epoch: 'e1', rev: room.head });
    assert.deepEqual(
      heard.toSorted((a, b) => a - b),
      Array.from({ length: 30 }, (_, index) => index + 11),
      'each once',
    );
    suda.close();
    await clock.advance(0);
    assert.equal(clock.pending, 0);
  });
}

test('R2.1 a name makes one guest, whose token is used from then on', async () => {
  const { clock, chat, network, client } = world();
  const suda = client({ name: 'Sora', token: undefined } as object);
  suda.connect();
  await clock.advance(100);
  assert.equal(suda.me.get()?.name, 'Sora');
  network.cut();
  await clock.advance(5_000);
  assert.equal(suda.connection.get().state, 'online');
  assert.equal(chat.guests, 1);
  suda.close();
});

test('R2.3 without a session the connection is refused; signing in makes it good', async () => {
  const { clock, client } = world();
  const suda = client({ token: 'wrong' });
  suda.connect();
  await clock.advance(100);
  const state = suda.connection.get();
  assert.equal(state.state === 'refused' && state.error.code, 'unauthenticated');
  suda.wake();
  await clock.advance(60_000);
  assert.equal(suda.connection.get().state, 'refused', 'it does not try again by itself');
  const user = suda.signIn('Sora');
  await clock.advance(100);
  assert.equal((await user).name, 'Sora');
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
});

test('signing out forgets me, my rooms and what was unsent', async () => {
  const { clock, network, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  network.silent = true;
  handle.send('never');
  const out = suda.signOut();
  await clock.advance(100);
  await out;
  assert.equal(suda.me.get(), null);
  assert.deepEqual(suda.rooms.get(), []);
  assert.deepEqual(handle.get().messages, []);
  assert.deepEqual(handle.get().outbox, []);
  assert.equal(suda.connection.get().state, 'idle');
  suda.close();
});

test('a browser signs in and out over HTTP, so that the cookie is set and forgotten', async () => {
  const { clock, network, chat, client } = world();
  const run = chat.run.bind(chat);
  const deleted: string[] = [];
  const { fetch } = network.dialers;
  const dial = {
    ...network.dialers,
    cookies: true,
    fetch: (url: string, init: RequestInit) => {
      if (init.method !== 'DELETE') return fetch?.(url, init) ?? Promise.reject(new Error());
      deleted.push(url);
      return Promise.resolve(new Response(null, { status: 204 }));
    },
  };
  chat.run = run;
  const suda = client({ dial, token: undefined } as object);
  const user = suda.signIn('Sora');
  await clock.advance(100);
  assert.equal((await user).name, 'Sora');
  assert.equal(suda.connection.get().state, 'online');
  assert.deepEqual(network.requests, ['POST /v1/session']);
  await suda.signOut();
  assert.deepEqual(deleted, ['http://suda.test/v1/session']);
  suda.close();
});

test('commands: one that was under way when the connection broke is refused with `unavailable`, and not repeated', async () => {
  const { clock, chat, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  const asked = suda.command('user.rename', { name: 'Minji' });
  const refused = assert.rejects(asked, { name: 'SudaClientError', code: 'unavailable', retry: true });
  network.cut();
  await refused;
  await clock.advance(10_000);
  assert.equal(chat.asked.filter(({ command }) => command === 'user.rename').length, 0);
  suda.close();
});

test('commands: while connecting they wait, without a connection they are refused at once', async () => {
  const { clock, network, client } = world();
  const suda = client();
  await assert.rejects(suda.command('room.list', {}), { code: 'unavailable' });
  suda.connect();
  const asked = suda.command('room.list', {});
  await clock.advance(100);
  assert.equal((await asked).rooms.length, 1);
  network.down = true;
  network.cut();
  await assert.rejects(suda.command('room.list', {}), { code: 'unavailable' });
  suda.close();
});

test('R4.8 whoever is removed sees why, hears nothing more, and is let in again by an invitation', async () => {
  const { clock, room, network, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  network.push('room.removed', { room: 'hall', reason: 'kicked' });
  await clock.advance(100);
  assert.equal(handle.get().status, 'refused');
  assert.equal(handle.get().error?.code, 'not_member');
  assert.deepEqual(suda.rooms.get(), []);
  room.say(jun, { text: 'behind the door' });
  await clock.advance(100);
  assert.deepEqual(handle.get().messages, []);
  const { role: _role, ...fields } = room.summary(jun.id);
  network.push('room.changed', { room: fields });
  await clock.advance(100);
  assert.equal(handle.get().status, 'live');
  assert.equal(suda.rooms.get().length, 1);
  assert.deepEqual(texts(handle.get()), ['behind the door']);
  suda.close();
});

test('P7 a room that refuses to be opened says why, and does not trouble the others', async () => {
  const { clock, room, chat, client } = world();
  const garden = chat.room('garden');
  garden.say(jun, { text: 'hello' });
  room.banned.add('umina');
  const suda = client();
  const refused = suda.room('hall');
  const live = suda.room('garden');
  refused.open();
  live.open();
  suda.connect();
  await clock.advance(100);
  assert.equal(refused.get().status, 'refused');
  assert.equal(refused.get().error?.code, 'banned');
  assert.equal(live.get().status, 'live');
  suda.close();
});

test('R4.9 R4.11 unread counts follow activity, reading and my own messages', async () => {
  const { clock, room, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  const last = room.say(jun, { text: 'psst' });
  network.push('room.activity', { room: 'hall', epoch: 'e1', head: 1, pos: 1, last });
  await clock.advance(100);
  assert.equal(suda.rooms.get()[0]?.unread, 1);
  const handle = suda.room('hall');
  handle.open();
  await clock.advance(100);
  handle.read(1);
  assert.equal(suda.rooms.get()[0]?.unread, 0, 'at once');
  assert.equal(handle.get().room?.readPos, 1);
  for (let n = 0; n < 10; n++) room.say(jun, { text: 'more' });
  await clock.advance(100);
  assert.equal(suda.rooms.get()[0]?.unread, 10);
  handle.send('mine');
  await clock.advance(100);
  assert.equal(suda.rooms.get()[0]?.unread, 0, 'saying something reads up to it');
  suda.close();
});

test('reading is told about once a second, forward only, and after a reconnect', async () => {
  const { clock, room, chat, network, client } = world();
  for (let n = 0; n < 50; n++) room.say(jun, { text: 'x' });
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  const reads = (): unknown[] => chat.asked.filter(({ command }) => command === 'room.read').map(({ input }) => input.pos);
  for (let pos = 1; pos <= 20; pos++) handle.read(pos);
  handle.read(5);
  await clock.advance(3_000);
  assert.deepEqual(reads(), [1, 20]);
  network.down = true;
  network.cut();
  await clock.advance(1_000);
  handle.read(30);
  network.down = false;
  await clock.advance(60_000);
  assert.deepEqual(reads(), [1, 20, 30]);
  suda.close();
});

test('typing is told once and renewed while it lasts; that of others fades, and ends with their message', async () => {
  const { clock, room, chat, network, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  const told = (): unknown[] => chat.asked.filter(({ command }) => command === 'room.typing').map(({ input }) => input.typing);
  for (let key = 0; key < 30; key++) {
    handle.typing(true);
    await clock.advance(100);
  }
  assert.deepEqual(told(), [true]);
  await clock.advance(1_000);
  assert.deepEqual(told(), [true, true]);
  handle.typing(false);
  await clock.advance(10_000);
  assert.deepEqual(told(), [true, true, false]);

  const typing = { room: 'hall', user: { id: jun.id, name: 'Jun' }, typing: true };
  network.push('typing', typing);
  network.push('typing', { ...typing, user: { id: 'umina', name: 'Mina' } });
  await clock.advance(100);
  assert.deepEqual(
    handle.get().typing.map(({ name }) => name),
    ['Jun'],
  );
  await clock.advance(6_000);
  assert.deepEqual(handle.get().typing, []);
  network.push('typing', typing);
  await clock.advance(100);
  room.say(jun, { text: 'there' });
  await clock.advance(100);
  assert.deepEqual(handle.get().typing, []);
  suda.close();
});

test('an entry leaves the outbox in the very change in which its message appears', async () => {
  const { clock, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  const seen: string[] = [];
  handle.subscribe(({ messages, outbox }) => {
    const copies = messages.filter(({ text }) => text === 'hi').length + outbox.filter(({ text }) => text === 'hi').length;
    seen.push(`${copies} ${outbox[0]?.state ?? ''}`);
  });
  handle.send('hi');
  await clock.advance(1_000);
  assert.deepEqual([...new Set(seen.slice(1))], ['1 waiting', '1 sending', '1 ']);
  suda.close();
});

test('R4.12 replies and whispers carry their fields', async () => {
  const { clock, room, chat, client } = world();
  room.say(jun, { text: 'one' });
  const suda = client();
  suda.connect();
  await clock.advance(100);
  suda.room('hall').send('two', { replyTo: 1, via: 'garden' });
  await clock.advance(100);
  const { input } = chat.asked.findLast(({ command }) => command === 'message.send') ?? {};
  assert.equal(input?.replyTo, 1);
  assert.equal(input?.via, 'garden');
  assert.deepEqual(suda.room('hall').get().outbox, [], 'in a room that is not opened it leaves with its acknowledgement');
  suda.close();
});

test('a text above the limit fails without a try, and the connection lives on', async () => {
  const { clock, chat, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  handle.send('x'.repeat(100_000));
  handle.send('short');
  await clock.advance(200);
  const [failed] = handle.get().outbox;
  assert.equal(failed?.state === 'failed' && failed.error.code, 'too_long');
  assert.deepEqual(texts(handle.get()), ['short']);
  assert.equal(chat.asked.filter(({ command }) => command === 'message.send').length, 1);
  await assert.rejects(suda.command('room.update', { room: 'hall', name: '수'.repeat(40_000) }), { code: 'payload_too_large' });
  suda.close();
});

test('loadAround right after open waits for the room; back at the latest nothing is missing', async () => {
  const { clock, room, client } = world();
  for (let n = 1; n <= 300; n++) room.say(jun, { text: `m${n}` });
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  const loaded = handle.loadAround(20);
  await clock.advance(500);
  await loaded;
  assert.equal(handle.get().messages[0]?.pos, 1);
  assert.equal(handle.get().atLatest, false);
  room.say(jun, { text: 'live' });
  while (!handle.get().atLatest) {
    const more = handle.loadNewer();
    await clock.advance(50);
    await more;
  }
  assert.deepEqual(handle.get().messages, room.messages);
  const latest = handle.toLatest();
  await clock.advance(50);
  await latest;
  assert.equal(handle.get().messages.length, 50);
  const twice = [handle.loadOlder(), handle.loadOlder()];
  await clock.advance(50);
  await Promise.all(twice);
  assert.equal(handle.get().messages.length, 100, 'asking twice is asking once');
  suda.close();
});

test('open is counted: the room stays live until the last release, and a quick return costs nothing', async () => {
  const { clock, chat, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  const [one, two] = [handle.open(), handle.open()];
  suda.connect();
  await clock.advance(100);
  one();
  one();
  await clock.advance(1_000);
  assert.equal(handle.get().status, 'live');
  two();
  handle.open()();
  const again = handle.open();
  await clock.advance(1_000);
  assert.equal(handle.get().status, 'live');
  assert.equal(chat.asked.filter(({ command }) => command === 'room.open').length, 1);
  again();
  await clock.advance(1_000);
  assert.equal(handle.get().status, 'closed');
  assert.equal(chat.asked.filter(({ command }) => command === 'room.close').length, 1);
  suda.close();
});

test('UX 33 what is said while a room is being left counts in the list', async () => {
  const { clock, room, client } = world();
  const suda = client();
  const release = suda.room('hall').open();
  suda.connect();
  await clock.advance(500);
  const unread = (): number | undefined => suda.rooms.get()[0]?.unread;
  release();
  room.say(jun, { text: 'in the same moment' });
  await clock.advance(50);
  assert.equal(unread(), 1);
  // The room lets go after 200 ms; the server hears of it a little later.
  await clock.advance(149);
  room.say(jun, { text: 'and on the way' });
  await clock.advance(500);
  assert.equal(unread(), 2);
  suda.close();
});
