import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiStage, Heard } from '../testing/api-stage.ts';
import { type Socket, sessionOf } from './index.ts';

/** A small generator with a seed (mulberry32), so that a run can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ROOMS = ['x', 'y', 'z'];
const STEPS = 2_000;

describe('order', () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

  it(`R10.3 everyone hears what was said while they were there, in the order in which it was said (SEED=${seed})`, async (context) => {
    const random = randomOf(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const stage = await ApiStage.open(context);
    const sockets: Socket[] = [];
    stage.io.on('connection', (socket) => void sockets.push(socket));
    const heards: Heard<unknown>[] = [];
    for (let i = 0; i < 3; i++) {
      const heard = new Heard<unknown>();
      (await stage.connected()).on('n', (n) => heard.push(n));
      heards.push(heard);
    }
    for (let i = 0; i < 2; i++) {
      const native = await stage.native();
      const heard = new Heard<unknown>();
      native.socket.on('message', (data) => heard.push(JSON.parse(String(data)).data));
      heards.push(heard);
    }

    // What each should hear, by the plainest reading: who is meant at the moment when it is said.
    const expected: number[][] = sockets.map(() => []);
    const meant = (rooms: readonly string[], except: readonly string[]): number[] =>
      sockets.flatMap(({ rooms: of }, i) =>
        (rooms.length === 0 || rooms.some((room) => of.has(room))) && !except.some((room) => of.has(room)) ? [i] : [],
      );
    const steps: (() => number[] | undefined)[] = [];
    for (let n = 0; n < STEPS; n++) {
      const who = Math.floor(random() * sockets.length);
      const socket = sockets[who] as Socket;
      const room = pick(ROOMS);
      const other = pick(ROOMS);
      const say = (to: number[], emit: () => unknown) => (): number[] => {
        emit();
        return to;
      };
      steps.push(
        ...pick<(() => number[] | undefined)[]>([
          [() => void socket.join(room)],
          [() => void socket.leave(room)],
          [() => say([who], () => socket.emit('n', n))()],
          [() => say(meant([], []), () => stage.io.emit('n', n))()],
          [() => say(meant([room], []), () => stage.io.to(room).emit('n', n))()],
          [() => say(meant([room], []), () => stage.io.to(room).emit('n', n))()],
          [() => say(meant([room, other], []), () => stage.io.to([room, other]).emit('n', n))()],
          [() => say(meant([], [room]), () => stage.io.except(room).emit('n', n))()],
          [() => say(meant([room], [socket.id]), () => socket.to(room).emit('n', n))()],
          [() => say(meant([], [socket.id]), () => socket.broadcast.emit('n', n))()],
          [() => say([who], () => stage.io.to(socket.id).emit('n', n))()],
        ]),
      );
    }
    for (let n = 0; n < steps.length; n++) {
      for (const i of steps[n]?.() ?? []) expected[i]?.push(n);
      // Several steps in one tick, and then a pause of the event loop: both happen.
      if (random() < 0.1) await new Promise((resolve) => setImmediate(resolve));
    }
    stage.io.emit('n', 'end');
    for (const [i, heard] of heards.entries()) {
      await heard.until('the end', (all) => all.at(-1) === 'end');
      assert.deepEqual(heard.all.slice(0, -1), expected[i], `client ${i}`);
    }
    assert.ok(expected.every((all) => all.length > STEPS / 10));
  });

  it('R10.3 an acknowledgement comes after what was said before it, and before what is said after it', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.join('room');
      socket.on('go', (acknowledge) => {
        stage.io.to('room').emit('said', 1);
        acknowledge();
        stage.io.to('room').emit('said', 2);
      });
    });
    const client = await stage.connected();
    const heard = new Heard<unknown>();
    client.on('said', (n) => heard.push(n));
    client.emit('go', () => heard.push('acknowledged'));
    await heard.until('three', ({ length }) => length === 3);
    assert.deepEqual(heard.all, [1, 'acknowledged', 2]);
  });

  it('R10.3 what was said to a room before someone left, or was sent away, still reaches them', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.join('room');
      socket.on('go', () => {
        stage.io.to('room').emit('said', 'before');
        socket.leave('room');
        stage.io.to('room').emit('said', 'after');
        stage.io.emit('said', 'farewell');
        socket.disconnect();
      });
    });
    const client = await stage.connected();
    const heard = new Heard<unknown>();
    client.on('said', (n) => heard.push(n));
    client.on('disconnect', (reason) => heard.push(reason));
    client.emit('go');
    await heard.until('three', ({ length }) => length === 3);
    assert.deepEqual(heard.all, ['before', 'farewell', 'io server disconnect']);
  });
});

describe('slow readers of an application’s own events', () => {
  it('R10.4 P6 nothing is dropped within the bound; beyond it the connection ends with 4502, and others notice nothing', async (context) => {
    const stage = await ApiStage.open(context, { maxBuffered: 4 * 1024 * 1024 });
    const gone = new Heard<string>();
    stage.io.on('connection', (socket) => socket.on('disconnect', (reason) => gone.push(reason)));
    const slow = await stage.native();
    const quick = await stage.native();
    const seen = new Heard<number>();
    quick.socket.on('message', (data) => seen.push(JSON.parse(String(data)).data.n));
    slow.socket.pause();
    const padding = 'x'.repeat(64 * 1024);
    let n = 0;
    // The kernel takes a few megabytes by itself; then bytes wait in this process.
    while (gone.all.length === 0 && n < 1_000) {
      stage.io.emit('big', { n: n++, padding });
      await seen.until('this one', (all) => all.at(-1) === n - 1);
    }
    assert.deepEqual(gone.all, ['transport error']);
    assert.deepEqual(
      seen.all,
      Array.from({ length: n }, (_, i) => i),
    );
    assert.equal(stage.io.sockets.sockets.size, 1);
  });

  it('R10.4 what is volatile is dropped for who has not taken what came before', async (context) => {
    const stage = await ApiStage.open(context);
    const sockets: Socket[] = [];
    stage.io.on('connection', (socket) => void sockets.push(socket));
    const slow = await stage.native();
    const [socket] = sockets;
    assert.ok(socket);
    slow.socket.pause();
    const padding = 'x'.repeat(256 * 1024);
    while (sessionOf(socket)?.caughtUp) {
      socket.emit('big', padding);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.volatile.emit('tick', 1);
    socket.emit('tock', 2);
    slow.socket.resume();
    await slow.heard.until('the last', (all) => all.at(-1)?.event === 'tock');
    assert.deepEqual(slow.said('tick'), []);
  });
});
