import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RoomId, UserId } from '@suda/protocol';
import type { EventStream } from './wire/event-stream.ts';
import { HeldStore } from './wire/held-store.ts';
import { until, within } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import type { Socket } from './wire/socket.ts';
import { type Person, Stage } from './wire/stage.ts';

const SECRET = 'not for those who are out';

/** Whether anything that came says the secret, or is of the room after its removal. */
function leaks(
  room: string,
  events: readonly { readonly event: string; readonly data: { readonly room?: string | { readonly id: string } } }[],
): unknown[] {
  const removed = events.findIndex(({ event, data }) => event === 'room.removed' && data.room === room);
  const isOf = ({ room: of }: { readonly room?: string | { readonly id: string } }): boolean =>
    (typeof of === 'object' ? of.id : of) === room;
  // A refusal that names the room says nothing of it.
  return events.filter(
    ({ event, data }, i) => JSON.stringify(data).includes(SECRET) || (event !== 'error' && removed >= 0 && i > removed && isOf(data)),
  );
}

type Removal = 'kick' | 'ban' | 'leave' | 'vanish';
const removals: readonly (readonly [Removal, reason: string])[] = [
  ['kick', 'kicked'],
  ['ban', 'banned'],
  ['leave', 'left'],
];

describe('rights', () => {
  const store = new HeldStore();
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined, { store });
  });
  after(() => stage.server.stop());

  /** Owner, one who goes, one who stays; the room is private. */
  const scene = async () => {
    const { room, people } = await stage.room(['Owner', 'Goer', 'Stayer'], { kind: 'private' });
    const [owner, goer, stayer] = people;
    const execute = stage.server.chat.execute.bind(stage.server.chat);
    const ids = { room: room as RoomId, owner: owner.id as UserId, goer: goer.id as UserId };
    const remove = (how: Removal): Promise<unknown> =>
      how === 'leave'
        ? execute({ type: 'room.leave', actor: ids.goer, room: ids.room })
        : execute({ type: 'room.kick', actor: ids.owner, room: ids.room, user: ids.goer, ban: how === 'ban' });
    const say = (text: string): Promise<unknown> =>
      execute({ type: 'message.send', actor: ids.owner, room: ids.room, clientId: `s${Math.random()}`, text });
    /** In one commit: something said before, the removal, something said after it. */
    const removeAndTalk = (how: Removal): Promise<unknown> => Promise.all([say('before'), remove(how), say(SECRET)]);
    return { room, owner, goer, stayer, remove, say, removeAndTalk };
  };

  /** When this resolves, whatever the server had to say to this stream has come. */
  const caughtUp = async (stream: EventStream, person: Person): Promise<void> => {
    const name = `Name ${stream.events.all.length} ${Math.random()}`.slice(0, 40);
    await person.ask('user.rename', { name });
    await stream.events.first('the barrier', ({ event, data }) => event === 'user.changed' && data.user.name === name);
  };

  for (const [how, reason] of removals) {
    it(`P7 R4.8 WebSocket: after a ${how} nothing of the room comes, not even of the same commit`, async () => {
      const { room, owner, goer, stayer, removeAndTalk, say } = await scene();
      const sockets = [await goer.socket(), await goer.socket()] as const;
      const staying = await stayer.socket();
      // One has the room open, the other only hears that something goes on there.
      await sockets[0].ask('room.open', { room });
      await staying.ask('room.open', { room });
      await removeAndTalk(how);
      await say(SECRET);
      await owner.ask('room.typing', { room });
      await owner.ask('message.react', { room, pos: 1, emoji: 'x' }).catch(() => {});
      await owner.ask('room.update', { room, name: SECRET });
      await staying.events.first('the title', ({ event }) => event === 'room.changed');
      for (const socket of sockets) {
        await socket.caughtUp();
        assert.deepEqual(leaks(room, socket.events.all), []);
        const removed = socket.events.all.find(({ event }) => event === 'room.removed');
        assert.deepEqual(removed?.data, { room, reason });
      }
      assert.equal(staying.said(room).filter((text) => text === SECRET).length, 2);
      await Promise.all([...sockets, staying].map((socket) => socket.close()));
    });

    it(`P7 R4.8 event stream: after a ${how} nothing of the room comes, and the stream goes on for the others`, async () => {
      const { room, goer, stayer, removeAndTalk } = await scene();
      await goer.ask('room.join', { room: 'lobby' });
      const stream = await goer.stream(`?room=${room}&room=lobby`);
      const staying = await stayer.stream(`?room=${room}`);
      await stream.events.count(2, ({ event }) => event === 'reset');
      await removeAndTalk(how);
      await staying.events.first('the secret', ({ data }) => data.text === SECRET);
      await goer.say('lobby', 'still here');
      await stream.events.first('the other room', ({ data }) => data.text === 'still here');
      await caughtUp(stream, goer);
      assert.deepEqual(leaks(room, stream.events.all), []);
      assert.equal(stream.events.all.find(({ event }) => event === 'room.removed')?.data.reason, reason);
      assert.ok(!stream.lastEventId.includes(room));
      await Promise.all([stream.close(), staying.close()]);
    });

    it(`P7 R7.5 a poll that is held: after a ${how} it names the room as removed, and says nothing of it`, async () => {
      const { room, goer, removeAndTalk } = await scene();
      const { cursor } = (await goer.poll(`?room=${room}`)).json;
      const holds = (): boolean => [...stage.server.realtime.sessions.values()].some(({ transport }) => transport === 'polling');
      const held = goer.poll(`?room=${room}&cursor=${cursor}&wait=30`);
      await until('a poll that is held', holds);
      await removeAndTalk(how);
      const { status, json, text } = await held;
      assert.deepEqual([status, json.rooms, json.removed], [200, [], [room]]);
      assert.ok(!text.includes(SECRET));
      const again = await goer.poll(`?room=${room}&cursor=${cursor}&wait=0`);
      assert.equal(again.json.error.code, how === 'ban' ? 'banned' : 'no_such_room');
    });
  }

  it('P7 a room that vanishes is gone for those who listen', async () => {
    const { room, people } = await stage.room(['Owner'], { ephemeral: true });
    const socket = await people[0].socket();
    await socket.ask('room.open', { room });
    await people[0].ask('room.leave', { room });
    const { data } = await socket.events.first('the removal', ({ event }) => event === 'room.removed');
    assert.deepEqual(data, { room, reason: 'vanished' });
    assert.equal(await people[0].refused('room.get', { room }), 'no_such_room');
    await socket.close();
  });

  it('R3.6 who is not in a private room cannot find out that it is there, by any command', async () => {
    const { room, owner } = await scene();
    const { pos } = await owner.say(room, SECRET);
    const other = await stage.person('Other');
    const { id: direct } = await owner.ask('direct.open', { user: owner.id });
    for (const hidden of [room, direct]) {
      const codes = await Promise.all([
        other.refused('room.get', { room: hidden }),
        other.refused('room.join', { room: hidden }),
        other.refused('room.join', { room: hidden, password: 'guess' }),
        other.refused('room.leave', { room: hidden }),
        other.refused('room.open', { room: hidden }),
        other.refused('room.open', { room: hidden, epoch: 'e', rev: 0 }),
        other.refused('room.members', { room: hidden }),
        other.refused('room.invite', { room: hidden, user: other.id }),
        other.refused('room.kick', { room: hidden, user: owner.id }),
        other.refused('room.transfer', { room: hidden, user: other.id }),
        other.refused('room.update', { room: hidden, name: 'x' }),
        other.refused('room.read', { room: hidden, pos: 1 }),
        other.refused('room.unread', { room: hidden, pos: 1 }),
        other.refused('room.typing', { room: hidden }),
        other.refused('message.list', { room: hidden }),
        other.refused('message.search', { q: 'not', room: hidden }),
        other.refused('message.send', { room: hidden, clientId: 'c', text: 'x' }),
        other.refused('message.edit', { room: hidden, pos, text: 'x' }),
        other.refused('message.delete', { room: hidden, pos }),
        other.refused('message.react', { room: hidden, pos, emoji: 'x' }),
        other.refused('message.unreact', { room: hidden, pos, emoji: 'x' }),
        refusalOf(other.stream(`?room=${hidden}`)),
      ]);
      assert.deepEqual([...new Set(codes)], ['no_such_room']);
      assert.equal((await other.poll(`?room=${hidden}`)).json.error.code, 'no_such_room');
    }
    const { rooms } = await other.ask('room.list', {});
    assert.ok(!rooms.some(({ id }) => id === room || id === direct));
    assert.deepEqual((await other.ask('message.search', { q: 'not for those' })).messages, []);
  });

  it('R3.6 a public room shows that it is there, and nothing of what is said', async () => {
    const { room, people } = await stage.room(['Owner']);
    await people[0].say(room, SECRET);
    const other = await stage.person('Other');
    const seen = [await other.ask('room.get', { room }), ...(await other.ask('room.list', {})).rooms];
    assert.ok(!JSON.stringify(seen).includes(SECRET));
    const codes = await Promise.all([
      other.refused('room.open', { room }),
      other.refused('message.list', { room }),
      other.refused('room.members', { room }),
      other.refused('message.search', { q: 'not', room }),
      other.refused('room.typing', { room }),
      refusalOf(other.stream(`?room=${room}`)),
    ]);
    assert.deepEqual([...new Set(codes)], ['not_member']);
    const socket = await other.socket();
    assert.equal(await refusalOf(socket.ask('room.open', { room })), 'not_member');
    await people[0].say(room, SECRET);
    await socket.caughtUp();
    assert.deepEqual(leaks(room, socket.events.all), []);
    await socket.close();
  });

  // What a read found before the removal comes after it: the window that every store leaves, wide open.
  const reads: readonly (readonly [
    what: string,
    held: Parameters<HeldStore['hold']>[0],
    ask: (person: Person, room: string, socket: Socket) => Promise<unknown>,
  ])[] = [
    ['message.list', 'roomView', (person, room) => person.ask('message.list', { room })],
    ['room.members', 'roomView', (person, room) => person.ask('room.members', { room })],
    ['message.search of the room', 'roomView', (person, room) => person.ask('message.search', { room, q: 'not for those' })],
    ['message.search of all', 'roomsOf', (person) => person.ask('message.search', { q: 'not for those' })],
    ['room.open over HTTP', 'roomView', (person, room) => person.ask('room.open', { room })],
    ['room.open on a socket', 'roomView', (_person, room, socket) => socket.ask('room.open', { room })],
    ['a poll', 'roomView', async (person, room) => (await person.poll(`?room=${room}`)).json],
  ];
  for (const [what, held, ask] of reads)
    it(`P7 ${what}: who is removed while it is read learns nothing of what is said afterwards`, async () => {
      const { room, goer, stayer, remove, say } = await scene();
      const socket = await goer.socket();
      await socket.caughtUp();
      await say('before');
      const reached = store.hold(held);
      const asked = ask(goer, room, socket).then(
        (answer) => JSON.stringify(answer),
        (error) => `refused: ${error.code}`,
      );
      await reached;
      await remove('kick');
      await say(SECRET);
      await stayer.ask('room.read', { room, pos: 1 });
      store.release();
      const answer = await asked;
      assert.ok(!answer.includes(SECRET), answer);
      await socket.caughtUp();
      assert.deepEqual(leaks(room, socket.events.all), []);
      await socket.close();
    });

  it('P7 a resume on a socket: who is removed while it is read is refused, and hears nothing afterwards', async () => {
    for (const held of ['roomView', 'page', 'changes'] as const) {
      const { room, goer, remove, say } = await scene();
      const socket = await goer.socket();
      await socket.caughtUp();
      const { epoch, head } = await goer.ask('room.get', { room });
      const reached = store.hold(held);
      const asked = refusalOf(socket.ask('room.open', held === 'page' ? { room } : { room, epoch, rev: head }));
      await reached;
      await remove('kick');
      await say(SECRET);
      store.release();
      assert.ok(['not_member', 'no_such_room'].includes(await asked), held);
      await socket.caughtUp();
      assert.deepEqual(leaks(room, socket.events.all), []);
      await socket.close();
    }
  });

  it('P7 an event stream: who is removed while it begins hears nothing of the room', async () => {
    for (const held of ['roomView', 'roomsOf', 'page'] as const) {
      const { room, goer, remove, say } = await scene();
      const reached = store.hold(held);
      const opening = goer.stream(`?room=${room}`);
      await reached;
      await remove('kick');
      await say(SECRET);
      store.release();
      const stream = await opening;
      await stream.events.first('its refusal', ({ event }) => event === 'error' || event === 'room.removed');
      await caughtUp(stream, goer);
      await say(SECRET);
      await caughtUp(stream, goer);
      assert.deepEqual(leaks(room, stream.events.all), [], held);
      await stream.close();
    }
  });

  it('P7 R4.11 who is removed while they are greeted does not hear of the room’s activity', async () => {
    for (const how of ['handshake', 'hello', 'stream', 'poll'] as const) {
      const { room, goer, stayer, remove, say } = await scene();
      const witness = await stayer.socket();
      await witness.caughtUp();
      const nameless = how === 'hello' ? await (await stage.person('X')).socket() : undefined;
      const reached = store.hold(how === 'hello' ? 'roomViews' : 'roomsOf');
      const coming =
        how === 'handshake'
          ? goer.socket()
          : how === 'hello'
            ? nameless?.ask('hello', { token: goer.token })
            : how === 'stream'
              ? goer.stream('')
              : goer.poll('?events=1&wait=2');
      await reached;
      await remove('kick');
      store.release();
      const came = await (how === 'poll' ? undefined : coming);
      await say(SECRET);
      await witness.events.first('activity', ({ event, data }) => event === 'room.activity' && data.last.text === SECRET);
      if (how === 'stream') {
        const stream = came as EventStream;
        await caughtUp(stream, goer);
        assert.deepEqual(leaks(room, stream.events.all), [], how);
        await stream.close();
      } else if (how === 'poll') {
        const { text } = (await coming) as { text: string };
        assert.ok(!text.includes(SECRET), text);
      } else {
        const socket = nameless ?? (came as Socket);
        await socket.caughtUp();
        assert.deepEqual(leaks(room, socket.events.all), [], how);
        await socket.close();
      }
      await witness.close();
    }
  });

  it('P7 a stream whose client went away while it began leaves nothing behind', async () => {
    const { room, goer } = await scene();
    const { realtime } = stage.server;
    for (const held of ['roomView', 'roomsOf', 'page'] as const) {
      const reached = store.hold(held);
      const abort = new AbortController();
      const opening = stage.call('GET', `/v1/events?room=${room}`, { token: goer.token, signal: abort.signal }).catch(() => {});
      await reached;
      abort.abort();
      await opening;
      store.release();
      await within(
        `nothing that is left (${held})`,
        (async () => {
          const left = (): boolean =>
            realtime.sessions.size > 0 || [`room:${room}`, `user:${goer.id}`].some((name) => realtime.active(name));
          for (let quiet = 0; quiet < 20; quiet = left() ? 0 : quiet + 1) await new Promise((resolve) => setTimeout(resolve, 5));
        })(),
      );
    }
  });

  it('P7 who is invited hears of the room at once', async () => {
    const { room, people } = await stage.room(['Owner']);
    const other = await stage.person('Other');
    const socket = await other.socket();
    await socket.caughtUp();
    await people[0].ask('room.invite', { room, user: other.id });
    await socket.events.first('the room', ({ event, data }) => event === 'room.changed' && data.room.id === room);
    await people[0].say(room, 'welcome');
    await socket.events.first('its activity', ({ event, data }) => event === 'room.activity' && data.last.text === 'welcome');
    await socket.close();
  });
});
