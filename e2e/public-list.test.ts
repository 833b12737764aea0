import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { byCookie, cookieOf, Embedded } from './wire/host.ts';
import type { Inbox } from './wire/inbox.ts';
import { type Said, Socket } from './wire/socket.ts';
import { SocketIo } from './wire/socketio.ts';
import { Stage } from './wire/stage.ts';

const isNews = ({ event }: Said): boolean => event === 'rooms.changed';
const heard = (events: Inbox<Said>): number => events.all.filter(isNews).length;

/** Ann and Bob, whose socket hears. */
async function place(context: TestContext) {
  const stage = await Stage.open(context);
  const [ann, bob] = [await stage.person('Ann'), await stage.person('Bob')];
  const socket = await bob.socket();
  await socket.ask('hello', {});
  return { stage, ann, bob, socket };
}

describe('everyone hears when the list of public rooms changes', { timeout: 60_000 }, () => {
  it('R4.13 over every transport; whoever is nobody hears nothing', async (context) => {
    const { stage, ann, bob, socket } = await place(context);
    const nobody = await Socket.connect(stage.port);
    const stream = await bob.stream('');
    const io = await SocketIo.connect(stage.url, { auth: { token: bob.token } });
    const news = ({ json }: { json: { events?: Said[] } }): boolean => json.events?.some(isNews) ?? false;
    let polled = false;
    const poll = bob.poll('?events=1&wait=30').then((answer) => {
      polled = true;
      return answer;
    });
    const { id } = await ann.ask('room.create', { name: 'Open', kind: 'public' });
    for (const { events } of [socket, stream, io]) assert.deepEqual((await (events as Inbox<Said>).first('the news', isNews)).data, {});
    // The poll listens from some moment on.
    while (!polled) await ann.ask('room.update', { room: id, name: `Open ${Math.random()}` });
    assert.ok(news(await poll));
    await nobody.caughtUp();
    assert.deepEqual(nobody.events.all, []);
    await stream.close();
    io.close();
  });

  it('R4.13 made, renamed, closed, opened and vanished are told; what private rooms do is not', async (context) => {
    const { ann, socket } = await place(context);
    const told = async (what: string, change: () => Promise<unknown>): Promise<void> => {
      const before = socket.events.all.length;
      await change();
      await socket.events.first(what, isNews, before);
    };
    let id = '';
    const make = async (kind: 'public' | 'private'): Promise<void> => {
      id = (await ann.ask('room.create', { name: 'Room', kind, ephemeral: true })).id;
    };
    await told('made', () => make('public'));
    await told('renamed', () => ann.ask('room.update', { room: id, name: 'Other' }));
    await told('closed', () => ann.ask('room.update', { room: id, kind: 'private' }));
    const before = heard(socket.events);
    const hidden = id;
    await ann.ask('room.update', { room: hidden, name: 'Hidden' });
    await ann.say(hidden, 'psst');
    await make('private');
    await ann.ask('room.leave', { room: id });
    id = hidden;
    await told('opened', () => ann.ask('room.update', { room: id, kind: 'public' }));
    assert.equal(heard(socket.events), before + 1, 'one for the opening, none for the private ones');
    await told('vanished', () => ann.ask('room.leave', { room: id }));
  });

  it('R4.13 a thousand rooms at once are a few words', async (context) => {
    const { stage, ann, socket } = await place(context);
    const { chat } = stage.server;
    const people = await Promise.all(Array.from({ length: 10 }, (_, i) => chat.createUser(`P${i}`)));
    const begin = performance.now();
    const all = people.flatMap((user) => Array.from({ length: 100 }, (_, i) => ({ user, name: `Room ${i}` })));
    await Promise.all(all.map(({ user, name }) => chat.createRoom(user.id, { name, kind: 'public' })));
    const from = socket.events.all.length;
    const { id } = await ann.ask('room.create', { name: 'The last one', kind: 'public' });
    await socket.events.first('news of the last one', isNews, from);
    const seconds = (performance.now() - begin) / 1_000;
    assert.ok(heard(socket.events) <= seconds + 2, `${heard(socket.events)} in ${seconds} s`);
    assert.ok((await socket.ask('room.list', {})).rooms.some((room) => room.id === id));
  });

  it('R4.13 inside another application too', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const socket = await host.socket(cookieOf({ id: '42', name: 'Mina' }));
    await socket.ask('hello', {});
    await host.suda.createRoom({ name: 'Support', kind: 'public' }, { as: { id: '7', name: 'Jihun' } });
    await socket.events.first('the news', isNews);
  });
});
