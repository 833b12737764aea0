import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { createSuda } from '@suda/server';
import { pino } from 'pino';
import { WebSocket, WebSocketServer } from 'ws';
import { byCookie, cookieOf, Embedded, inMemory, listening, plain } from './wire/host.ts';
import { within } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import { travels } from './wire/socketio.ts';

const mina = { id: '42', name: 'Mina' };

function folder(context: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'suda-embed-'));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('a chat under a path of another server', () => {
  it('P5 a host’s user comes in by every door as the same person, without a name, a token or a cookie of ours', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const id = host.suda.idOf(mina.id);
    const cookie = cookieOf(mina);

    const hello = await host.call('POST', '/v1/session', { body: {}, headers: cookie });
    assert.deepEqual(hello.json.user, { id, name: 'Mina', guest: false });
    assert.equal(hello.json.token, '');
    assert.equal(hello.headers.get('set-cookie'), null);

    const room = await host.suda.createRoom({ name: 'Support', kind: 'private' }, { as: mina });
    const socket = await host.socket(cookie);
    assert.equal((await socket.ask('hello', {})).user.id, id);
    await socket.ask('room.open', { room: room.id });
    const stream = await host.stream(`?room=${room.id}`, cookie);
    const { json: first } = await host.call('GET', `/v1/poll?room=${room.id}&wait=0`, { headers: cookie });
    const held = host.call('GET', `/v1/poll?room=${room.id}&cursor=${first.cursor}&wait=20`, { headers: cookie });
    const clients = await Promise.all(
      travels.map(([, travel]) => host.socketIo({ ...travel, extraHeaders: cookie, auth: { rooms: [{ room: room.id }] } })),
    );
    for (const client of clients) await client.events.first('the room', ({ event }) => event === 'reset');

    await host.ask('message.send', { room: room.id, clientId: 'c1', text: 'by HTTP' }, undefined, cookie);
    for (const { events } of [socket, stream, ...clients]) {
      const { data } = await events.first('the message', ({ event }) => event === 'message');
      assert.deepEqual([data.text, data.sender], ['by HTTP', { id, name: 'Mina' }]);
    }
    assert.equal((await held).json.rooms[0].changes[0].text, 'by HTTP');
    await stream.close();
    await socket.close();
    for (const client of clients) client.close();
  });

  it('R2.3 whom the host doesn’t know is nobody: no guests, no rooms, by any door', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    assert.equal(await refusalOf(host.ask('hello', { name: 'Somebody' })), 'unauthenticated');
    assert.equal(await refusalOf(host.ask('room.list', {})), 'unauthenticated');
    assert.equal(await refusalOf(host.stream('?room=lobby', {})), 'unauthenticated');
    assert.equal((await host.call('GET', '/v1/poll?room=lobby')).status, 401);
    const socket = await host.socket();
    assert.equal(await refusalOf(socket.ask('hello', { name: 'Somebody' })), 'unauthenticated');
    await socket.close();
    const client = await host.socketIo();
    assert.equal(await refusalOf(client.ask('hello', { name: 'Somebody' })), 'unauthenticated');
    client.close();
  });

  it('R2.1 with guests beside them, a guest has our cookie, for this path alone; the host’s word goes before it', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie, guests: true });
    const guest = await host.call('POST', '/v1/session', { body: { name: 'Guest' } });
    const [set = ''] = guest.headers.getSetCookie();
    assert.match(set, /^suda=[^;]+;.*Path=\/chat;/);
    const cookie = String(set.split(';', 1)[0]);
    assert.equal((await host.ask('hello', {}, undefined, { cookie })).user.id, guest.json.user.id);
    const both = await host.call('POST', '/v1/session', { body: {}, headers: { cookie: `${cookie}; ${cookieOf(mina).cookie}` } });
    assert.equal(both.json.user.id, host.suda.idOf('42'));
    assert.equal(both.headers.get('set-cookie'), null);
  });

  it('a host’s user keeps their id through restarts and changed secrets; a new name is taken over, once', async (context) => {
    const data = folder(context);
    const first = await createSuda({ data, page: false });
    const before = await first.user(mina);
    const twice = await Promise.all([first.user({ id: 7, name: 'New' }), first.user({ id: '7', name: 'New' })]);
    assert.deepEqual(twice[0], twice[1]);
    await first.close();

    const second = await createSuda({ data, page: false, secret: 'another secret than before' });
    context.after(() => second.close());
    const named: string[] = [];
    second.on('user.changed', ({ user }) => named.push(user.name));
    assert.deepEqual(await second.user(mina), before);
    for (let i = 0; i < 3; i++) await second.user({ id: '42', name: 'Mina Kim' });
    await Promise.all([1, 2, 3].map(() => second.user({ id: '42', name: 'Mina Lee' })));
    assert.deepEqual(named, ['Mina Kim', 'Mina Lee']);
    assert.notEqual((await second.user({ id: '43', name: 'Mina Lee' })).id, before.id);
    assert.match(before.id, /^h[a-z2-7]{26}$/);
  });

  it('P8 a host’s names are made fit: nobody is refused for what the host calls them', async (context) => {
    const { suda } = await Embedded.open(context);
    const cases: readonly (readonly [string, string | RegExp])[] = [
      ['  spaced\nout\u0000 ', 'spaced out'],
      ['x'.repeat(100), 'x'.repeat(40)],
      [`${'x'.repeat(39)}😀`, 'x'.repeat(39)],
      ['', /^h[a-z2-7]{6}$/],
      ['\u200b\u200d', /^h[a-z2-7]{6}$/],
    ];
    for (const [i, [given, made]] of cases.entries()) {
      const { name } = await suda.user({ id: `case ${i}`, name: given });
      if (typeof made === 'string') assert.equal(name, made);
      else assert.match(name, made);
    }
    await assert.rejects(suda.user({ id: '', name: 'x' }), TypeError);
  });

  it('R2.2 their name is the host’s to change, and our tokens are given by the host alone', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const cookie = cookieOf(mina);
    assert.equal(await refusalOf(host.ask('user.rename', { name: 'Other' }, undefined, cookie)), 'not_allowed');
    const user = await host.suda.user(mina);
    const token = host.suda.token(user);
    assert.equal((await host.ask('hello', {}, token)).user.id, user.id);
    const socket = await host.socket();
    const answer = await socket.ask('hello', { token });
    assert.equal(answer.user.id, user.id);
    assert.notEqual(answer.token, '');
    await socket.close();
    assert.equal(await refusalOf(host.ask('room.list', {}, host.suda.token(user, { expiresIn: 0 }))), 'unauthenticated');
    assert.equal((await host.ask('hello', {}, host.suda.token(user, { expiresIn: 60 }))).user.id, user.id);
  });

  it('R2.4 a page of another origin is refused, by HTTP and by handshake', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie, origins: ['https://friend.example'] });
    for (const [origin, status] of [
      ['https://evil.example', 403],
      [host.origin, 200],
      ['https://friend.example', 200],
    ] as const) {
      const headers = { ...cookieOf(mina), origin };
      assert.equal((await host.call('POST', '/v1/rooms/lobby/join', { body: {}, headers })).status, status);
      if (status === 200) await (await host.socket(headers)).close();
      else assert.equal(await refusalOf(host.socket(headers)), 'origin_refused');
    }
  });

  it('R3.3 a host that can’t say who someone is just now: unavailable, try again', async (context) => {
    const host = await Embedded.open(context, {
      identity: () => {
        throw new Error('the database is away');
      },
      logger: pino({ level: 'silent' }),
    });
    assert.equal(await refusalOf(host.ask('room.list', {})), 'unavailable');
    assert.equal(await refusalOf(host.socket()), 'unavailable');
  });

  it('every address knows its path: documents, errors, descriptions, redirects', async (context) => {
    const host = await Embedded.open(context, {}, plain);
    const outside = async (path: string): Promise<string> => (await fetch(host.origin + path)).text();
    assert.equal((await host.call('GET', '/v1/openapi.json')).json.servers[0].url, '/chat');
    const docs = await host.call('GET', '/docs');
    assert.ok(docs.text.includes('href="/chat/suda-pages.css"') && docs.text.includes('href="/chat/v1/openapi.json"'));
    assert.equal((await host.call('GET', '/suda-pages.css')).status, 200);
    assert.equal((await host.call('GET', '/healthz')).status, 200);
    const lost = await host.call('GET', '/nowhere', { headers: { accept: 'text/html' } });
    assert.equal(lost.status, 404);
    assert.ok(lost.text.includes('/chat/nowhere') && lost.text.includes('href="/chat/"'));
    const wrong = await host.call('PUT', '/v1/rooms', { body: {} });
    assert.deepEqual([wrong.status, wrong.headers.get('allow'), wrong.json.error.code], [405, 'GET, POST', 'method_not_allowed']);
    for (const path of ['/', '/chatty', '/chat.html', '/v1/rooms', '/x/chat/', '/?/chat/'])
      assert.equal(await outside(path), `the host: GET ${path}`);
  });
});

