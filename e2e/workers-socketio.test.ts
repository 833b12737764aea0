import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { within } from './wire/inbox.ts';
import { SocketIo } from './wire/socketio.ts';
import { WorkersSite } from './workers-site.ts';

/** So many connections are all in one of three workers once in 177,000 times. */
const MANY = 12;

const ways = [
  ['by polling', ['polling'], true],
  ['by polling, a connection for each request', ['polling'], false],
  ['by polling with an upgrade', ['polling', 'websocket'], true],
  ['by polling with an upgrade, a connection for each request', ['polling', 'websocket'], false],
] as const;

describe('an unmodified socket.io-client, whose requests come to any worker', () => {
  let site: WorkersSite;
  const ends: (() => unknown)[] = [];
  before(async () => {
    site = await WorkersSite.open({ after: (end) => void ends.push(end as () => unknown) }, 3);
  });
  after(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  for (const [how, transports, keepAlive] of ways) {
    it(`P5 R9.1 ${how}: nothing is lost, nothing comes twice, no session breaks`, async () => {
      const { room, people } = await site.room(['Mina', 'Jihun']);
      const agent = new Agent({ keepAlive });
      const open = (i: number): Promise<SocketIo> =>
        // Its types know the agents of browsers alone.
        SocketIo.connect(site.url, { transports: [...transports], auth: { token: people[i % 2]?.token }, agent: agent as never });
      const all = await Promise.all(Array.from({ length: MANY }, (_, i) => open(i)));
      ends.push(() => {
        for (const io of all) io.close();
        agent.destroy();
      });
      let breaks = 0;
      for (const { client } of all) client.on('disconnect', () => breaks++);
      const upgraded = all.map(
        ({ client: { io } }) =>
          new Promise<void>((resolve) => {
            if (io.engine.transport.name === transports.at(-1)) resolve();
            else io.engine.once('upgrade', () => resolve());
          }),
      );
      // While some still change over.
      for (const io of all) await io.ask('room.open', { room });
      await within('the upgrades', Promise.all(upgraded));
      const count = 5;
      for (let n = 0; n < count; n++)
        await Promise.all(all.map((io, i) => io.ask('message.send', { room, clientId: `${i}-${n}`, text: `${i} ${n}` })));
      const heard = await Promise.all(all.map(({ events }) => events.count(MANY * count, ({ event }) => event === 'message')));
      const [first = []] = heard;
      assert.equal(new Set(first.map(({ data }) => data.pos)).size, MANY * count);
      for (const one of heard) assert.deepEqual(one, first);
      for (const io of all) await io.caughtUp();
      assert.equal(breaks, 0);
      for (const { client } of all) assert.equal(client.io.engine.transport.name, transports.at(-1));
    });
  }

  it('R9.1 a session of a worker that is no more, or never was, is unknown', async () => {
    for (const sid of ['99.aaaaaaaaaaaaaaaaaaaa', '1.aaaaaaaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaaaaaaaa', '../../x', '1.']) {
      const query = `/socket.io/?EIO=4&transport=polling&sid=${encodeURIComponent(sid)}`;
      for (const [method, body] of [
        ['GET', undefined],
        ['POST', '4hello'],
      ] as const) {
        // So that it comes to each worker.
        const answers = await Promise.all(Array.from({ length: 6 }, () => site.call(method, query, body === undefined ? {} : { body })));
        for (const { status, json } of answers) assert.deepEqual([status, json], [400, { code: 1, message: 'Session ID unknown' }]);
      }
    }
  });
});
