import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore } from '@suda/chat';
import { ConfigError, createSuda, type Happenings, type SudaOptions } from '@suda/server';
import { pino } from 'pino';
import { byCookie, cookieOf, Embedded } from './wire/host.ts';
import { Inbox } from './wire/inbox.ts';
import { SocketIo } from './wire/socketio.ts';

const mina = { id: '42', name: 'Mina' };
const jihun = { id: 'jihun', name: '지훈' };

describe('the host’s own code', () => {
  it('P2 P7 makes rooms, posts once for each clientId, and has the rights of whom it speaks for', async (context) => {
    const { suda } = await Embedded.open(context);
    const room = await suda.createRoom({ name: 'Orders', kind: 'private' }, { as: mina });
    const first = await suda.post(room.id, 'Your order left.', { as: mina, clientId: 'order-7' });
    assert.deepEqual(await suda.post(room.id, 'Your order left.', { as: mina, clientId: 'order-7' }), first);
    await assert.rejects(suda.post(room.id, 'let me in', { as: jihun }), { code: 'no_such_room' });
    await suda.command('room.invite', { room: room.id, user: (await suda.user(jihun)).id }, { as: mina });
    await suda.post(room.id, 'thanks', { as: await suda.user(jihun), replyTo: first.pos });
    const { messages } = await suda.command('message.list', { room: room.id }, { as: jihun });
    assert.deepEqual(
      messages.filter(({ kind }) => kind === 'text').map(({ text }) => text),
      ['Your order left.', 'thanks'],
    );
    const opened = await suda.command('room.open', { room: room.id }, { as: mina });
    assert.equal(opened.head, messages.at(-1)?.rev);
    await assert.rejects(suda.post(room.id, '', { as: mina }), { code: 'invalid' });
    await suda.foundRoom('news', 'News');
    assert.equal(await suda.foundRoom('news', 'News again'), 'news');
    assert.equal((await suda.command('room.join', { room: 'news' }, { as: mina })).name, 'News');
    await assert.rejects(suda.foundRoom('d_a_b', 'x'), { code: 'invalid' });
  });

  it('R3.7 the host’s own posts have no rate', async (context) => {
    const { suda } = await Embedded.open(context, { rate: 1 });
    const room = await suda.createRoom({ name: 'Orders', kind: 'private' }, { as: mina });
    const posts = await Promise.all(Array.from({ length: 100 }, (_, i) => suda.post(room.id, `${i}`, { as: mina })));
    assert.deepEqual(
      posts.map(({ pos }) => pos),
      Array.from({ length: 100 }, (_, i) => i + 2),
    );
  });

  it('P1 P3 hears what happens: once, in order, after it is on disk; one listener’s trouble is nobody else’s', async (context) => {
    const store = new MemoryStore();
    const { suda } = await Embedded.open(context, {
      store,
      secret: 'only for tests, never else',
      logger: pino({ level: 'silent' }),
    });
    const heard: string[] = [];
    const note =
      <E extends keyof Happenings>(name: E, what: (happening: Happenings[E]) => string) =>
      (happening: Happenings[E]): void =>
        void heard.push(`${name} ${what(happening)}`);
    suda.on('message', () => {
      throw new Error('a listener’s own trouble');
    });
    suda.on('message', async () => Promise.reject(new Error('likewise, later')));
    suda.on(
      'message',
      note('message', ({ message }) => message.notice?.type ?? message.text),
    );
    suda.on(
      'message.changed',
      note('message.changed', ({ message }) => message.text),
    );
    suda.on(
      'room.created',
      note('room.created', ({ room }) => room.name),
    );
    suda.on(
      'room.changed',
      note('room.changed', ({ room }) => room.name),
    );
    suda.on(
      'room.removed',
      note('room.removed', () => ''),
    );
    suda.on(
      'member.joined',
      note('member.joined', ({ user }) => user.name),
    );
    suda.on(
      'member.left',
      note('member.left', ({ reason }) => reason),
    );
    suda.on(
      'read',
      note('read', ({ pos }) => String(pos)),
    );
    suda.on(
      'user.changed',
      note('user.changed', ({ user }) => user.name),
    );
    const seen = new Inbox<boolean>();
    const stop = suda.on('message', async ({ room, message }) =>
      seen.push((await store.page(room, { type: 'latest', limit: 1 }))?.messages[0]?.pos === message.pos),
    );

    const room = await suda.createRoom({ name: 'A', kind: 'public', ephemeral: true }, { as: mina });
    const { pos } = await suda.post(room.id, 'hi', { as: mina });
    await suda.command('message.edit', { room: room.id, pos, text: 'hello' }, { as: mina });
    await suda.command('room.join', { room: room.id }, { as: jihun });
    const more = await suda.post(room.id, 'more', { as: mina });
    await suda.command('room.read', { room: room.id, pos: more.pos }, { as: jihun });
    await suda.command('room.update', { room: room.id, name: 'B' }, { as: mina });
    await suda.command('room.kick', { room: room.id, user: suda.idOf(jihun.id) }, { as: mina });
    await suda.command('room.leave', { room: room.id }, { as: mina });
    assert.deepEqual(heard, [
      ...['user.changed Mina', 'room.created A', 'member.joined Mina', 'message created', 'message hi', 'message.changed hello'],
      ...[
        'user.changed 지훈',
        'member.joined 지훈',
        'message joined',
        'message more',
        `read ${more.pos}`,
        'room.changed B',
        'message renamed',
      ],
      ...['member.left kicked', 'message kicked', 'member.left vanished', 'room.removed '],
    ]);
    assert.ok((await seen.count(2)).slice(0, 1).every(Boolean));
    stop();
    const count = seen.all.length;
    await suda.command('room.join', { room: 'lobby' }, { as: mina });
    await suda.post('lobby', 'unheard', { as: mina });
    assert.equal(seen.all.length, count);
    assert.throws(() => suda.on('nothing' as 'message', () => {}), TypeError);
  });

  it('R5.8 ends a user’s connections when they sign out of the host', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const [socket, other] = [await host.socket(cookieOf(mina)), await host.socket(cookieOf(jihun))];
    const client = await SocketIo.connect(host.origin, { path: '/chat/socket.io/', extraHeaders: cookieOf(mina) });
    for (const one of [socket, other]) await one.ask('hello', {});
    await client.ask('hello', {});
    const gone = client.disconnected();
    assert.equal(host.suda.disconnect(mina), 2);
    assert.equal((await socket.closed).code, 4001);
    assert.equal(await gone, 'io server disconnect');
    await other.caughtUp();
    await other.close();
    client.close();
  });
});

