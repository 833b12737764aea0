import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SudaError } from '@suda/protocol/errors';
import { jun, texts, world } from '../testing/world.ts';
import type { ConnectionState, Suda } from '../types.ts';

const transportOf = (state: ConnectionState): string => ('transport' in state ? `${state.state} ${state.transport}` : state.state);

/** The states that the connection goes through, without repetition. */
function follow(suda: Suda): string[] {
  const states: string[] = [];
  suda.connection.subscribe((state) => {
    if (states.at(-1) !== transportOf(state)) states.push(transportOf(state));
  });
  return states;
}

test('a WebSocket that never opens twice gives way to sse', async () => {
  const { clock, network, client } = world();
  network.noWebSockets = true;
  const suda = client();
  const states = follow(suda);
  suda.connect();
  await clock.advance(30_000);
  assert.deepEqual(states, ['idle', 'connecting websocket', 'waiting', 'connecting websocket', 'waiting', 'connecting sse', 'online sse']);
  assert.equal(network.dials.websocket, 2);
  suda.close();
});

test('a WebSocket that a proxy cuts before the first reply twice gives way to sse', async () => {
  const { clock, network, client } = world();
  network.breakingWebSockets = true;
  const suda = client();
  suda.connect();
  await clock.advance(10_000);
  assert.equal(transportOf(suda.connection.get()), 'online sse');
  suda.close();
});

test('a WebSocket that opens and then says nothing gives way too', async () => {
  const { clock, network, client } = world();
  network.loses = (event) => event === 'reply';
  const suda = client();
  suda.connect();
  await clock.advance(40_000);
  assert.equal(transportOf(suda.connection.get()), 'online sse');
  suda.close();
});

test('an event stream that a proxy holds back for 10 s gives way to polling', async () => {
  const { clock, network, room, client } = world({ transports: ['sse', 'polling'] });
  network.bufferedStreams = true;
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(9_900);
  assert.equal(transportOf(suda.connection.get()), 'connecting sse');
  await clock.advance(20_000);
  assert.equal(transportOf(suda.connection.get()), 'online polling');
  room.say(jun, { text: 'hi' });
  await clock.advance(200);
  assert.deepEqual(texts(handle.get()), ['hi']);
  suda.close();
  await clock.advance(0);
  assert.equal(clock.pending, 0);
});

for (const minutes of [1, 2, 3, 4, 5])
  test(`a server that was down for ${minutes} minutes is met again over the best transport`, async () => {
    const { clock, network, client } = world();
    network.down = true;
    const suda = client();
    suda.connect();
    await clock.advance(minutes * 61_000);
    assert.ok(network.requests.every((request) => request === 'POST /v1/session'));
    network.down = false;
    await clock.advance(60_000);
    assert.equal(transportOf(suda.connection.get()), 'online websocket');
    suda.close();
  });

test('on a later reconnect the better transport is tried again', async () => {
  const { clock, network, client } = world();
  network.noWebSockets = true;
  const suda = client();
  suda.connect();
  await clock.advance(30_000);
  assert.equal(transportOf(suda.connection.get()), 'online sse');
  network.noWebSockets = false;
  network.cut();
  await clock.advance(5_000);
  assert.equal(transportOf(suda.connection.get()), 'online sse', 'not so soon');
  await clock.advance(60_000);
  network.cut();
  await clock.advance(5_000);
  assert.equal(transportOf(suda.connection.get()), 'online websocket');
  suda.close();
});

test('R5.8 a close code that says "do not come back" is a refusal', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  network.cut(4001);
  await clock.advance(60_000);
  const state = suda.connection.get();
  assert.equal(state.state === 'refused' && state.error.code, 'unauthenticated');
  suda.connect();
  await clock.advance(100);
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
});

test('R5.9 `drain` says when to come back', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  network.push('drain', { reconnectIn: 7_000 });
  await clock.advance(100);
  network.cut(4501);
  await clock.advance(6_900);
  assert.equal(suda.connection.get().state, 'waiting');
  await clock.advance(200);
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
});

