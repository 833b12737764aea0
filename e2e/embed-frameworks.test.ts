import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { afterMiddleware } from '@suda/server';
import express, { type Request, type RequestHandler } from 'express';
import Fastify from 'fastify';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { byCookie, cookieOf, Embedded, inMemory, listening } from './wire/host.ts';
import { within } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import { travels } from './wire/socketio.ts';

const mina = { id: '42', name: 'Mina' };

interface WithSession extends Omit<Request, 'session'> {
  session?: { user?: { id: string; name: string } };
}

/** As express-session does it: the cookie has an id, the rest is kept on the server, and looked up asynchronously. */
function sessions(kept: ReadonlyMap<string, { id: string; name: string }>): RequestHandler {
  return (request, response, next) => {
    const id = /(?:^|; )sid=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
    const user = kept.get(id);
    (request as WithSession).session = user === undefined ? {} : { user };
    response.setHeader('x-session', id);
    setImmediate(() => next());
  };
}

/** The same conversation over every transport. */
async function everyDoor(host: Embedded, headers: Record<string, string>): Promise<void> {
  const room = await host.suda.createRoom({ name: 'Support', kind: 'private' }, { as: mina });
  const id = host.suda.idOf('42');
  assert.equal((await host.ask('hello', {}, undefined, headers)).user.id, id);
  const socket = await host.socket(headers);
  await socket.ask('room.open', { room: room.id });
  const stream = await host.stream(`?room=${room.id}`, headers);
  const clients = await Promise.all(
    travels.map(([, travel]) => host.socketIo({ ...travel, extraHeaders: headers, auth: { rooms: [{ room: room.id }] } })),
  );
  for (const client of clients) await client.events.first('the room', ({ event }) => event === 'reset');
  await host.ask('message.send', { room: room.id, clientId: 'c', text: '안녕' }, undefined, headers);
  for (const { events } of [socket, stream, ...clients]) {
    assert.equal((await events.first('the message', ({ event }) => event === 'message')).data.text, '안녕');
  }
  await stream.close();
  await socket.close();
  for (const client of clients) client.close();
}

describe('inside Express 5', () => {
  it('P5 knows people by the application’s session, on sockets too; the application’s routes stay its own', async (context) => {
    const session = sessions(new Map([['abc', mina]]));
    const app = express();
    app.use(session);
    app.use(express.json());
    app.get('/', (request, response) => void response.json((request as WithSession).session?.user ?? null));
    app.post('/echo', (request, response) => void response.json(request.body));
    app.use((_request, response) => void response.status(404).send('the host’s own 404'));
    const suda = await inMemory({ identity: afterMiddleware(session, (request: WithSession) => request.session?.user) });
    context.after(() => suda.close());
    const server = createServer(app);
    const host = new Embedded(suda, await listening(context, server));
    suda.attach(server);

    await everyDoor(host, { cookie: 'sid=abc' });
    assert.equal(await refusalOf(host.ask('room.list', {}, undefined, { cookie: 'sid=suda' })), 'unauthenticated');
    const outside = (path: string, init?: RequestInit) => fetch(host.origin + path, init);
    assert.deepEqual(await (await outside('/', { headers: { cookie: 'sid=abc' } })).json(), mina);
    const echo = await outside('/echo', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":1}' });
    assert.deepEqual(await echo.json(), { a: 1 });
    assert.equal(await (await outside('/v1/rooms')).text(), 'the host’s own 404');
  });

  it('middleware that answers instead of going on knows nobody; one that fails says: try again', async (context) => {
    const redirecting: RequestHandler = (_request, response) => void response.writeHead(302, { location: '/login' }).end();
    const failing: RequestHandler = (_request, _response, next) => next(new Error('the session store is away'));
    for (const [middleware, code] of [
      [redirecting, 'unauthenticated'],
      [failing, 'unavailable'],
    ] as const) {
      const host = await Embedded.open(context, {
        identity: afterMiddleware([middleware], () => mina),
        logger: pino({ level: 'silent' }),
      });
      assert.equal(await refusalOf(host.ask('room.list', {})), code);
    }
  });
});

describe('inside Fastify 5', () => {
  it('P5 as a plugin: every transport, at every address of localhost, and the application’s own routes', async (context) => {
    const app = Fastify();
    const suda = await inMemory({ identity: byCookie });
    const hooked: string[] = [];
    app.addHook('onRequest', async (request) => void hooked.push(request.url));
    app.get('/', async () => 'the host');
    app.post('/echo', async (request) => request.body);
    await app.register(suda.fastify);
    await app.listen({ port: 0 });
    context.after(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    await everyDoor(new Embedded(suda, port), cookieOf(mina));
    assert.ok(hooked.includes('/chat/v1/session'));
    for (const { address, family } of app.addresses() as AddressInfo[]) {
      const origin = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
      assert.equal(await (await fetch(origin)).text(), 'the host');
      assert.equal((await fetch(`${origin}/chat/v1/rooms`)).status, 401);
      assert.equal((await fetch(`${origin}/chat/v1/nothing`)).status, 404);
    }
    const echo = await fetch(`http://127.0.0.1:${port}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    });
    assert.deepEqual(await echo.json(), { a: 1 });
  });

  it('R5.9 R7.2 closes with the application: polls are answered, sockets sent away, nothing keeps it open', async () => {
    const app = Fastify();
    const suda = await inMemory({ identity: byCookie });
    await app.register(suda.fastify);
    await app.listen({ port: 0, host: '127.0.0.1' });
    const host = new Embedded(suda, (app.server.address() as AddressInfo).port);
    const headers = cookieOf(mina);
    await host.ask('room.join', { room: 'lobby' }, undefined, headers);
    const socket = await host.socket(headers);
    const stream = await host.stream('?room=lobby', headers);
    const { json } = await host.call('GET', '/v1/poll?room=lobby&wait=0', { headers });
    const held = host.call('GET', `/v1/poll?room=lobby&cursor=${json.cursor}&wait=50`, { headers });
    await host.call('GET', '/v1/poll?room=lobby&wait=0', { headers });
    await within('the end of the application', app.close());
    assert.equal((await held).status, 200);
    assert.equal((await socket.closed).code, 4501);
    await within('the stream', stream.ended);
    await assert.rejects(suda.post('lobby', 'late', { as: mina }), { code: 'unavailable' });
  });

  it('P8 under a prefix it is refused with the way to do it', async () => {
    const app = Fastify();
    const suda = await inMemory();
    await assert.rejects(async () => app.register(suda.fastify, { prefix: '/api' }), /option "path" of createSuda/);
    await suda.close();
    await app.close();
  });

  it('attached to its server by hand, beside a WebSocket server of its own', async (context) => {
    const app = Fastify();
    app.get('/', async () => 'the host');
    const suda = await inMemory({ identity: byCookie });
    suda.attach(app.server);
    const own = new WebSocketServer({ server: app.server, path: '/own' });
    await app.listen({ port: 0, host: '127.0.0.1' });
    context.after(async () => {
      await suda.close();
      own.close();
      await app.close();
    });
    await everyDoor(new Embedded(suda, (app.server.address() as AddressInfo).port), cookieOf(mina));
  });
});
