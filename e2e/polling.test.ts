import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from './wire/inbox.ts';
import { Stage } from './wire/stage.ts';

describe('polling', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined);
  });
  after(() => stage.server.stop());

  it('R7.3 without a cursor the answer is a reset page at once', async () => {
    const { room, people } = await stage.room(['Mina']);
    const { status, json, headers } = await people[0].poll(`?room=${room}`);
    assert.equal(status, 200);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.deepEqual([json.rooms.length, json.rooms[0].reset, json.rooms[0].room.id], [1, true, room]);
    assert.equal(json.cursor, `${room}:${json.rooms[0].epoch}:${json.rooms[0].head}`);
    assert.equal('events' in json || 'removed' in json, false);
  });

  it('R7.1 R7.2 with a cursor it answers what followed, or waits for it; wait=0 never waits', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const { cursor } = (await mina.poll(`?room=${room}`)).json;
    const none = await mina.poll(`?room=${room}&cursor=${cursor}&wait=0`);
    assert.deepEqual(none.json, { cursor, rooms: [] });

    const held = mina.poll(`?room=${room}&cursor=${cursor}&wait=30`);
    const { rev } = await jihoon.say(room, 'hi');
    const { json } = await held;
    assert.deepEqual(
      json.rooms[0].changes.map(({ text }: { text: string }) => text),
      ['hi'],
    );
    assert.ok(json.cursor.endsWith(`:${rev}`));

    const again = await mina.poll(`?room=${room}&cursor=${cursor}&wait=30`);
    assert.deepEqual(again.json.rooms[0].changes, json.rooms[0].changes);
    const short = await mina.poll(`?room=${room}&cursor=${json.cursor}&wait=0.05`);
    assert.deepEqual(short.json, { cursor: json.cursor, rooms: [] });
  });

  it('R7.3 `since` is the cursor of a single room', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const { epoch, head } = await mina.ask('room.get', { room });
    await mina.say(room, 'one');
    const { json } = await mina.poll(`?room=${room}&since=${epoch}:${head}&wait=0`);
    assert.equal(json.rooms[0].changes.length, 1);
    for (const query of [`?room=${room}&room=lobby&since=${epoch}:1`, `?since=${epoch}:1&events=1`, `?room=${room}&since=x`, '?wait=0'])
      assert.equal((await mina.poll(query)).json.error.code, query.includes('lobby') ? 'invalid' : 'invalid', query);
  });

  it('R7.1 R7.3 several rooms answer together, only those with news', async () => {
    const { room: one, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const { id: two } = await mina.ask('room.create', { name: 'Two', kind: 'public' });
    await jihoon.ask('room.join', { room: two });
    const { cursor, rooms } = (await mina.poll(`?room=${one}&room=${two}`)).json;
    assert.equal(rooms.length, 2);
    const held = mina.poll(`?room=${one}&room=${two}&cursor=${cursor}&wait=30`);
    const { rev } = await jihoon.say(two, 'hi');
    const { json } = await held;
    assert.deepEqual(
      json.rooms.map((page: { room: { id: string } }) => page.room.id),
      [two],
    );
    assert.equal(json.cursor.split(',')[0], cursor.split(',')[0]);
    assert.ok(json.cursor.endsWith(`${two}:${rooms[1].epoch}:${rev}`));
  });

  it('R7.1 a cursor of another life, or of the future, gets a reset', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const { epoch, head } = await mina.ask('room.get', { room });
    for (const since of [`other:${head}`, `${epoch}:${head + 1}`]) {
      const { json } = await mina.poll(`?room=${room}&since=${since}&wait=30`);
      assert.equal(json.rooms[0].reset, true, since);
    }
  });

  it('R7.2 edits, deletions and reactions are changes too', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const { pos } = await mina.say(room, 'one');
    let { cursor } = (await mina.poll(`?room=${room}`)).json;
    for (const change of [
      () => mina.ask('message.edit', { room, pos, text: 'two' }),
      () => mina.ask('message.react', { room, pos, emoji: '👍' }),
      () => mina.ask('message.unreact', { room, pos, emoji: '👍' }),
      () => mina.ask('message.delete', { room, pos }),
    ]) {
      const held = mina.poll(`?room=${room}&cursor=${cursor}&wait=30`);
      const { rev } = await change();
      const { json } = await held;
      assert.deepEqual([json.rooms[0].changes.length, json.rooms[0].changes[0].rev], [1, rev]);
      cursor = json.cursor;
    }
  });

  it('R7.4 with events=1 what is ephemeral or personal ends the wait, without it does not', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const { cursor } = (await mina.poll(`?room=${room}`)).json;
    const deaf = mina.poll(`?room=${room}&cursor=${cursor}&wait=30`);
    const personal = mina.poll('?events=1&wait=30');
    const ask = (): Promise<unknown> => jihoon.ask('room.typing', { room });
    // The poll listens from some moment on: type until it has heard.
    let heard = false;
    const listening = mina.poll(`?room=${room}&cursor=${cursor}&events=1&wait=30`).finally(() => {
      heard = true;
    });
    while (!heard) await ask();
    const { json } = await listening;
    assert.deepEqual(json.rooms, []);
    assert.equal(json.cursor, cursor);
    assert.ok(
      json.events.some(
        (event: { event: string; data: { user?: { id: string } } }) => event.event === 'typing' && event.data.user?.id === jihoon.id,
      ),
    );
    await jihoon.say(room, 'hi');
    const said = await deaf;
    assert.equal(said.json.rooms.length, 1);
    assert.equal('events' in said.json, false);
    const mine = (await personal).json;
    assert.deepEqual([mine.rooms, mine.events[0].event, mine.events[0].data.last.text], [[], 'room.activity', 'hi']);
  });

  it('R7.5 a room that one may not read refuses the poll', async () => {
    const { room } = await stage.room(['Mina']);
    const { room: secret } = await stage.room(['Mina'], { kind: 'private' });
    const other = await stage.person('Other');
    for (const [query, status, code] of [
      [`?room=${room}`, 403, 'not_member'],
      [`?room=lobby&room=${secret}`, 403, 'not_member'],
      [`?room=${secret}`, 404, 'no_such_room'],
      ['?room=nowhere', 404, 'no_such_room'],
    ] as const) {
      const answer = await other.poll(query);
      assert.deepEqual([answer.status, answer.json.error.code], [status, code], query);
    }
    assert.equal((await stage.call('GET', `/v1/poll?room=${room}`)).json.error.code, 'unauthenticated');
  });

  for (const query of [
    'wait=-1',
    'wait=56',
    'wait=x',
    'wait=1&wait=2',
    'events=2',
    'cursor=x',
    'room=X',
    'room=',
    'since=e:1:1',
    'since[]=e:1',
  ])
    it(`P8 ${query} is invalid`, async () => {
      const mina = await stage.person('Mina');
      await mina.ask('room.join', { room: 'lobby' });
      const answer = await mina.poll(query.startsWith('room') ? `?${query}` : `?room=lobby&${query}`);
      if (query === 'since[]=e:1') assert.equal(answer.status, 200);
      else assert.deepEqual([answer.status, answer.json.error.code], [400, 'invalid']);
    });

  it('P4 polls that follow each other by their cursors have everything once', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    let { cursor } = (await mina.poll(`?room=${room}`)).json;
    const socket = await jihoon.socket();
    const talking = (async () => {
      for (let i = 0; i < 200; i++) await socket.ask('message.send', { room, clientId: `c${i}`, text: `${i}` });
    })();
    const heard: string[] = [];
    while (heard.at(-1) !== '199') {
      const { json } = await mina.poll(`?room=${room}&cursor=${cursor}&wait=10`);
      cursor = json.cursor;
      for (const page of json.rooms) for (const { text } of page.changes) heard.push(text);
    }
    await talking;
    assert.deepEqual(
      heard,
      Array.from({ length: 200 }, (_, i) => `${i}`),
    );
    await socket.close();
  });

  it('P8 a poll whose client went away costs nothing more', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const { cursor } = (await mina.poll(`?room=${room}`)).json;
    const abort = new AbortController();
    const path = `/v1/poll?room=${room}&cursor=${cursor}&wait=55`;
    const aborted = stage.call('GET', path, { token: mina.token, signal: abort.signal }).catch(() => 'aborted');
    const holds = (): boolean => [...stage.server.realtime.sessions.values()].some(({ transport }) => transport === 'polling');
    await until('a poll that is held', holds);
    abort.abort();
    assert.equal(await aborted, 'aborted');
    await until('no poll', () => !holds());
    await jihoon.say(room, 'hi');
  });

  it('R5.9 a poll that is held when the server stops is answered', async (context) => {
    const stopping = await Stage.open(undefined);
    context.after(() => stopping.server.stop());
    const { room, people } = await stopping.room(['Mina']);
    const { cursor } = (await people[0].poll(`?room=${room}`)).json;
    const held = people[0].poll(`?room=${room}&cursor=${cursor}&wait=55`);
    await until('a poll that is held', () => stopping.server.realtime.sessions.size > 0);
    const stopped = stopping.server.stop();
    const { status, json } = await held;
    assert.deepEqual([status, json], [200, { cursor, rooms: [] }]);
    await stopped;
  });
});
