import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createSuda } from '@suda/client';
import { FakeProvider } from './wire/gif-provider.ts';
import { within } from './wire/inbox.ts';
import type { Refusal } from './wire/refusal.ts';
import { Socket } from './wire/socket.ts';
import { SocketIo } from './wire/socketio.ts';
import type { Person } from './wire/stage.ts';
import { upload } from './wire/upload.ts';
import { WorkersSite } from './workers-site.ts';

/** So many sockets of one person are in each of three workers, but once in forty times; and then less is proved, nothing fails. */
const MANY = 12;

describe('several workers on one port', () => {
  let site: WorkersSite;
  const ends: (() => unknown)[] = [];
  before(async () => {
    const provider = await FakeProvider.start();
    ends.push(() => provider.stop());
    const gifs = ['--gif-provider', 'giphy', '--gif-key', 'the-key', '--gif-url', provider.url];
    site = await WorkersSite.open({ after: (end) => void ends.push(end as () => unknown) }, 3, ['--rate', '50', ...gifs]);
  });
  after(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const many = async (person: Person, count = MANY): Promise<Socket[]> => {
    const sockets = await Promise.all(Array.from({ length: count }, () => person.socket()));
    ends.push(() => Promise.all(sockets.map(({ ws }) => ws.terminate())));
    return sockets;
  };

  it('P2 P3 P4 everyone hears every message once, in one order, whichever worker they and its sender are in', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun', 'Robin']);
    const sockets = (await Promise.all(people.map((person) => many(person, 4)))).flat();
    for (const socket of sockets) await socket.ask('room.open', { room });
    const sent = await Promise.all(
      sockets.flatMap((socket, i) =>
        Array.from({ length: 20 }, (_, n) => socket.ask('message.send', { room, clientId: `${i}-${n}`, text: `${i} ${n}` })),
      ),
    );
    const messages = sockets.map(({ events }) => events.count(sent.length, ({ event }) => event === 'message'));
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
      const same = sockets[i - (i % 4) + ((i + 1) % 4)];
      assert.deepEqual(await same?.ask('message.send', { room, clientId: `${i}-7`, text: 'again' }), sent[i * 20 + 7]);
      await socket.caughtUp();
    }
    for (const socket of sockets) assert.equal(socket.said(room).length, sent.length);
  });

  it('P5 a message of any transport reaches every transport, in any worker', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const sockets = await many(jihun, 4);
    for (const socket of sockets) await socket.ask('room.open', { room });
    const streams = await Promise.all(Array.from({ length: 4 }, () => jihun.stream(`?room=${room}`)));
    const ios = await Promise.all(
      Array.from({ length: 4 }, () => SocketIo.connect(site.url, { auth: { token: jihun.token }, transports: ['websocket'] })),
    );
    for (const io of ios) await io.ask('room.open', { room });
    const sdk = createSuda({ url: site.url, token: jihun.token, transports: ['polling'] });
    const handle = sdk.room(room);
    handle.open();
    sdk.connect();
    ends.push(() => {
      for (const stream of streams) stream.close();
      for (const io of ios) io.close();
      sdk.close();
    });
    const heard = within(
      'all in the SDK',
      new Promise<void>((resolve) =>
        handle.subscribe(({ messages }) => {
          if (messages.filter(({ text }) => text.startsWith('by ')).length === 3) resolve();
        }),
      ),
    );
    const [socket] = await many(mina, 1);
    await mina.say(room, 'by HTTP');
    await socket?.ask('message.send', { room, clientId: 'w', text: 'by WebSocket' });
    await ios[0]?.ask('message.send', { room, clientId: 'io', text: 'by Socket.IO' });
    const all = ['by HTTP', 'by WebSocket', 'by Socket.IO'];
    for (const { events } of [...sockets, ...ios]) {
      const came = await events.count(3, ({ event, data }) => event === 'message' && data.text.startsWith('by '));
      assert.deepEqual(
        came.map(({ data }) => data.text),
        all,
      );
    }
    for (const stream of streams) await stream.events.first('the last message', ({ data }) => data?.text === 'by Socket.IO');
    await heard;
  });

  it('P7 who is sent away hears nothing that is said after, in any worker', async () => {
    const { room, people } = await site.room(['Owner', 'Mina']);
    const [owner, mina] = people;
    const [listeners, owners] = await Promise.all([many(mina), many(owner, 6)]);
    for (const [round, speaker] of owners.entries()) {
      for (const socket of listeners) await socket.ask('room.open', { room });
      const from = listeners.map(({ events }) => events.all.length);
      // Not waited for: what is said right behind the removal is in the same commit or the next.
      const kicked = speaker.ask('room.kick', { room, user: mina.id });
      const said = speaker.ask('message.send', { room, clientId: `secret-${round}`, text: `secret ${round}` });
      await Promise.all([kicked, said]);
      for (const [i, { events }] of listeners.entries())
        await events.first('the removal', ({ event, data }) => event === 'room.removed' && data.room === room, from[i]);
      for (const socket of listeners) {
        await socket.caughtUp();
        assert.deepEqual(
          socket.said(room).filter((text) => text.startsWith('secret')),
          [],
        );
        await assert.rejects(socket.ask('message.list', { room }), { code: 'not_member' });
      }
      for (let i = 0; i < 6; i++) assert.equal(await mina.refused('message.list', { room }), 'not_member');
      await owner.ask('room.invite', { room, user: mina.id });
    }
  });

  it('P1 who was answered finds it in every worker, and so does everyone else', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    for (let i = 0; i < 40; i++) {
      const { pos } = await mina.say(room, `number ${i}`);
      const { messages } = await (i % 2 === 0 ? mina : jihun).ask('message.list', { room, limit: 1 });
      assert.deepEqual([messages[0]?.pos, messages[0]?.text], [pos, `number ${i}`]);
    }
    const guests = await Promise.all(Array.from({ length: 12 }, (_, i) => site.person(`Guest ${i}`)));
    for (const guest of guests) assert.equal((await guest.ask('room.join', { room })).id, room);
  });

  it('typing and presence are of all workers', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const watchers = await many(jihun);
    for (const socket of watchers) await socket.ask('room.open', { room });
    const two = await many(mina, 2);
    for (const { events } of watchers) {
      await events.first('Mina is here', ({ event, data }) => event === 'presence' && data.room === room && data.online.includes(mina.id));
    }
    const isHere = async (): Promise<(boolean | undefined)[]> => {
      const asked = await Promise.all(Array.from({ length: 8 }, () => jihun.ask('room.members', { room })));
      return [...new Set(asked.map(({ members }) => members.find(({ user }) => user.id === mina.id)?.online))];
    };
    assert.deepEqual(await isHere(), [true]);
    await two[0]?.ask('room.typing', { room });
    for (const { events } of watchers)
      await events.first(
        'typing',
        ({ event, data }) => event === 'typing' && data.room === room && data.user.id === mina.id && data.typing,
      );
    // One of two sessions ends, perhaps in another worker than the other's: nobody has gone.
    const from = watchers.map(({ events }) => events.all.length);
    await two[0]?.close();
    assert.deepEqual(await isHere(), [true]);
    await two[1]?.close();
    for (const [i, { events }] of watchers.entries()) {
      const fits = ({ event, data }: { event: string; data: { room: string; offline: string[] } }): boolean =>
        event === 'presence' && data.room === room && data.offline.includes(mina.id);
      await events.first('Mina has gone', fits, from[i]);
    }
    assert.deepEqual(await isHere(), [false]);
  });

  it('R14.1 a file that one worker took is in all of them, and the same bytes at once are kept once', async () => {
    const { room, people } = await site.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const bytes = Buffer.from('수다 '.repeat(10_000));
    const uploads = await Promise.all(Array.from({ length: 6 }, (_, i) => upload(site.url, mina.token, bytes, `${i}.txt`)));
    const files = uploads.map(({ file }) => file.id);
    assert.equal(new Set(files).size, 6);
    await mina.ask('message.send', { room, clientId: 'files', text: '', attachments: files });
    for (const file of files) {
      const { status, text } = await site.call('GET', `/v1/files/${file}`, { token: jihun.token });
      assert.deepEqual([status, text], [200, bytes.toString()]);
    }
    const folder = join(site.server.folder, 'files');
    const left = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.equal(left.length, 1);
    assert.equal(readdirSync(join(folder, 'incoming')).length, 3);
  });

  it('R14.15 a GIF that a search found in one worker is taken in any', async () => {
    const mina = await site.person('Mina');
    const { gifs } = await mina.ask('gif.find', { q: 'cat' });
    const taken = await Promise.all(Array.from({ length: 8 }, () => mina.ask('gif.take', { id: gifs[0]?.id ?? '' })));
    assert.equal(new Set(taken.map(({ id }) => id)).size, 8);
  });

  it('R13.1 R13.3 the lab finds and breaks a connection of any worker', async () => {
    const mina = await site.person('Mina');
    for (let i = 0; i < 6; i++) {
      const path = `/v1/lab/handshakes/nonce-number-${i}`;
      const socket = await Socket.open(`${site.url.replace('http', 'ws')}/v1/ws?lab=nonce-number-${i}`, {
        headers: { authorization: `Bearer ${mina.token}` },
      });
      const { json } = await site.call('GET', path, { token: mina.token });
      assert.deepEqual([json.handshakes.length, Object.keys(json.handshakes[0])], [1, ['kind', 'request', 'response']]);
      assert.deepEqual((await site.call('DELETE', path, { token: mina.token })).json, { cut: true });
      assert.equal((await socket.closed).code, 1006);
    }
  });

  it('R3.7 a password is guessed about ten times, by all workers together', async () => {
    const { room } = await site.room(['Owner'], { password: 'sesame' });
    const mina = await site.person('Mina');
    let tried = 0;
    for (; tried < 40; tried++) {
      const code = await mina.ask('room.join', { room, password: `wrong ${tried}` }).then(
        () => 'joined',
        (error: Refusal) => error.code,
      );
      if (code === 'rate_limited') break;
      assert.equal(code, 'wrong_password');
    }
    assert.ok(tried >= 10 && tried <= 16, `${tried} tries`);
  });
});