test('R3.7 `retryAfter` of a greeting is honoured', async () => {
  const { clock, chat, client } = world();
  let refusals = 0;
  chat.guard = (command) => {
    if (command === 'hello' && refusals++ === 0) throw new SudaError('rate_limited', undefined, 20_000);
  };
  const suda = client();
  suda.connect();
  await clock.advance(19_900);
  assert.equal(suda.connection.get().state, 'waiting');
  await clock.advance(1_000);
  assert.equal(transportOf(suda.connection.get()), 'online websocket');
  suda.close();
});

test('reconnects spread: the wait grows to half a minute, and begins anew after a good connection', async () => {
  const { clock, network, client } = world({ transports: ['websocket'], random: () => 0.999 });
  const suda = client();
  const waits: number[] = [];
  suda.connection.subscribe((state) => {
    if (state.state === 'waiting') waits.push(Math.round((state.retryAt - clock.now()) / 500) * 500);
  });
  suda.connect();
  await clock.advance(20_000);
  network.down = true;
  network.cut();
  await clock.advance(120_000);
  assert.deepEqual(waits.slice(0, 8), [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  network.down = false;
  await clock.advance(60_000);
  assert.equal(suda.connection.get().state, 'online');
  waits.length = 0;
  network.cut();
  assert.deepEqual(waits, [500]);
  suda.close();
});

test('a connection that stands and falls at once does not become a storm', async () => {
  const { clock, network, client } = world({ transports: ['websocket'] });
  const suda = client();
  suda.connection.subscribe(({ state }) => {
    if (state === 'online') queueMicrotask(() => network.cut());
  });
  suda.connect();
  await clock.advance(600_000);
  assert.ok(network.dials.websocket < 100, `${network.dials.websocket} dials in ten minutes`);
  suda.close();
});

test('P4 a silent, half-open connection is noticed within 40 s', async () => {
  const { clock, network, room, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  network.silent = true;
  room.say(jun, { text: 'unheard' });
  await clock.advance(41_000);
  assert.notEqual(suda.connection.get().state, 'online');
  network.silent = false;
  await clock.advance(20_000);
  assert.deepEqual(texts(handle.get()), ['unheard']);
  suda.close();
});

test('a quiet connection that answers is left alone', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(600_000);
  assert.equal(network.dials.websocket, 1);
  suda.close();
});

test('wake: a connection that does not answer within 2 s is replaced at once', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  const states = follow(suda);
  network.silent = true;
  suda.wake();
  await clock.advance(1_900);
  assert.equal(suda.connection.get().state, 'online');
  network.silent = false;
  await clock.advance(300);
  assert.deepEqual(states, ['online websocket', 'connecting websocket', 'online websocket'], 'without waiting');
  suda.close();
});

test('wake: a good connection stays, a waiting one tries at once', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connect();
  await clock.advance(100);
  suda.wake();
  await clock.advance(5_000);
  assert.equal(network.dials.websocket, 1);
  network.down = true;
  network.cut();
  await clock.advance(60_000);
  network.down = false;
  assert.equal(suda.connection.get().state, 'waiting');
  suda.wake();
  await clock.advance(500);
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
});

for (const transport of ['websocket', 'sse', 'polling'] as const) {
  test(`after hours of sleep over ${transport} the jump of time is noticed, and all is right within three seconds`, async () => {
    const { clock, network, room, client } = world({ transports: [transport] });
    const suda = client();
    const handle = suda.room('hall');
    handle.open();
    suda.connect();
    await clock.advance(1_000);
    network.silent = true;
    network.lines.clear();
    room.listeners.clear();
    for (let n = 0; n < 100; n++) room.say(jun, { text: 'while you slept' });
    await clock.sleep(8 * 3_600_000);
    network.silent = false;
    await clock.advance(3_000);
    assert.equal(handle.get().messages.length, 100);
    assert.equal(handle.get().status, 'live');
    suda.close();
  });
}

