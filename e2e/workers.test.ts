import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WorkersSite } from './workers-site.ts';

/** So many sockets are in both of two workers, but once in 2,000 times. */
const MANY = 12;

describe('several workers on one port', () => {
  it('P2 P3 P4 everyone hears every message once, in one order, whichever worker they and its sender are in', async (context) => {
    const site = await WorkersSite.open(context, 2);
    const { room, people } = await site.room(['Mina', 'Jihun', 'Robin']);
    const sockets = await Promise.all(Array.from({ length: MANY }, (_, i) => (people[i % 3] as (typeof people)[0]).socket()));
    context.after(() => Promise.all(sockets.map((socket) => socket.close())));
    for (const socket of sockets) await socket.ask('room.open', { room });
    const sent = await Promise.all(
      sockets.flatMap((socket, i) =>
        Array.from({ length: 20 }, (_, n) => socket.ask('message.send', { room, clientId: `${i}-${n}`, text: `${i} ${n}` })),
      ),
    );
    const messages = sockets.map(({ events }) => events.count(MANY * 20, ({ event }) => event === 'message'));
    const [first = [], ...others] = await Promise.all(messages);
    assert.deepEqual(
      first.map(({ data }) => data.rev),
      Array.from(first, (_, i) => (first[0]?.data.rev ?? 0) + i),
    );
    for (const other of others) assert.deepEqual(other, first);
    assert.deepEqual(
      sent.map(({ pos }) => pos).sort((a, b) => a - b),
      first.map(({ data }) => data.pos),
    );
    // What is said again is the same, whichever worker hears it.
    for (const [i, socket] of sockets.entries()) {
      const same = sockets[(i + 3) % MANY];
      const again = await same?.ask('message.send', { room, clientId: `${i}-7`, text: 'again' });
      assert.deepEqual(again, sent[i * 20 + 7]);
      await socket.caughtUp();
    }
    assert.deepEqual(
      sockets.map((socket) => socket.said(room).length),
      sockets.map(() => MANY * 20),
    );
    assert.equal(site.workers().length, 2);
  });
});
