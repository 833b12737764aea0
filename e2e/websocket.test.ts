import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { closeCodes, limits } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import { frame, framesOf, Raw } from './wire/raw.ts';
import { type Refusal, refusalOf } from './wire/refusal.ts';
import { Socket } from './wire/socket.ts';
import { Stage } from './wire/stage.ts';

describe('WebSocket', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined);
  });
  after(() => stage.server.stop());

  it('R5.1 the subprotocol is chosen if it is offered, and need not be', async () => {
    const chosen = await Socket.connect(stage.port, {}, ['other', 'suda.v1']);
    assert.equal(chosen.ws.protocol, 'suda.v1');
    const none = await Socket.connect(stage.port, {}, []);
    assert.equal(none.ws.protocol, '');
    await none.caughtUp();
    const refused = (error: Refusal & { status: number }) => error.code === 'invalid' && error.status === 400;
    await assert.rejects(Socket.connect(stage.port, {}, ['graphql-ws']), refused);
    await Promise.all([chosen.close(), none.close()]);
  });

  it('R2.2 a handshake with a token or cookie is that user; the header wins', async () => {
    const [mina, jihoon] = [await stage.person('Mina'), await stage.person('Jihoon')];
    for (const [headers, id] of [
      [{ authorization: `Bearer ${mina.token}` }, mina.id],
      [{ cookie: `other=1; suda=${jihoon.token}` }, jihoon.id],
      [{ authorization: `Bearer ${mina.token}`, cookie: `suda=${jihoon.token}` }, mina.id],
    ] as const) {
      const socket = await Socket.connect(stage.port, { headers });
      assert.equal((await socket.ask('hello', {})).user.id, id);
      await socket.close();
    }
  });

  it('R2.3 any other must say hello first; a wrong token makes nobody', async () => {
    const socket = await Socket.connect(stage.port, { headers: { authorization: 'Bearer nobody.x.y' } });
    assert.equal(await refusalOf(socket.ask('room.list', {})), 'unauthenticated');
    assert.equal(await refusalOf(socket.ask('hello', {})), 'unauthenticated');
    assert.equal(await refusalOf(socket.ask('hello', { token: 'nobody.x.y' })), 'unauthenticated');
    const { user } = await socket.ask('hello', { name: 'Sora' });
    assert.deepEqual([user.name, user.guest], ['Sora', true]);
    assert.ok((await socket.ask('room.list', {})).rooms.length > 0);
    await socket.close();
  });

  it('R2.4 a page of another origin cannot open one, a page of this one can', async () => {
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${stage.port}.evil.example`, 'nonsense']) {
      const refused = (error: Refusal & { status: number }) => error.code === 'origin_refused' && error.status === 403;
      await assert.rejects(Socket.connect(stage.port, { headers: { origin } }), refused, origin);
    }
    const own = await Socket.connect(stage.port, { headers: { origin: stage.url } });
    await own.close();
  });

  it('R5.3 what is sent right behind a hello means the user whom that hello makes', async () => {
    const socket = await Socket.connect(stage.port);
    socket.send('hello', { name: 'Quick' }, 1);
    socket.send('room.join', { room: 'lobby' }, 2);
    socket.send('message.send', { room: 'lobby', clientId: 'c1', text: 'first' }, 3);
    socket.send('room.open', { room: 'lobby' }, 4);
    const [{ user }, , sent, opened] = await Promise.all([1, 2, 3, 4].map((id) => socket.replyTo(id)));
    const last = opened.messages.at(-1);
    assert.deepEqual([last.text, last.pos, last.sender.id], ['first', sent.pos, user.id]);
    await socket.close();
  });

  it('R5.3 commands to one room take effect in their order, also where one takes its time', async () => {
    const { room, people } = await stage.room(['Owner', 'Guest'], { password: 'sesame' });
    const guest = await stage.person('Later');
    const socket = await guest.socket();
    socket.send('room.join', { room, password: 'sesame' }, 'join');
    socket.send('message.send', { room, clientId: 'a', text: 'a' }, 'a');
    socket.send('message.list', { room, limit: 1 }, 'list');
    socket.send('room.leave', { room }, 'leave');
    await socket.replyTo('join');
    const sent = await socket.replyTo('a');
    assert.deepEqual((await socket.replyTo('list')).messages.at(-1).pos, sent.pos);
    await socket.replyTo('leave');
    const { messages } = await people[0].ask('message.list', { room });
    assert.deepEqual(
      messages.slice(-3).map(({ notice, text }) => notice?.type ?? text),
      ['joined', 'a', 'left'],
    );
    await socket.close();
  });

  it('R5.3 many messages that are sent at once stand in the order in which they were sent', async () => {
    const { room, people } = await stage.room(['Owner']);
    const socket = await people[0].socket();
    const sent = await Promise.all(
      Array.from({ length: 1_200 }, (_, i) => socket.ask('message.send', { room, clientId: `c${i}`, text: `${i}` })),
    );
    assert.deepEqual(
      sent.map(({ pos }) => pos),
      Array.from({ length: 1_200 }, (_, i) => i + 2),
    );
    await socket.close();
  });

  it('R5.2 ids may be numbers or strings; a command without one gets no reply', async () => {
    const mina = await stage.person('Mina');
    const socket = await mina.socket();
    for (const id of [0, -1.5, 1e300, 'i'.repeat(64), '']) {
      socket.send('room.list', {}, id);
      assert.ok((await socket.replyTo(id)).rooms);
    }
    const before = socket.frames.all.length;
    socket.send('room.list', {});
    await socket.caughtUp();
    assert.equal(socket.frames.all.length, before + 1);
    socket.send('room.join', { room: 'nowhere' });
    const { data } = await socket.events.first('an error', ({ event }) => event === 'error');
    assert.deepEqual([data.code, data.command, data.retry], ['no_such_room', 'room.join', false]);
    await socket.close();
  });

  it('R5.4 what is no frame gets `malformed`, what is no command `unknown_command`, and the connection lives on', async () => {
    const socket = await (await stage.person('Mina')).socket();
    const rubbish = [
      'rubbish',
      '[]',
      '{}',
      'null',
      '{"event":1}',
      '{"event":"x","id":{}}',
      `${'['.repeat(30_000)}`,
      '{"event":"a","data":{',
    ];
    for (const text of rubbish) socket.ws.send(text);
    await socket.caughtUp();
    const codes = socket.events.all.filter(({ event }) => event === 'error').map(({ data }) => data.code);
    assert.deepEqual(
      codes,
      rubbish.map(() => 'malformed'),
    );
    for (const name of ['nope', 'constructor', '__proto__', 'toString', 'x'.repeat(10_000)]) {
      socket.send(name, {}, name.slice(0, 64));
      assert.equal(await refusalOf(socket.replyTo(name.slice(0, 64))), 'unknown_command');
    }
    await socket.close();
  });

  it('R5.5 a binary frame closes with 1003', async () => {
    const socket = await Socket.connect(stage.port);
    socket.ws.send(Buffer.from('{"event":"ping"}'));
    assert.equal((await within('closing', socket.closed)).code, closeCodes.unsupportedData.code);
  });

  it('R5.5 a frame above the limit closes with 1009, one at the limit does not', async () => {
    const socket = await (await stage.person('Mina')).socket();
    const text = (length: number): string => `{"event":"ping","id":1,"data":"${'x'.repeat(length - 33)}"}`;
    assert.equal(text(limits.payloadBytes).length, limits.payloadBytes);
    socket.ws.send(text(limits.payloadBytes));
    await socket.replyTo(1);
    socket.ws.send(text(limits.payloadBytes + 1));
    assert.equal((await within('closing', socket.closed)).code, closeCodes.tooBig.code);
  });

  const broken: readonly [what: string, code: number, bytes: Buffer][] = [
    ['text that is not UTF-8', 1007, frame(1, Buffer.from([0xc3, 0x28]))],
    ['a lone surrogate in UTF-8', 1007, frame(1, Buffer.from([0xed, 0xa0, 0x80]))],
    ['an unmasked frame', 1002, frame(1, Buffer.from('{"event":"ping"}'), { masked: false })],
    ['a reserved bit', 1002, frame(1, Buffer.from('x'), { reserved: 0x40 })],
    ['a reserved opcode', 1002, frame(3, Buffer.from('x'))],
    ['a continuation of nothing', 1002, frame(0, Buffer.from('x'))],
    ['a ping in pieces', 1002, frame(9, Buffer.from('x'), { final: false })],
    ['a ping that is too long', 1002, frame(9, Buffer.alloc(126))],
    ['a closing frame of one byte', 1002, frame(8, Buffer.from([3]))],
    [
      'pieces that are too large together',
      1009,
      Buffer.concat([frame(1, Buffer.alloc(60_000, 'x'), { final: false }), frame(0, Buffer.alloc(60_000, 'x'))]),
    ],
  ];
  for (const [what, code, bytes] of broken)
    it(`R5.5 ${what} closes with ${code}`, async () => {
      const raw = await Raw.webSocket(stage.port);
      raw.write(bytes);
      assert.equal(await raw.closeCode(), code);
      raw.socket.destroy();
    });

  it('R5.2 a text in pieces, with a ping between them, is one frame', async () => {
    const raw = await Raw.webSocket(stage.port);
    raw.write(frame(1, Buffer.from('{"event":"ping",'), { final: false }));
    raw.write(frame(9, Buffer.from('hi')));
    raw.write(frame(0, Buffer.from('"id":1}')));
    await raw.until('a reply', (text) => text.includes('{"reply":1,"data":{}}'));
    assert.deepEqual(
      [...framesOf(raw.bytes)].map(({ opcode, payload }) => [opcode, payload.toString()]),
      [
        [10, 'hi'],
        [1, '{"reply":1,"data":{}}'],
      ],
    );
    raw.socket.destroy();
  });

  it('R5.6 a ping is answered, with and without a user', async () => {
    const socket = await Socket.connect(stage.port);
    socket.send('ping', {}, 'p');
    assert.deepEqual(await socket.replyTo('p'), {});
    socket.ws.ping('x');
    await within('a pong', new Promise((resolve) => socket.ws.once('pong', resolve)));
    await socket.close();
  });

  it('R4.1 R4.4 an open room goes live, a closed one does not', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const socket = await mina.socket();
    const opened = await socket.ask('room.open', { room });
    assert.ok('reset' in opened);
    const { pos } = await jihoon.say(room, 'hi');
    await jihoon.ask('message.edit', { room, pos, text: 'hi!' });
    await mina.ask('message.react', { room, pos, emoji: '👍' });
    await jihoon.ask('message.delete', { room, pos });
    const events = await socket.events.count(4, ({ event, data }) => event.startsWith('message') && data.room === room);
    assert.deepEqual(
      events.map(({ event, data }) => [event, data.rev - opened.head, data.text, data.deleted, data.reactions?.length]),
      [
        ['message', 1, 'hi', undefined, undefined],
        ['message.changed', 2, 'hi!', undefined, undefined],
        ['message.changed', 3, 'hi!', undefined, 1],
        ['message.changed', 4, '', true, undefined],
      ],
    );
    await socket.ask('room.close', { room });
    await jihoon.say(room, 'unheard');
    await socket.events.first('activity', ({ event, data }) => event === 'room.activity' && data.last.text === 'unheard');
    assert.deepEqual(socket.said(room), ['hi']);
    await socket.close();
  });

  it('R4.3 R4.4 opening again resumes from any cursor, with each message once in its present form', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const socket = await mina.socket();
    const { epoch, head } = await socket.ask('room.open', { room });
    await socket.close();
    const one = await jihoon.say(room, 'one');
    await jihoon.say(room, 'two');
    await jihoon.ask('message.edit', { room, pos: one.pos, text: 'one!' });
    const again = await mina.socket();
    const resumed = await again.ask('room.open', { room, epoch, rev: head });
    assert.ok('changes' in resumed);
    assert.deepEqual(
      resumed.changes.map(({ text, rev }) => [text, rev - head]),
      [
        ['two', 2],
        ['one!', 3],
      ],
    );
    assert.equal(resumed.head, head + 3);
    for (const cursor of [{ epoch: 'other', rev: head }, { epoch, rev: head + 1_000 }, {}]) {
      assert.ok('reset' in (await again.ask('room.open', { room, ...cursor })), JSON.stringify(cursor));
    }
    await jihoon.say(room, 'three');
    await again.events.first('the next', ({ data }) => data.text === 'three');
    assert.deepEqual(again.said(room), ['three']);
    await again.close();
  });

  it('R4.3 one who missed more than the limit gets a reset', async () => {
    const { room, people } = await stage.room(['Mina']);
    const socket = await people[0].socket();
    const { epoch, head } = await socket.ask('room.open', { room });
    const send = (i: number) => socket.ask('message.send', { room, clientId: `c${i}`, text: `${i}` });
    await Promise.all(Array.from({ length: limits.resumeChanges }, (_, i) => send(i)));
    const most = await socket.ask('room.open', { room, epoch, rev: head });
    assert.ok('changes' in most && most.changes.length === limits.resumeChanges);
    await send(limits.resumeChanges);
    const reset = await socket.ask('room.open', { room, epoch, rev: head });
    assert.ok('reset' in reset && reset.messages.length === limits.defaultPageSize);
    await socket.close();
  });

  it('R4.11 R4.10 rooms that are not open tell their activity, open ones what is ephemeral', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const [open, closed] = [await mina.socket(), await mina.socket()];
    await open.ask('room.open', { room });
    const { pos } = await jihoon.say(room, 'hi');
    const activity = await closed.events.first('activity', ({ event }) => event === 'room.activity');
    assert.deepEqual([activity.data.room, activity.data.pos, activity.data.last.text], [room, pos, 'hi']);
    await jihoon.ask('room.typing', { room });
    const typing = await open.events.first('typing', ({ event }) => event === 'typing');
    assert.deepEqual(typing.data, { room, user: { id: jihoon.id, name: 'Jihoon' }, typing: true });
    await mina.ask('room.read', { room, pos });
    await open.events.first('read', ({ event, data }) => event === 'read' && data.user === mina.id && data.pos === pos);
    await mina.ask('room.update', { room, name: 'Other' });
    for (const socket of [open, closed])
      await socket.events.first('the title', ({ event, data }) => event === 'room.changed' && data.room.name === 'Other');
    await closed.caughtUp();
    assert.ok(!closed.events.all.some(({ event }) => event === 'typing' || event === 'message'));
    assert.ok(!open.events.all.some(({ event }) => event === 'room.activity'));
    await Promise.all([open.close(), closed.close()]);
  });

  it('R4.10 who types is not told of their own typing', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mine, theirs] = [await people[0].socket(), await people[1].socket()];
    await mine.ask('room.open', { room });
    await theirs.ask('room.open', { room });
    await mine.ask('room.typing', { room, typing: true });
    await theirs.events.first('typing', ({ event }) => event === 'typing');
    await mine.caughtUp();
    assert.ok(!mine.events.all.some(({ event }) => event === 'typing'));
    await Promise.all([mine.close(), theirs.close()]);
  });

  it('R2.2 hello with another token makes the connection another’s: what the first one heard ends', async () => {
    const { room, people } = await stage.room(['Mina']);
    const other = await stage.person('Other');
    const socket = await people[0].socket();
    await socket.ask('room.open', { room });
    await socket.ask('hello', { token: other.token });
    await people[0].say(room, 'not for Other');
    await socket.caughtUp();
    assert.deepEqual(socket.said(room), []);
    assert.equal(await refusalOf(socket.ask('room.open', { room })), 'not_member');
    await socket.close();
  });

  it('R5.9 whoever is connected is told when to come back, and closed with 4501; who does not answer is not waited for', async (context) => {
    const stopping = await Stage.open(undefined);
    context.after(() => stopping.server.stop());
    const mina = await stopping.person('Mina');
    const sockets = await Promise.all(Array.from({ length: 5 }, () => mina.socket()));
    const mute = await Raw.webSocket(stopping.port, mina.token);
    const stopped = stopping.server.stop();
    const hints = await Promise.all(sockets.map((socket) => socket.events.first('drain', ({ event }) => event === 'drain')));
    for (const { data } of hints) assert.ok(data.reconnectIn >= 0 && data.reconnectIn <= 2_000);
    assert.ok(new Set(hints.map(({ data }) => data.reconnectIn)).size > 1);
    for (const socket of sockets) assert.equal((await within('closing', socket.closed)).code, closeCodes.draining.code);
    assert.equal(await mute.closeCode(), closeCodes.draining.code);
    await within('the end of the server', stopped, 5_000);
  });

  it('R5.1 other upgrades are refused like other requests', async () => {
    for (const [head, status] of [
      ['GET /nope HTTP/1.1\r\nUpgrade: websocket', 404],
      ['GET /v1/ws HTTP/1.1\r\nUpgrade: websocket', 400],
      ['GET /v1/ws HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 7\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 400],
      ['POST /v1/ws HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 405],
    ] as const) {
      const raw = await Raw.open(stage.port);
      raw.write(`${head}\r\nHost: x\r\nConnection: Upgrade\r\n\r\n`);
      const answer = await raw.until('an answer', (text) => text.includes('\r\n\r\n'));
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `), head);
      await within('the end', raw.ended);
    }
  });

  it('P8 whoever hangs up at any moment takes nothing along', async () => {
    const mina = await stage.person('Mina');
    for (let i = 0; i < 30; i++) {
      const raw = await Raw.open(stage.port);
      raw.write(
        `GET /v1/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${mina.token}\r\n\r\n`,
      );
      if (i % 3 === 0) raw.socket.resetAndDestroy();
      else if (i % 3 === 1) raw.socket.destroy();
      else {
        raw.write(frame(1, Buffer.from('{"event":"room.open","data":{"room":"lobby"},"id":1}')));
        raw.socket.resetAndDestroy();
      }
      await raw.ended;
    }
    const socket = await mina.socket();
    await socket.caughtUp();
    await socket.close();
  });
});
