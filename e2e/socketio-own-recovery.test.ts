// What docs/socketio-recovery.md says of Socket.IO 4.8's own connection state recovery, seen happening.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket as TcpSocket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { Server } from 'socket.io';
import { type IoOptions, SocketIo } from './wire/socketio.ts';

interface Peer {
  readonly io: Server;
  readonly port: number;
  readonly url: string;
  /** Ids that came in, those that were recovered, and what was said. */
  readonly came: string[];
  readonly recovered: string[];
  readonly heard: string[];
  checked: number;
  close(): Promise<void>;
}

/** Socket.IO as its page on recovery sets it up; what it hears it says to everybody. */
async function peer(context: TestContext, port = 0, lasts = 120_000): Promise<Peer> {
  const http = createServer();
  const io = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: lasts } });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= io.close();
    return closing;
  };
  context.after(close);
  const address = http.address() as AddressInfo;
  const made: Peer = {
    io,
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    came: [],
    recovered: [],
    heard: [],
    checked: 0,
    close,
  };
  io.use((_socket, next) => {
    made.checked++;
    next();
  });
  io.on('connection', (socket) => {
    (socket.recovered ? made.recovered : made.came).push(socket.id);
    socket.on('say', (text: string, answer?: () => void) => {
      made.heard.push(text);
      io.emit('said', text);
      answer?.();
    });
  });
  return made;
}

async function join(context: TestContext, url: string, options: IoOptions = {}): Promise<SocketIo> {
  const socket = await SocketIo.connect(url, { transports: ['websocket'], ...options });
  context.after(() => socket.close());
  return socket;
}

const texts = (socket: SocketIo): unknown[] => socket.events.all.map(({ data }) => data);

/** Waits for the next `connect`. */
const again = (socket: SocketIo): Promise<void> => new Promise((resolve) => socket.client.once('connect', resolve));

/** Cuts a client off for as long as something takes. @returns whether it was recovered */
async function away(socket: SocketIo, run: () => unknown): Promise<boolean> {
  socket.client.io.reconnection(false);
  const gone = socket.disconnected();
  socket.client.io.engine.close();
  await gone;
  await run();
  const back = again(socket);
  socket.client.connect();
  await back;
  await socket.client.timeout(5_000).emitWithAck('say', 'back');
  return socket.client.recovered;
}

describe('Socket.IO’s own recovery', () => {
  it('works for a short cut, and then asks no middleware again', async (context) => {
    const server = await peer(context);
    const socket = await join(context, server.url);
    server.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const gone = new Promise((resolve) => server.io.sockets.sockets.get(socket.client.id ?? '')?.once('disconnect', resolve));
    const recovered = await away(socket, async () => {
      await gone;
      server.io.emit('said', 'two');
    });
    assert.equal(recovered, true);
    assert.deepEqual(texts(socket), ['one', 'two', 'back']);
    assert.equal(server.checked, 1);
  });

  it('has forgotten everything when the server restarts', async (context) => {
    const first = await peer(context);
    const socket = await join(context, first.url);
    first.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    let second: Peer | undefined;
    const recovered = await away(socket, async () => {
      first.io.emit('said', 'two');
      await first.close();
      second = await peer(context, first.port);
    });
    assert.equal(recovered, false);
    assert.deepEqual([second?.came.length, texts(socket)], [1, ['one', 'back']]);
  });

  it('knows nobody whom another process knew', async (context) => {
    const [first, second] = [await peer(context), await peer(context)];
    const socket = await join(context, first.url);
    first.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const recovered = await away(socket, () => {
      // As a balancer without stickiness does.
      Object.assign(socket.client.io, { uri: second.url });
    });
    assert.deepEqual([recovered, second.came.length], [false, 1]);
  });

  it('lasts two minutes by default, and no longer than it was told', async (context) => {
    const defaults = new Server({ connectionStateRecovery: {} });
    const { connectionStateRecovery } = (defaults as unknown as { opts: { connectionStateRecovery: object } }).opts;
    assert.deepEqual(connectionStateRecovery, { maxDisconnectionDuration: 120_000, skipMiddlewares: true });
    const server = await peer(context, 0, -1);
    const socket = await join(context, server.url);
    server.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const gone = new Promise((resolve) => server.io.sockets.sockets.get(socket.client.id ?? '')?.once('disconnect', resolve));
    assert.equal(await away(socket, () => gone), false);
  });

  it('has nothing for a client that had received nothing', async (context) => {
    const server = await peer(context);
    const socket = await join(context, server.url);
    const recovered = await away(socket, () => server.io.emit('said', 'missed'));
    assert.deepEqual([recovered, texts(socket)], [false, ['back']]);
  });

  it('has nothing for a client that is back before the server noticed that it was gone', async (context) => {
    const server = await peer(context);
    // A way that ends on the client's side alone: the server is left with a connection on which nothing comes any more.
    const ways: TcpSocket[] = [];
    const proxy = createTcpServer((client) => {
      const upstream = connect(server.port, '127.0.0.1');
      ways.push(client, upstream);
      for (const socket of [client, upstream]) socket.on('error', () => {});
      client.on('data', (chunk) => upstream.write(chunk));
      upstream.on('data', (chunk) => client.destroyed || client.write(chunk));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    context.after(() => {
      for (const way of ways) way.destroy();
      proxy.close();
    });
    const socket = await join(context, `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    server.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const back = again(socket);
    const gone = socket.disconnected();
    ways[0]?.destroy();
    server.io.emit('said', 'two');
    await gone;
    await back;
    await socket.client.timeout(5_000).emitWithAck('say', 'back');
    const { recovered } = socket.client;
    // The server would wait half a minute for its goodbye to be answered.
    for (const way of ways) way.destroy();
    assert.deepEqual([recovered, texts(socket)], [false, ['one', 'back']]);
  });

  it('has nothing for another page, and nothing after `disconnect()`', async (context) => {
    const server = await peer(context);
    const socket = await join(context, server.url);
    server.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const gone = new Promise((resolve) => server.io.sockets.sockets.get(socket.client.id ?? '')?.once('disconnect', resolve));
    socket.close();
    await gone;
    server.io.emit('said', 'two');
    const back = again(socket);
    socket.client.connect();
    await back;
    const reloaded = await join(context, server.url);
    await reloaded.client.timeout(5_000).emitWithAck('say', 'back');
    await socket.events.first('back', ({ data }) => data === 'back');
    assert.deepEqual([server.recovered, texts(socket), texts(reloaded)], [[], ['one', 'back'], ['back']]);
  });

  it('keeps no event that asks for an acknowledgement', async (context) => {
    const server = await peer(context);
    const socket = await join(context, server.url);
    server.io.emit('said', 'one');
    await socket.events.first('one', ({ data }) => data === 'one');
    const there = server.io.sockets.sockets.get(socket.client.id ?? '');
    const gone = new Promise((resolve) => there?.once('disconnect', resolve));
    const recovered = await away(socket, async () => {
      server.io.timeout(50).emit('said', 'with acknowledgement', () => {});
      await gone;
      server.io.emit('said', 'without');
    });
    assert.deepEqual([recovered, texts(socket)], [true, ['one', 'without', 'back']]);
  });

  it('does not make one of what a client says twice', async (context) => {
    const server = await peer(context);
    const socket = await join(context, server.url, { retries: 5, ackTimeout: 200 });
    server.io.sockets.sockets.get(socket.client.id ?? '')?.once('say', () => socket.client.io.engine.close());
    await socket.client.emitWithAck('say', 'once?');
    assert.deepEqual(server.heard, ['once?', 'once?']);
  });
});
