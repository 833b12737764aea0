import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { SudaError } from '@suda/protocol';
import { Server } from '../../api/server.ts';
import type { Socket } from '../../api/socket.ts';
import { Realtime } from '../../realtime.ts';
import { EngineStage, until } from '../../testing/engine-client.ts';
import { type SocketIoOptions, socketIoServer } from './socketio.ts';

interface Scene {
  readonly stage: EngineStage;
  readonly sockets: Socket[];
  readonly ends: string[];
  readonly io: Server;
}

/** An application: `echo` on sessions; `message` and `message-with-ack` with all their arguments. */
async function scene(context: TestContext, options: SocketIoOptions = {}): Promise<Scene> {
  const sockets: Socket[] = [];
  const ends: string[] = [];
  let io = new Server({ realtime: new Realtime({ heartbeat: 1e9 }) });
  const stage = await EngineStage.open(context, (realtime) => {
    realtime.on('connection', (session) => {
      session.on('echo', (data, reply) => reply(data));
      session.on('fail', () => {
        throw new SudaError('not_allowed');
      });
    });
    realtime.handle(() => {
      throw new SudaError('unknown_command');
    });
    realtime.on('end', (_session, reason) => ends.push(reason));
    io = new Server({ realtime });
    const welcome = (socket: Socket): void => {
      sockets.push(socket);
      socket.on('message', (...args) => socket.emit('back', ...args));
      socket.on('message-with-ack', (...args) => args.pop()(...args));
      socket.on('throw', () => {
        throw new Error('a mistake of the application');
      });
    };
    io.on('connection', welcome);
    io.of('/custom', welcome);
    return socketIoServer(realtime, { ...io.doors(), connectTimeout: 1_000, ...options });
  });
  return { stage, sockets, ends, io };
}