test('R4.10 after a reconnect: greeted, rooms resumed, members asked again, then the outbox goes', async () => {
  const { clock, network, chat, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  network.push('typing', { room: 'hall', user: { id: jun.id, name: 'Jun' }, typing: true });
  await clock.advance(100);
  network.down = true;
  network.cut();
  assert.deepEqual(handle.get().typing, [], 'ephemeral state is gone');
  handle.send('offline');
  chat.asked.length = 0;
  network.down = false;
  await clock.advance(10_000);
  assert.deepEqual(
    chat.asked.map(({ command }) => command).filter((command) => command !== 'ping'),
    ['hello', 'room.open', 'message.send', 'room.members'],
  );
  assert.deepEqual(texts(handle.get()), ['offline']);
  suda.close();
});

test('`disconnect` rests, `connect` goes on, `close` is the end and leaves nothing behind', async () => {
  const { clock, network, room, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  suda.disconnect();
  assert.equal(suda.connection.get().state, 'idle');
  room.say(jun, { text: 'meanwhile' });
  await clock.advance(60_000);
  assert.equal(clock.pending, 0);
  assert.equal(network.lines.size, 0);
  suda.connect();
  await clock.advance(100);
  assert.deepEqual(texts(handle.get()), ['meanwhile']);
  handle.typing(true);
  handle.send('x');
  network.push('typing', { room: 'hall', user: { id: jun.id, name: 'Jun' }, typing: true });
  suda.close();
  suda.connect();
  await clock.advance(60_000);
  assert.equal(suda.connection.get().state, 'closed');
  assert.equal(clock.pending, 0);
  assert.equal(network.lines.size, 0);
});

test('a listener that connects or disconnects from within a change does no harm', async () => {
  const { clock, network, client } = world();
  const suda = client();
  suda.connection.subscribe(({ state }) => {
    if (state === 'waiting') suda.connect();
  });
  suda.connect();
  await clock.advance(100);
  network.cut();
  await clock.advance(100);
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
  await clock.advance(0);
  assert.equal(clock.pending, 0);
});

test('P4 a jump in rev makes the room ask again, once', async () => {
  const { clock, network, room, chat, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  let losing = 1;
  network.loses = (event) => event === 'message' && losing-- > 0;
  for (let n = 1; n <= 20; n++) room.say(jun, { text: `m${n}` });
  await clock.advance(1_000);
  assert.deepEqual(handle.get().messages, room.messages);
  assert.equal(chat.asked.filter(({ command }) => command === 'room.open').length, 2);
  suda.close();
});

test('P4 a stream with holes in it all the time is not answered with a storm', async () => {
  const { clock, network, room, chat, client } = world();
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(100);
  chat.asked.length = 0;
  let count = 0;
  network.loses = (event) => event === 'message' && count++ % 2 === 0;
  for (let n = 1; n <= 500; n++) {
    room.say(jun, { text: `m${n}` });
    await clock.advance(20);
  }
  const asked = chat.asked.filter(({ command }) => command === 'room.open').length;
  assert.ok(asked < 20, `${asked} in ten seconds`);
  network.loses = () => false;
  await clock.advance(60_000);
  room.say(jun, { text: 'last' });
  await clock.advance(1_000);
  assert.deepEqual(handle.get().messages.at(-1), room.messages.at(-1));
  assert.equal(handle.get().cursor?.rev, room.head);
  suda.close();
});

for (const transport of ['websocket', 'sse'] as const) {
  test(`P4 over ${transport} a subscription that the server ends with an \`error\` is begun again`, async () => {
    const { clock, network, room, client } = world({ transports: [transport] });
    const suda = client();
    const handle = suda.room('hall');
    handle.open();
    suda.connect();
    await clock.advance(500);
    room.listeners.clear();
    room.say(jun, { text: 'unheard' });
    network.push('error', { code: 'internal', message: '', retry: true, room: 'hall' });
    await clock.advance(500);
    room.say(jun, { text: 'heard' });
    await clock.advance(500);
    assert.deepEqual(texts(handle.get()), ['unheard', 'heard']);
    suda.close();
  });
}

test('R3.7 a poll that is told to slow down does so, and the connection stands', async () => {
  const { clock, network, room, client } = world({ transports: ['polling'] });
  const suda = client();
  const handle = suda.room('hall');
  handle.open();
  suda.connect();
  await clock.advance(500);
  const { requests } = network;
  requests.length = 0;
  network.busy = true;
  room.say(jun, { text: 'one' });
  await clock.advance(10_000);
  assert.ok(requests.length < 15, `${requests.length} polls in ten seconds`);
  network.busy = false;
  room.say(jun, { text: 'two' });
  await clock.advance(2_000);
  assert.deepEqual(texts(handle.get()), ['one', 'two']);
  assert.equal(suda.connection.get().state, 'online');
  suda.close();
});