describe('P8 options that can’t be meant', () => {
  const store = new MemoryStore();
  const base = { store, secret: 'only for tests, never else' };
  const key = 'a shared secret of at least 32 bytes';
  const cases: readonly (readonly [sentence: RegExp, options: object])[] = [
    [/path is "chat"/, { ...base, path: 'chat' }],
    [/path is "\/a b"/, { ...base, path: '/a b' }],
    [/path is "\/a\/\.\.\/b"/, { ...base, path: '/a/../b' }],
    [/There is no option "pathh"/, { ...base, pathh: '/chat' }],
    [/either data, a folder, or store/, { secret: base.secret }],
    [/either data, a folder, or store/, { ...base, data: './data' }],
    [/This store keeps no secret/, { store }],
    [/at least 16 characters/, { ...base, secret: 'short' }],
    [/either secret or jwks/, { ...base, identity: { jwt: { secret: key, jwks: 'https://id.example/keys' } } }],
    [/either secret or jwks/, { ...base, identity: { jwt: {} } }],
    [/at least 32 bytes/, { ...base, identity: { jwt: { secret: 'short' } } }],
    [/identity.jwt.jwks is the address/, { ...base, identity: { jwt: { jwks: 'not an address' } } }],
    [/identity.jwt has no option "issuers"/, { ...base, identity: { jwt: { secret: key, issuers: 'x' } } }],
    [/identity is a function/, { ...base, identity: 'mina' }],
    [/guests is true or false/, { ...base, guests: 'yes' }],
    [/origins is a list/, { ...base, origins: ['example.org'] }],
    [/"nowhere" is neither an IP address/, { ...base, trustProxy: ['nowhere'] }],
    [/rate is a number/, { ...base, rate: -1 }],
    [/no pino logger/, { ...base, logger: console.log }],
    [/no index\.html in/, { ...base, page: '/no/such/folder' }],
    [/guests is true or false\.\nrate is a number/, { ...base, guests: 1, rate: 'much' }],
  ];
  for (const [sentence, options] of cases)
    it(`${sentence.source}`, () =>
      assert.rejects(createSuda(options as SudaOptions), (error) => error instanceof ConfigError && sentence.test(error.message)));
});
