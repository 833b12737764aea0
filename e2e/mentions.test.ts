import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventData } from '@suda/protocol';
import type { Inbox } from './wire/inbox.ts';
import { SocketIo } from './wire/socketio.ts';
import { type Person, Stage } from './wire/stage.ts';

type Heard = { readonly event: string; readonly data: unknown };
type Hearing = { readonly events: Inbox<Heard> };

/** The mentions that someone hears, so many of them. */
async function mentions({ events }: Hearing, count: number): Promise<EventData<'mention'>[]> {
  const heard = await events.count(count, ({ event }) => event === 'mention');
  return heard.map(({ data }) => data as EventData<'mention'>);
}

const summaryOf = async (who: Person, room: string) => who.ask('room.get', { room });

describe('mentions', () => {
  it('R16.1 P5 whom a message mentions is the same over each transport, and told to all their sessions', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob', 'Cem']);
    const [ann, bob, cem] = people;
    const [socket, stream] = [await bob.socket(), await bob.stream('')];
    const overIo = await SocketIo.connect(stage.url, { auth: { token: bob.token } });
    context.after(() => overIo.close());
    const poll = bob.poll(`?room=${room}&events=1&wait=20`);
    const acting = await ann.socket();
    const emitting = await SocketIo.connect(stage.url, { auth: { token: ann.token } });
    context.after(() => emitting.close());
    const text = 'here, @Bob님';
    const said = [
      (await ann.ask('message.send', { room, clientId: 'h', text })).pos,
      (await acting.ask('message.send', { room, clientId: 'w', text, mentions: [bob.id] })).pos,
      (await emitting.ask('message.send', { room, clientId: 'i', text: 'you', mentions: [bob.id, 'uelsewhere'] })).pos,
    ];
    const { messages } = await cem.ask('message.list', { room });
    for (const pos of said)
      assert.deepEqual(messages.find((message) => message.pos === pos)?.mentions, [{ id: bob.id, name: 'Bob' }], `message ${pos}`);
    for (const hearing of [socket, stream, overIo]) {
      const heard = await mentions(hearing, 3);
      assert.deepEqual(
        heard.map(({ message }) => message.pos),
        said,
      );
      assert.deepEqual(heard.at(-1)?.mentions, said);
    }
    assert.equal((await poll).status, 200);
    assert.deepEqual((await summaryOf(bob, room)).mentions, said);
    assert.equal((await summaryOf(cem, room)).mentions, undefined);
    assert.deepEqual(
      (await bob.ask('mention.list', {})).messages.map(({ pos }) => pos),
      said.toReversed(),
    );
  });

  it('R16.3 UX 33 an answer counts; a reaction tells nothing; a deletion takes it out; reading ends it everywhere', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const [ann, bob] = people;
    const socket = await bob.socket();
    const { pos: mine } = await bob.say(room, 'who comes?');
    const send = { room, clientId: 'a', text: 'I do', replyTo: mine };
    const { pos } = await ann.ask('message.send', send);
    const { pos: later } = await ann.ask('message.send', { ...send, clientId: 'b', text: 'and I' });
    await mentions(socket, 2);
    await ann.ask('message.react', { room, pos, emoji: '👍' });
    await ann.ask('message.delete', { room, pos });
    const heard = await mentions(socket, 3);
    assert.deepEqual(
      heard.map(({ mentions, message }) => [mentions, message.pos, message.deleted ?? false]),
      [
        [[pos], pos, false],
        [[pos, later], later, false],
        [[later], pos, true],
      ],
    );
    await bob.ask('room.read', { room, pos: later });
    assert.equal((await summaryOf(bob, room)).mentions, undefined);
    assert.equal((await bob.ask('mention.list', {})).messages.length, 1);
  });

  it('R16.2 P7 who left hears of no mention, and finds none', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const [ann, bob] = people;
    const socket = await bob.socket();
    const { pos } = await bob.say(room, 'bye');
    await bob.ask('room.leave', { room });
    await ann.ask('message.send', { room, clientId: 'a', text: 'bye @Bob', mentions: [bob.id], replyTo: pos });
    const { id } = await ann.ask('direct.open', { user: bob.id });
    await ann.ask('message.send', { room: id, clientId: 'b', text: 'a word, @Bob' });
    const [heard] = await mentions(socket, 1);
    assert.equal(heard?.room, id);
    assert.equal((await bob.ask('mention.list', {})).messages.length, 1);
  });

  it('R16.4 what one wants to be told of is one’s own, and told to one’s other sessions', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const [ann, bob] = people;
    const [here, there] = [await bob.socket(), await bob.socket()];
    const { notify: before, muted } = await summaryOf(bob, room);
    assert.deepEqual([before, muted], [undefined, undefined]);
    assert.deepEqual(await here.ask('room.notify', { room, notify: 'nothing' }), { notify: 'nothing', muted: false });
    await here.ask('room.notify', { room, muted: true });
    const told = await there.events.count(2, ({ event }) => event === 'notify');
    assert.deepEqual(told.at(-1)?.data, { room, notify: 'nothing', muted: true });
    const { notify, muted: now } = await summaryOf(bob, room);
    assert.deepEqual([notify, now], ['nothing', true]);
    assert.equal((await summaryOf(ann, room)).notify, undefined);
    const stranger = await stage.person('Dan');
    assert.equal(await stranger.refused('room.notify', { room, muted: true }), 'not_member');
    const { id } = await bob.ask('direct.open', { user: ann.id });
    assert.deepEqual(await bob.ask('room.notify', { room: id }), { notify: 'all', muted: false });
  });
});
