import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byCookie, cookieOf, Embedded } from './wire/host.ts';

const mina = { id: '1', name: 'Mina' };
const jihun = { id: '2', name: 'Jihun' };

describe('an application’s own events beside the chat', () => {
  it('P5 R10.1 every client of the chat is a socket: Socket.IO, WebSocket, event stream, long poll', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const { io } = host.suda;
    const came: [string, string][] = [];
    io.on('connection', (socket) => {
      came.push([socket.conn.transport.name, socket.data.user]);
      socket.join('shop');
      socket.on('double', (n: number, acknowledge) => acknowledge(n * 2));
    });
    const headers = cookieOf(mina);
    const id = host.suda.idOf(mina.id);
    const socketIo = await host.socketIo({ extraHeaders: headers, transports: ['websocket'] });
    context.after(() => socketIo.close());
    const native = await host.socket(headers);
    context.after(() => native.ws.terminate());
    await host.ask('room.join', { room: 'lobby' }, undefined, headers);
    const stream = await host.stream('?room=lobby', headers);
    context.after(() => stream.close());
    assert.equal(await socketIo.client.emitWithAck('double', 21), 42);
    native.ws.send('{"event":"double","data":4,"id":"mine"}');
    assert.equal((await native.frames.first('the answer', ({ reply }) => reply === 'mine')).data, 8);
    // The chat goes on beside it, on the same connection.
    const { pos } = await socketIo.ask('message.send', { room: 'lobby', clientId: 'one', text: 'hello' });
    assert.ok(pos > 0);
    const poll = host.call('GET', '/v1/poll?events=1&wait=20', { headers });
    while (came.length < 4) await new Promise((resolve) => setImmediate(resolve));
    io.to('shop').emit('sale', { percent: 30 });
    const sale = ({ event }: { event: string }): boolean => event === 'sale';
    assert.deepEqual((await socketIo.events.first('sale', sale)).data, { percent: 30 });
    assert.deepEqual((await native.events.first('sale', sale)).data, { percent: 30 });
    assert.deepEqual((await stream.events.first('sale', sale)).data, { percent: 30 });
    assert.deepEqual((await poll).json.events.find(sale), { event: 'sale', data: { percent: 30 } });
    assert.deepEqual(came.map(([transport]) => transport).sort(), ['polling', 'sse', 'websocket', 'websocket']);
    assert.deepEqual(new Set(came.map(([, user]) => user)), new Set([id]));
  });

  it('P7 R10.3 commands stay the chat’s, and a room of the application is none of the chat', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const { suda } = host;
    let stolen = 0;
    suda.io.on('connection', (socket) => {
      socket.on('message.send', () => stolen++);
      socket.on('enter', (room: string, acknowledge) => {
        socket.join(room);
        acknowledge();
      });
    });
    const room = await suda.createRoom({ name: 'Secret', kind: 'private' }, { as: mina });
    const spy = await host.socketIo({ extraHeaders: cookieOf(jihun) });
    context.after(() => spy.close());
    for (const name of [room.id, `room:${room.id}`, 'lobby']) await spy.client.emitWithAck('enter', name);
    await suda.post(room.id, 'for us alone', { as: mina });
    await assert.rejects(spy.ask('message.send', { room: room.id, clientId: 'x', text: 'let me in' }), /no such room/);
    await spy.caughtUp();
    assert.deepEqual([spy.said(room.id), stolen], [[], 0]);
  });

  it('R10.6 R10.7 namespaces and middlewares beside the chat', async (context) => {
    const host = await Embedded.open(context, { identity: byCookie });
    const { io } = host.suda;
    io.of('/admin').use((socket, next) => {
      if (socket.data.user === host.suda.idOf(mina.id)) next();
      else next(new Error('for Mina alone'));
    });
    io.of('/admin').on('connection', (socket) => socket.emit('welcome'));
    const url = `${host.origin}/admin`;
    const { io: connect } = await import('socket.io-client');
    const options = { path: `${host.suda.path}/socket.io/`, forceNew: true, reconnection: false } as const;
    const welcome = connect(url, { ...options, extraHeaders: cookieOf(mina) });
    context.after(() => void welcome.disconnect());
    await new Promise<void>((resolve, reject) => welcome.once('welcome', resolve).once('connect_error', reject));
    const refused = connect(url, { ...options, extraHeaders: cookieOf(jihun) });
    context.after(() => void refused.disconnect());
    const error = await new Promise<Error>((resolve) => refused.once('connect_error', resolve));
    assert.equal(error.message, 'for Mina alone');
    const nowhere = connect(`${host.origin}/nowhere`, { ...options, extraHeaders: cookieOf(mina) });
    context.after(() => void nowhere.disconnect());
    assert.equal((await new Promise<Error>((resolve) => nowhere.once('connect_error', resolve))).message, 'Invalid namespace');
  });
});
