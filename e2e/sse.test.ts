import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { parseCursors } from '@suda/protocol';
import { EventStream, type StreamEvent } from './wire/event-stream.ts';
import { within } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import { type Person, Stage } from './wire/stage.ts';

const isLogged = ({ event }: StreamEvent): boolean => event === 'message' || event === 'message.changed';
const withText = (text: string) => (event: StreamEvent) => isLogged(event) && event.data.text === text;

describe('server-sent events', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined);
  });
  after(() => stage.server.stop());

  it('R6.1 R6.4 is an event stream that no proxy holds back, with a retry of its own', async () => {
    const mina = await stage.person('Mina');
    const streams = await Promise.all(Array.from({ length: 6 }, () => mina.stream('')));
    for (const { headers } of streams) {
      assert.equal(headers.get('content-type'), 'text/event-stream; charset=utf-8');
      assert.match(headers.get('cache-control') ?? '', /no-store/);
      assert.equal(headers.get('x-accel-buffering'), 'no');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
    }
    await mina.ask('user.rename', { name: 'Minah' });
    for (const stream of streams) {
      await stream.events.first('my new name', ({ event }) => event === 'user.changed');
      assert.ok(stream.retry !== undefined && stream.retry >= 1_000 && stream.retry <= 4_000);
    }
    assert.ok(new Set(streams.map(({ retry }) => retry)).size > 1);
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('R6.2 without a cursor each room begins with a reset, and goes on live', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    await people[1].say(room, 'before');
    const stream = await people[0].stream(`?room=${room}`);
    const reset = await stream.events.first('reset', ({ event }) => event === 'reset');
    assert.equal(reset.data.messages.at(-1).text, 'before');
    const [[id, { epoch, rev }] = assert.fail()] = [...(parseCursors(reset.id) ?? [])];
    assert.deepEqual([id, epoch, rev], [room, reset.data.epoch, reset.data.head]);
    const { rev: next } = await people[1].say(room, '줄\n바꿈 \u2028 끝');
    const event = await stream.events.first('what was said', withText('줄\n바꿈 \u2028 끝'));
    assert.equal(event.id, `${room}:${epoch}:${next}`);
    await stream.close();
  });

  it('R6.1 R6.2 EventSource resumes by itself: all it missed comes once, edits too, saying what each follows', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const stream = await mina.stream(`?room=${room}`);
    const first = await jihoon.say(room, 'first');
    await stream.events.first('first', withText('first'));
    await stream.close();
    const cursor = first.rev;

    const second = await jihoon.say(room, 'second');
    await jihoon.say(room, 'third');
    await jihoon.ask('message.edit', { room, pos: first.pos, text: 'first!' });
    await jihoon.ask('message.edit', { room, pos: second.pos, text: 'second!' });
    const resumed = await mina.stream(`?room=${room}`, { 'last-event-id': stream.lastEventId });
    await jihoon.say(room, 'fourth');
    await resumed.events.first('fourth', withText('fourth'));
    assert.deepEqual(
      resumed.events.all
        .filter(isLogged)
        .map(({ event, data }) => [event, data.text, data.rev - cursor, data.after === undefined ? undefined : data.after - cursor]),
      [
        ['message', 'third', 2, 0],
        ['message.changed', 'first!', 3, undefined],
        // New to this reader, although it was changed in the meantime: `onmessage` must hear it.
        ['message', 'second!', 4, undefined],
        ['message', 'fourth', 5, undefined],
      ],
    );
    assert.ok(!resumed.events.all.some(({ event }) => event === 'reset'));
    await resumed.close();
  });

  it('R6.1 several rooms share one stream and one id', async () => {
    const { room: one, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const { id: two } = await mina.ask('room.create', { name: 'Two', kind: 'private' });
    await mina.ask('room.invite', { room: two, user: jihoon.id });
    const stream = await mina.stream(`?room=${one}&room=${two}`);
    await stream.events.count(2, ({ event }) => event === 'reset');
    const a = await jihoon.say(one, 'in one');
    const b = await jihoon.say(two, 'in two');
    await stream.events.first('in two', withText('in two'));
    assert.deepEqual(
      [...(parseCursors(stream.lastEventId) ?? [])].map(([room, { rev }]) => [room, rev]),
      [
        [one, a.rev],
        [two, b.rev],
      ],
    );
    await stream.close();
    await jihoon.say(one, 'missed in one');
    await jihoon.say(two, 'missed in two');
    const resumed = await mina.stream(`?room=${one}&room=${two}`, { 'last-event-id': stream.lastEventId });
    await resumed.events.count(2, isLogged);
    assert.deepEqual([resumed.said(one), resumed.said(two)], [['missed in one'], ['missed in two']]);
    await resumed.close();
  });

  it('R6.1 a program may give `cursor=`; the header wins', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const { epoch } = await mina.ask('room.get', { room });
    const revs = [(await mina.say(room, 'one')).rev, (await mina.say(room, 'two')).rev] as const;
    const cursor = (rev: number): string => `${room}:${epoch}:${rev}`;
    const byQuery = await mina.stream(`?room=${room}&cursor=${cursor(revs[0])}`);
    await byQuery.events.first('two', withText('two'));
    assert.deepEqual(byQuery.said(room), ['two']);
    const byHeader = await mina.stream(`?room=${room}&cursor=${cursor(0)}`, { 'last-event-id': cursor(revs[0]) });
    await byHeader.events.first('two', withText('two'));
    assert.deepEqual(byHeader.said(room), ['two']);
    await Promise.all([byQuery.close(), byHeader.close()]);
  });

  it('R6.2 what cannot be continued begins anew', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const { epoch, head } = await mina.ask('room.get', { room });
    for (const cursor of [
      `${room}:other:${head}`,
      `${room}:${epoch}:${head + 1}`,
      `elsewhere:${epoch}:1`,
      'rubbish',
      '\u00ff,,::',
      `${room}:${epoch}:99999999999999999999`,
    ]) {
      const stream = await mina.stream(`?room=${room}`, { 'last-event-id': cursor });
      const reset = await stream.events.first('reset', ({ event }) => event === 'reset');
      assert.equal(reset.data.head, head);
      await stream.close();
    }
    assert.equal(await refusalOf(mina.stream(`?room=${room}&cursor=rubbish`)), 'invalid');
  });

  it('R6.3 personal events come too; without a room, only these', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const personal = await mina.stream('');
    await jihoon.say(room, 'hi');
    const activity = await personal.events.first('activity', ({ event }) => event === 'room.activity');
    assert.equal(activity.data.last.text, 'hi');
    await mina.ask('user.rename', { name: 'Minah' });
    await personal.events.first('my new name', ({ event }) => event === 'user.changed');
    const { id } = await jihoon.ask('room.create', { name: 'New', kind: 'private' });
    await jihoon.ask('room.invite', { room: id, user: mina.id });
    await personal.events.first('a room of mine is new', ({ event, data }) => event === 'room.changed' && data.room.id === id);
    assert.ok(!personal.events.all.some(isLogged));
    assert.equal(personal.lastEventId, '');
    await personal.close();
  });

  it('R6.3 what is ephemeral comes in open rooms, without an id of its own', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const stream = await people[0].stream(`?room=${room}`);
    const reset = await stream.events.first('reset', ({ event }) => event === 'reset');
    await people[1].ask('room.typing', { room });
    const typing = await stream.events.first('typing', ({ event }) => event === 'typing');
    assert.equal(typing.data.user.id, people[1].id);
    assert.equal(typing.id, reset.id);
    await stream.close();
  });

  it('P7 R2.3 who may not read is refused with a status, before anything is sent', async () => {
    const { room } = await stage.room(['Mina']);
    const { room: secret } = await stage.room(['Mina'], { kind: 'private' });
    const other = await stage.person('Other');
    const stranger = (query: string) => EventStream.open(`${stage.url}/v1/events${query}`, {});
    assert.equal(await refusalOf(stranger('')), 'unauthenticated');
    assert.equal(await refusalOf(stranger(`?room=${room}`)), 'unauthenticated');
    assert.equal(await refusalOf(other.stream(`?room=${room}`)), 'not_member');
    assert.equal(await refusalOf(other.stream(`?room=${secret}`)), 'no_such_room');
    assert.equal(await refusalOf(other.stream('?room=nowhere')), 'no_such_room');
    assert.equal(await refusalOf(other.stream('?room=No+Room')), 'invalid');
    const many = Array.from({ length: 51 }, (_, i) => `room=r${i}x`).join('&');
    assert.equal(await refusalOf(other.stream(`?${many}`)), 'invalid');
  });

  it('P4 one who comes and goes while much is said has everything once, by a chain without a gap', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const socket = await jihoon.socket();
    const total = 300;
    const talking = (async () => {
      for (let i = 0; i < total; i++) {
        const { pos } = await socket.ask('message.send', { room, clientId: `c${i}`, text: `${i}` });
        if (i % 5 === 0) await socket.ask('message.edit', { room, pos, text: `${i}!` });
      }
      await socket.ask('message.send', { room, clientId: 'last', text: 'last' });
    })();
    const texts = new Map<number, string>();
    let id = '';
    let cursor = 0;
    for (let turn = 0, done = false; !done; turn++) {
      const stream: EventStream = await mina.stream(`?room=${room}`, id === '' ? {} : { 'last-event-id': id });
      await stream.events.first(
        'something',
        ({ event, data }) => event === 'reset' || (isLogged({ event, data, id: '' }) && (data.rev > cursor + 20 || data.text === 'last')),
      );
      await stream.close();
      for (const { event, data, id: at } of stream.events.all) {
        if (event === 'reset') {
          assert.equal(turn, 0);
          cursor = data.head;
          for (const { pos, text } of data.messages) texts.set(pos, text);
        } else if (event === 'message' || event === 'message.changed') {
          assert.ok(data.rev > cursor, `${data.rev} came to one who had ${cursor}`);
          assert.ok((data.after ?? data.rev - 1) <= cursor, `${data.rev} after ${data.after} came to one who had ${cursor}`);
          cursor = data.rev;
          texts.set(data.pos, data.text);
          done ||= data.text === 'last';
        } else continue;
        id = at;
      }
    }
    await talking;
    const { messages } = await mina.ask('message.list', { room, limit: 100 });
    for (const { pos, text } of messages) assert.equal(texts.get(pos), text);
    assert.equal(texts.size, total + 3);
    await socket.close();
  });

  it('R6.5 when the server stops, `drain` comes and the stream ends', async (context) => {
    const stopping = await Stage.open(undefined);
    context.after(() => stopping.server.stop());
    const { room, people } = await stopping.room(['Mina']);
    const stream = await (people[0] as Person).stream(`?room=${room}`);
    await stream.events.first('reset', ({ event }) => event === 'reset');
    const stopped = stopping.server.stop();
    const { data } = await stream.events.first('drain', ({ event }) => event === 'drain');
    assert.ok(data.reconnectIn >= 0);
    await within('the end of the stream', stream.ended);
    await within('the end of the server', stopped, 5_000);
  });
});
