import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Fetch, NodeXHR, type Socket, WebSocket } from 'socket.io-client';
import { FaultyProxy } from './browser/faulty-proxy.ts';
import { PATIENT, protocolTestServer } from './protocol-test.ts';
import { until, within } from './wire/inbox.ts';
import { type IoOptions, SocketIo, travels } from './wire/socketio.ts';
import { Stage } from './wire/stage.ts';

const next = (client: Socket, event: string): Promise<unknown[]> =>
  within(event, new Promise((resolve) => client.once(event, (...args: unknown[]) => resolve(args))));

/** Bytes of any kind as a list, wherever they are. */
function plain(value: unknown): unknown {
  if (value instanceof ArrayBuffer) return [...new Uint8Array(value)];
  if (ArrayBuffer.isView(value)) return [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)];
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
  return value;
}

for (const [how, travel] of travels) {
  describe(`socket.io-client's connection, ${how}`, () => {
    it('R9.2 bytes of every kind, anywhere in the arguments, there and back, in acknowledgements too', async (context) => {
      const server = await protocolTestServer(0, PATIENT);
      context.after(() => server.stop());
      const socket = await SocketIo.connect(`http://localhost:${server.port}`, travel);
      context.after(() => socket.close());
      const { client } = socket;
      const window = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
      const large = Buffer.alloc(200_000, 7);
      const kinds = [Buffer.from([1]), new Uint8Array([1, 2]).buffer, window, { a: [{ b: Buffer.alloc(0) }], c: null }, large];
      const back = next(client, 'message-back');
      client.emit('message', ...kinds);
      assert.deepEqual(plain(await back), plain(kinds));
      const most = Array.from({ length: 10 }, (_, i) => Buffer.from([i]));
      assert.deepEqual(plain(await client.timeout(5_000).emitWithAck('message-with-ack', most)), plain(most));
      // Bytes and words at once, many times: no attachment ends up in another's place.
      const all = await Promise.all(
        Array.from({ length: 50 }, (_, i) => client.timeout(5_000).emitWithAck('message-with-ack', i % 2 ? i : Buffer.from([i]))),
      );
      assert.deepEqual(
        plain(all),
        Array.from({ length: 50 }, (_, i) => (i % 2 ? i : [i])),
      );
    });

    it('R9.8 more attachments than ten end the connection, and the client comes back', async (context) => {
      const server = await protocolTestServer(0, PATIENT);
      context.after(() => server.stop());
      const socket = await SocketIo.connect(`http://localhost:${server.port}`, travel);
      context.after(() => socket.close());
      const { id } = socket.client;
      const gone = socket.disconnected();
      socket.client.emit('message', ...Array.from({ length: 11 }, () => Buffer.from([1])));
      await gone;
      await until('another connection', () => socket.client.connected && socket.client.id !== id);
      assert.equal(await socket.client.timeout(5_000).emitWithAck('message-with-ack', 'fine'), 'fine');
    });

    it('R9.1 two namespaces share a connection: one may leave and return, a cut ends both, and both return', async (context) => {
      const server = await protocolTestServer(0, PATIENT);
      context.after(() => server.stop());
      const main = await SocketIo.connect(`http://localhost:${server.port}`, travel);
      context.after(() => main.close());
      const custom = main.client.io.socket('/custom', { auth: { n: 1 } });
      context.after(() => custom.disconnect());
      assert.deepEqual(await next(custom, 'auth'), [{ n: 1 }]);
      const [mainId, customId] = [main.client.id, custom.id];
      assert.notEqual(mainId, customId);
      custom.disconnect();
      custom.connect();
      await next(custom, 'auth');
      assert.notEqual(custom.id, customId);
      assert.equal(main.client.id, mainId);
      const both = Promise.all([next(main.client, 'disconnect'), next(custom, 'disconnect')]);
      const again = Promise.all([next(main.client, 'auth'), next(custom, 'auth')]);
      main.client.io.engine.close();
      assert.deepEqual(
        (await both).map(([reason]) => reason),
        ['forced close', 'forced close'],
      );
      assert.deepEqual(await again, [[{}], [{ n: 1 }]]);
      assert.equal(await main.client.timeout(5_000).emitWithAck('message-with-ack', 'here'), 'here');
    });

    it('R9.4 R9.9 the state that an application sees: connected, active, id, recovered, and why it is not connected', async (context) => {
      const stage = await Stage.open(context);
      const ann = await stage.person('Ann');
      const proxy = new FaultyProxy(stage.port);
      context.after(() => proxy.close());
      const socket = await SocketIo.connect(await proxy.listen(), { ...travel, auth: { token: ann.token } });
      context.after(() => socket.close());
      const { client } = socket;
      assert.deepEqual([client.connected, client.active], [true, true]);
      const { id } = client;
      proxy.down = true;
      const gone = socket.disconnected();
      proxy.cut();
      assert.match(await gone, /^transport (close|error)$/);
      assert.deepEqual([client.connected, client.active, client.id], [false, true, undefined]);
      await within('a vain attempt', new Promise((resolve) => client.once('connect_error', resolve)));
      assert.equal(client.active, true);
      proxy.down = false;
      await socket.connected();
      // Nothing resumes on this level (R9.5), and the client is told so.
      assert.notEqual(client.id, id);
      assert.ok(!client.recovered);
      const left = socket.disconnected();
      client.disconnect();
      assert.equal(await left, 'io client disconnect');
      assert.deepEqual([client.connected, client.active], [false, false]);
      client.auth = { token: 'wrong' };
      client.connect();
      const [error] = await next(client, 'connect_error');
      assert.equal((error as { data?: { code: string } }).data?.code, 'unauthenticated');
      assert.deepEqual([client.connected, client.active], [false, false]);
      client.auth = { token: ann.token };
      client.connect();
      await next(client, 'connect');
      assert.equal(client.connected, true);
    });
  });
}