describe('Socket.IO namespaces', () => {
  it('R9.1 a client is in once it has said CONNECT; its id is the session’s', async (context) => {
    const { stage, sockets } = await scene(context);
    const socket = await stage.open();
    socket.send('40{"token":"123"}');
    const { sid, ...rest } = JSON.parse((await socket.text()).slice(2));
    assert.deepEqual(rest, {});
    assert.equal(stage.realtime.sessions.get(sid)?.transport, 'socketio');
    assert.deepEqual(sockets[0]?.handshake.auth, { token: '123' });
  });

  it('R9.1 namespaces of one connection are sessions of their own', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    socket.send('40/custom,{"a":1}');
    assert.match(await socket.text(), /^40\/custom,\{"sid":"/);
    assert.equal(stage.realtime.sessions.size, 2);
    socket.send('42/custom,7["echo",{"n":1}]', '427["echo",{"n":2}]');
    assert.deepEqual([await socket.next(), await socket.next()].sort(), ['43/custom,7[{"data":{"n":1}}]', '437[{"data":{"n":2}}]']);
  });

  it('R9.1 a namespace that is not there is refused, and the connection stays', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.open();
    socket.send('40/random');
    assert.equal(await socket.next(), '44/random,{"message":"Invalid namespace"}');
    socket.send('40');
    assert.match(await socket.text(), /^40\{/);
  });

  it('R9.4 whom the door refuses gets the refusal with CONNECT_ERROR', async (context) => {
    const { stage } = await scene(context, {
      connect: ({ auth }) => {
        if ((auth as { token?: string }).token !== 'sesame') throw new SudaError('unauthenticated');
      },
    });
    const socket = await stage.open();
    socket.send('40{"token":"wrong"}');
    const { message, data } = JSON.parse((await socket.text()).slice(2));
    assert.deepEqual([data.code, data.message], ['unauthenticated', message]);
    socket.send('40{"token":"sesame"}');
    assert.match(await socket.text(), /^40\{/);
  });

  it('R9.4 a refusal that may pass ends the connection instead: clients come back from that by themselves', async (context) => {
    const mistake = new Error('a mistake of the door');
    for (const error of [new SudaError('rate_limited', undefined, 10), mistake]) {
      const { stage } = await scene(context, {
        connect: () => {
          throw error;
        },
      });
      const socket = await stage.open();
      socket.send('40');
      await socket.end();
      assert.deepEqual([socket.all.length, stage.errors], [1, error === mistake ? [mistake] : []]);
    }
  });

  it('R9.1 a mistake in the application’s welcome is reported, and the client is in', async (context) => {
    const { stage, io } = await scene(context);
    io.on('connection', async () => {
      throw new Error('a mistake of the application');
    });
    const socket = await stage.enter();
    socket.send('421["echo",1]');
    assert.equal(await socket.next(), '431[{"data":1}]');
    assert.equal(stage.errors.length, 1);
  });

  it('R9.1 who is in no namespace in time is sent away', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.open();
    await stage.clock.pass(1_000);
    await socket.end();
  });

  it('R9.9 who leaves a namespace keeps the connection, and may come back', async (context) => {
    const { stage, ends } = await scene(context);
    const socket = await stage.enter();
    socket.send('41', '42["echo",{}]', '40');
    assert.match(await socket.text(), /^40\{/);
    assert.deepEqual(ends, ['left']);
    await stage.clock.pass(2_000);
    assert.equal(stage.engines.size, 1);
  });

  it('R9.9 who leaves while the door is still asked is not in', async (context) => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const { stage } = await scene(context, { connect: () => gate });
    const socket = await stage.open();
    socket.send('40', '41', '40/random');
    assert.match(await socket.text(), /Invalid/);
    open();
    socket.send('40/custom');
    assert.match(await socket.text(), /^40\/custom/);
    assert.equal(stage.realtime.sessions.size, 1);
  });

  it('R9.9 a session that is ended for good gets DISCONNECT; one that shall come back loses its connection', async (context) => {
    const { stage, sockets } = await scene(context);
    const [one, two] = [await stage.enter(), await stage.enter()];
    const [first, second] = [...stage.realtime.sessions.values()];
    first?.emit('bye', {});
    first?.close('sessionEnded');
    assert.deepEqual([await one.next(), await one.next()], ['42["bye",{}]', '41']);
    one.send('40');
    assert.match(await one.text(), /^40\{/);
    second?.tell('drain', { reconnectIn: 5 });
    second?.close('draining');
    assert.equal(await two.next(), '42["drain",{"reconnectIn":5}]');
    await two.end();
    assert.equal(sockets.length, 3);
  });
});

describe('Socket.IO events', () => {
  it('R9.2 an acknowledgement is {data} or {error}', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    socket.send('421["echo",{"n":1}]', '422["fail"]', '423["nothing",{}]', '424["echo",1,2]', '425["ping"]');
    const answers = await Promise.all(Array.from({ length: 5 }, () => socket.text()));
    const byId = new Map(answers.map((text) => [text.slice(0, 3), JSON.parse(text.slice(3))[0]]));
    assert.deepEqual(byId.get('431'), { data: { n: 1 } });
    assert.equal(byId.get('432').error.code, 'not_allowed');
    assert.equal(byId.get('433').error.code, 'unknown_command');
    assert.equal(byId.get('434').error.code, 'invalid');
    assert.deepEqual(byId.get('435'), { data: {} });
  });

  it('R9.2 who asks for no acknowledgement hears of a refusal by the event error', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    socket.send('42["fail",{}]');
    const [name, { code, command }] = JSON.parse((await socket.text()).slice(2));
    assert.deepEqual([name, code, command], ['error', 'not_allowed', 'fail']);
  });

  it('R9.2 an application gets all arguments, bytes too, and answers with as many', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    socket.send('42["message",1,"2",{"3":[true]}]');
    assert.equal(await socket.next(), '42["back",1,"2",{"3":[true]}]');
    const two = '{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}';
    socket.send(`452-789["message-with-ack",${two}]`, Uint8Array.of(1, 2, 3), Uint8Array.of(4));
    assert.deepEqual(
      [await socket.next(), await socket.next(), await socket.next()],
      [`462-789[${two}]`, Buffer.of(1, 2, 3), Buffer.of(4)],
    );
  });

  it('R9.2 bytes travel over polls as well', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    await stage.post(sid, '40');
    assert.match((await stage.poll(sid)).body, /^40\{/);
    await stage.post(sid, '451-["message",{"_placeholder":true,"num":0}]\x1ebAQIDBA==');
    assert.equal((await stage.poll(sid)).body, '451-["back",{"_placeholder":true,"num":0}]\x1ebAQIDBA==');
  });

  it('R9.2 the server asks, and the client acknowledges, or is too late, or is gone', async (context) => {
    const { stage, sockets } = await scene(context);
    const client = await stage.enter();
    const [socket] = sockets;
    assert.ok(socket);
    const answered = socket.timeout(100).emitWithAck('question', { n: 1 });
    assert.equal(await client.next(), '420["question",{"n":1}]');
    client.send('430["yes",2]', '430["twice"]', '4399["nobody asked"]');
    assert.equal(await answered, 'yes');
    const late = assert.rejects(socket.timeout(100).emitWithAck('question'), /timed out/);
    await client.next();
    await stage.clock.pass(100);
    await late;
    const gone = assert.rejects(socket.timeout(100).emitWithAck('question'), /disconnected/);
    client.send('41');
    await gone;
    await assert.rejects(socket.timeout(100).emitWithAck('question'), /disconnected/);
  });

  it('R9.2 a mistake in an application’s handler is reported, and the connection stays', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    socket.send('42["throw"]', '421["echo",1]');
    assert.equal(await socket.next(), '431[{"data":1}]');
    assert.equal(stage.errors.length, 1);
  });

  it('R9.3 a broadcast is encoded once, and reaches polls and WebSockets alike', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    await stage.post(sid, '40');
    await stage.poll(sid);
    const [one, two] = [await stage.enter(), await stage.enter()];
    let encoded = 0;
    const sessions = [...stage.realtime.sessions.values()];
    for (const session of sessions) session.join('hall');
    const data = {
      toJSON: () => {
        encoded++;
        return { text: '안녕' };
      },
    };
    stage.realtime.to('hall').emit('news', data);
    stage.realtime.to('hall').emit('news', { second: true });
    const both = ['42["news",{"text":"안녕"}]', '42["news",{"second":true}]'];
    assert.equal((await stage.poll(sid)).body, both.join('\x1e'));
    for (const socket of [one, two]) assert.deepEqual([await socket.next(), await socket.next()], both);
    assert.equal(encoded, 1);
    assert.equal(new Set(sessions.map(({ encoding }) => encoding)).size, 1);
  });
});