describe('the host’s own server goes on', () => {
  it('its routes and its sockets are undisturbed, whoever listened first', async (context) => {
    for (const order of ['before', 'after'] as const) {
      const suda = await inMemory({ identity: byCookie });
      context.after(() => suda.close());
      const server = createServer();
      if (order === 'after') suda.attach(server);
      server.on('request', plain);
      // As most applications do it: everything but its own path is refused.
      const own = new WebSocketServer({ server, path: '/own' });
      own.on('connection', (socket) => socket.send('the host'));
      if (order === 'before') suda.attach(server);
      const host = new Embedded(suda, await listening(context, server));
      assert.equal(await (await fetch(`${host.origin}/own`)).text(), 'the host: GET /own');
      const socket = new WebSocket(`ws://127.0.0.1:${host.port}/own`);
      const [said] = await within('the host’s word', once(socket, 'message'));
      assert.equal(String(said), 'the host');
      socket.terminate();
      const ours = await host.socket(cookieOf(mina));
      assert.equal((await ours.ask('hello', {})).user.name, 'Mina');
      await ours.close();
      own.close();
    }
  });

  it('RFC 9110 §7.8 an Upgrade that nobody offered stays an ordinary request', async (context) => {
    const host = await Embedded.open(context);
    const ask = async (path: string): Promise<string> => {
      const socket = connect(host.port, '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`);
      const [answer] = await within('an answer', once(socket, 'data'));
      socket.destroy();
      return String(answer).split('\r\n', 1)[0] ?? '';
    };
    assert.equal(await ask('/'), 'HTTP/1.1 200 OK');
    assert.equal(await ask('/chat/v1/nothing'), 'HTTP/1.1 404 Not Found');
  });

  it('RFC 9110 §10.1.1 a body that waits for “100 Continue” comes, whoever of the two answers such requests', async (context) => {
    const suda = await inMemory({ identity: byCookie });
    context.after(() => suda.close());
    const server = createServer(plain);
    server.on('checkContinue', (_request, response) => response.writeHead(417).end());
    suda.attach(server);
    const port = await listening(context, server);
    const post = async (path: string): Promise<number | undefined> => {
      const headers = { ...cookieOf(mina), 'content-type': 'application/json', 'content-length': '2', expect: '100-continue' };
      const asked = request({ port, host: '127.0.0.1', path, method: 'POST', headers });
      asked.on('continue', () => asked.end('{}'));
      asked.flushHeaders();
      const [answer] = (await within('an answer', once(asked, 'response'))) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    };
    assert.equal(await post('/chat/v1/session'), 200);
    assert.equal(await post('/elsewhere'), 417);
  });

  it('detached, its path is the host’s again; attached again, ours', async (context) => {
    const suda = await inMemory();
    context.after(() => suda.close());
    const server = createServer(plain);
    const host = new Embedded(suda, await listening(context, server));
    const status = async (): Promise<number> => (await host.call('GET', '/v1/rooms')).status;
    assert.equal(await status(), 200);
    const detach = suda.attach(server);
    assert.equal(await status(), 401);
    detach();
    detach();
    assert.equal(await status(), 200);
    suda.attach(server);
    assert.equal(await status(), 401);
  });

  it('two chats under two paths, with data of their own, know nothing of each other', async (context) => {
    const server = createServer(plain);
    const port = await listening(context, server);
    const open = async (path: string): Promise<Embedded> => {
      const suda = await createSuda({ data: folder(context), path, page: false, identity: byCookie });
      context.after(() => suda.close());
      suda.attach(server);
      return new Embedded(suda, port);
    };
    const [one, two] = [await open('/one'), await open('/two/deep')];
    await one.suda.createRoom({ name: 'Only in one', kind: 'public' }, { as: mina });
    const names = async (host: Embedded): Promise<string[]> =>
      (await host.ask('room.list', {}, undefined, cookieOf(mina))).rooms.map(({ name }) => name).sort();
    assert.deepEqual(await names(one), ['Lobby', 'Only in one']);
    assert.deepEqual(await names(two), ['Lobby']);
    assert.notEqual(one.suda.idOf('42'), two.suda.idOf('42'));
    const sockets = await Promise.all([one, two].map((host) => host.socket(cookieOf(mina))));
    for (const socket of sockets) await socket.close();
    assert.equal(await (await fetch(`http://127.0.0.1:${port}/two`)).text(), 'the host: GET /two');
  });

  it('under no path at all, everything is ours', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie, path: '/' });
    assert.equal((await host.call('GET', '/v1/rooms')).status, 401);
    assert.equal((await host.call('GET', '/elsewhere')).json.error.code, 'not_found');
    assert.equal((await (await host.socket(cookieOf(mina))).ask('hello', {})).user.name, 'Mina');
  });

  it('R5.9 R7.2 closing answers what waits and sends everyone away; the host serves on, and a new one goes on with the data', async (context) => {
    const data = folder(context);
    const open = (): ReturnType<typeof createSuda> => createSuda({ data, page: false, identity: byCookie });
    const server = createServer(plain);
    const port = await listening(context, server);
    const first = new Embedded(await open(), port);
    first.suda.attach(server);
    const cookie = cookieOf(mina);
    const room = await first.suda.createRoom({ name: 'Support', kind: 'private' }, { as: mina });
    await first.suda.post(room.id, 'before', { as: mina });
    const socket = await first.socket(cookie);
    await socket.ask('room.open', { room: room.id });
    const stream = await first.stream(`?room=${room.id}`, cookie);
    const { json } = await first.call('GET', `/v1/poll?room=${room.id}&wait=0`, { headers: cookie });
    const held = first.call('GET', `/v1/poll?room=${room.id}&cursor=${json.cursor}&wait=50`, { headers: cookie });
    // A second poll that is answered shows that the first is being held.
    await first.call('GET', `/v1/poll?room=${room.id}&wait=0`, { headers: cookie });
    const polling = await first.socketIo({ transports: ['polling'], extraHeaders: cookie, reconnection: false });
    const gone = polling.disconnected();

    await within('the end', Promise.all([first.suda.close(), first.suda.close()]));
    assert.equal((await within('the poll', held)).status, 200);
    assert.equal((await within('the socket', socket.closed)).code, 4501);
    assert.ok(socket.events.all.some(({ event }) => event === 'drain'));
    await within('the stream', stream.ended);
    await gone;
    assert.equal(await (await fetch(first.url)).text(), 'the host: GET /chat');
    await assert.rejects(first.suda.post(room.id, 'after', { as: mina }), { code: 'unavailable' });

    const second = new Embedded(await open(), port);
    context.after(() => second.suda.close());
    second.suda.attach(server);
    const texts = (await second.ask('message.list', { room: room.id }, undefined, cookie)).messages.map(({ text }) => text);
    assert.deepEqual(texts, ['', 'before']);
  });
});