describe('socket.io-client’s options', () => {
  const options: readonly (readonly [string, IoOptions, string])[] = [
    ['no slash at the end of the path', { addTrailingSlash: false }, 'websocket'],
    ['no upgrade', { upgrade: false }, 'polling'],
    ['WebSocket first', { transports: ['websocket', 'polling'] }, 'websocket'],
    ['a query of its own', { query: { version: '2', b: '한' } }, 'websocket'],
    ['timestamps', { timestampRequests: true, timestampParam: 'ts' }, 'websocket'],
    ['polling by fetch, with an upgrade', { transports: [Fetch, WebSocket] }, 'websocket'],
    ['polling by fetch', { transports: [Fetch] }, 'polling'],
    ['polling by XMLHttpRequest', { transports: [NodeXHR] }, 'polling'],
    ['transports that this server has not', { transports: ['polling', 'websocket', 'webtransport'] }, 'websocket'],
    ['a protocol of its own', { protocols: ['mine'], transports: ['websocket'] }, 'websocket'],
  ];
  for (const [what, travel, transport] of options) {
    it(`R9.1 ${what}`, async (context) => {
      const stage = await Stage.open(context);
      const { room, people } = await stage.room(['Ann']);
      const socket = await SocketIo.connect(stage.url, { ...travel, auth: { token: people[0].token, rooms: [{ room }] } });
      context.after(() => socket.close());
      await until('the transport', () => socket.client.io.engine.transport.name === transport);
      const { pos } = await socket.ask('message.send', { room, clientId: 'c', text: 'hello' });
      const { data } = await socket.events.first('it', ({ event }) => event === 'message');
      assert.equal(data.pos, pos);
    });
  }

  it('R9.1 a client whose WebSocket is refused on the way goes on by polling', async (context) => {
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann']);
    const proxy = new FaultyProxy(stage.port);
    context.after(() => proxy.close());
    proxy.refuseUpgrade = true;
    const url = await proxy.listen();
    for (const travel of [{}, { transports: ['websocket', 'polling'], tryAllTransports: true }]) {
      const socket = new SocketIo(url, { ...travel, auth: { token: people[0].token, rooms: [{ room }] } });
      context.after(() => socket.close());
      await socket.connected();
      await socket.ask('message.send', { room, clientId: 'c', text: 'hello' });
      assert.equal(socket.client.io.engine.transport.name, 'polling');
    }
  });
});