describe('Socket.IO: what breaks the protocol ends the connection', () => {
  const eleven = Array.from({ length: 11 }, (_, num) => `{"_placeholder":true,"num":${num}}`).join(',');
  for (const [what, ...packets] of [
    ['an unknown packet type', '4abc'],
    ['an event that is not a list', '42{}'],
    ['an acknowledgement id that is none', '42abc["echo",1]'],
    ['an acknowledgement id beyond all numbers', `42${'9'.repeat(40)}["echo",1]`],
    ['broken JSON', '42["echo"'],
    ['a reserved event name', '42["disconnect"]'],
    ['a second CONNECT', '40'],
    ['a CONNECT_ERROR', '44{}'],
    ['eleven attachments', `4511-["message",${eleven}]`],
    ['bytes that nobody announced', Uint8Array.of(1)],
    ['text where bytes were announced', '451-["message",{"_placeholder":true,"num":0}]', '42["echo"]'],
    ['an attachment that is not there', '451-["message",{"_placeholder":true,"num":5}]', Uint8Array.of(1)],
    ['nothing', '4'],
  ] as readonly (readonly [string, ...(string | Uint8Array)[]])[])
    it(`R9.8 ${what}`, async (context) => {
      const { stage, ends } = await scene(context);
      const socket = await stage.enter();
      socket.send(...packets);
      await socket.end();
      assert.deepEqual(ends, ['parse error']);
      assert.equal(stage.engines.size, 0);
    });

  it('R9.8 ten attachments are fine', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    const ten = Array.from({ length: 10 }, (_, num) => `{"_placeholder":true,"num":${num}}`).join(',');
    socket.send(`4510-["message",${ten}]`, ...Array.from({ length: 10 }, (_, i) => Uint8Array.of(i)));
    assert.equal(await socket.next(), `4510-["back",${ten}]`);
  });

  it('R9.3 an application cannot say a reserved name either', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.enter();
    const [session] = stage.realtime.sessions.values();
    assert.throws(() => session?.emit('disconnect', {}), /reserved/);
    assert.throws(() => stage.realtime.emit('connect', {}), /reserved/);
    session?.emit('fine', {});
    assert.equal(await socket.next(), '42["fine",{}]');
  });
});

describe('Socket.IO beside others', () => {
  it('R9.10 a session that does not poll is not pushed to beyond the bound', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    await stage.post(sid, '40');
    await stage.poll(sid);
    const [session] = stage.realtime.sessions.values();
    session?.join('hall');
    for (let i = 0; i < 100; i++) {
      stage.realtime.to('hall').emit('news', { text: 'x'.repeat(10_000) });
      stage.realtime.flush();
    }
    assert.ok((session?.buffered ?? 0) < 300_000);
    assert.equal(session?.congested, true);
    let taken = 0;
    while (session?.buffered) taken += (await stage.poll(sid)).body.length;
    assert.ok(taken > 256 * 1024);
    assert.equal(session?.congested, false);
  });

  it('R9.1 the port is shared: other paths go where they went before', async (context) => {
    const { stage } = await scene(context);
    assert.equal((await stage.call('', {}, '/other')).body, 'somebody else');
    const upgrade = stage.socket('?EIO=4&transport=websocket', '/other');
    await upgrade.end();
  });

  it('R9.4 pages of other origins may read the answers if they were named', async (context) => {
    const stage = await EngineStage.open(context, (realtime) => socketIoServer(realtime), { cors: { origin: ['https://a.example'] } });
    const from = (origin: string, method = 'GET') => stage.call('?EIO=4&transport=polling', { method, headers: { origin } });
    assert.equal((await from('https://a.example')).headers.get('access-control-allow-origin'), 'https://a.example');
    assert.equal((await from('https://b.example')).headers.get('access-control-allow-origin'), null);
    const preflight = await from('https://a.example', 'OPTIONS');
    assert.deepEqual([preflight.status, preflight.headers.get('access-control-allow-methods')], [204, 'GET, POST']);
  });

  it('R9.9 who is about to stop takes nobody in', async (context) => {
    const { stage } = await scene(context);
    const waiting = await stage.open();
    stage.realtime.drain(1_000);
    const { status, body } = await stage.call('?EIO=4&transport=polling');
    assert.deepEqual([status, JSON.parse(body).error.code], [503, 'unavailable']);
    waiting.send('40');
    await waiting.end();
    await until('nobody', () => stage.realtime.sessions.size === 0);
  });
});
