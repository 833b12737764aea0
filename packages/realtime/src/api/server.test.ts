import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { ApiStage, Heard, Native } from '../testing/api-stage.ts';
import { Server, type Socket } from './index.ts';

const travels = [['polling'], ['websocket'], ['polling', 'websocket']] as const;

/** All arguments of one event, as they come. */
const all = (client: { on(event: string, listener: (...args: unknown[]) => void): unknown }, event: string): Heard<unknown[]> => {
  const heard = new Heard<unknown[]>();
  client.on(event, (...args) => heard.push(args));
  return heard;
};

describe('an application’s own events', () => {
  for (const transports of travels) {
    it(`R10.1 R10.2 Socket.IO over ${transports.join(' and ')}: arguments, bytes, acknowledgements both ways`, async (context) => {
      const stage = await ApiStage.open(context);
      stage.io.on('connection', (socket) => {
        socket.on('echo', (...args) => {
          const acknowledge = args.pop();
          acknowledge(...args);
        });
        socket.on('ask me', async (acknowledge) => acknowledge(await socket.timeout(5_000).emitWithAck('question', 1, { two: [2] })));
      });
      const client = await stage.connected('/', { transports: [...transports] });
      client.on('question', (one, { two }, acknowledge) => acknowledge([one, ...two, 3]));
      const [text, { deep }] = await new Promise<[string, { deep: Uint8Array[] }]>((resolve) => {
        client.emit('echo', 'text', { deep: [Buffer.from([1, 2, 3])] }, (...args: [string, { deep: Uint8Array[] }]) => resolve(args));
      });
      assert.deepEqual([text, [...new Uint8Array(deep[0] ?? [])]], ['text', [1, 2, 3]]);
      assert.deepEqual(await client.emitWithAck('ask me'), [1, 2, 3]);
    });
  }

  it('R10.1 a native WebSocket gets one argument as data, several as a list, bytes as base64', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.emit('none');
      socket.emit('one', { a: 1 });
      socket.emit('several', 1, 'zwei', [3]);
      socket.emit('bytes', { file: Buffer.from('수다') });
      socket.on('add', (numbers: number[], acknowledge) => acknowledge(numbers.reduce((a, b) => a + b)));
    });
    const client = await stage.native();
    client.say({ event: 'add', data: [1, 2, 3], id: 7 });
    await client.heard.until('all five', ({ length }) => length === 5);
    assert.deepEqual(client.heard.all, [
      { event: 'none', data: null },
      { event: 'one', data: { a: 1 } },
      { event: 'several', data: [1, 'zwei', [3]] },
      { event: 'bytes', data: { file: Buffer.from('수다').toString('base64') } },
      { reply: 7, data: 6 },
    ]);
  });

  it('R10.2 a native WebSocket is asked with an id, and answers with reply', async (context) => {
    const stage = await ApiStage.open(context);
    const answers = new Heard<unknown>();
    stage.io.on('connection', async (socket) => {
      answers.push(await socket.timeout(5_000).emitWithAck('how many?', 'apples'));
      await socket
        .timeout(20)
        .emitWithAck('silence')
        .catch((error: Error) => answers.push(error.message));
    });
    const client = await stage.native();
    const [{ id }] = (await client.heard.until('the question', ({ length }) => length === 1)) as [{ id: number }];
    assert.deepEqual(client.heard.all, [{ event: 'how many?', data: 'apples', id }]);
    client.say({ reply: 99, data: 'nobody asked' });
    client.say({ reply: id, data: 12 });
    await answers.until('both', ({ length }) => length === 2);
    assert.deepEqual(answers.all, [12, 'operation has timed out']);
  });

  it('R10.1 R10.9 an event stream and a long poll hear what is said to everyone and to rooms', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.join(`readers of ${socket.handshake.query.paper}`);
      socket.emit('welcome', socket.conn.transport.name);
    });
    const aborted = new AbortController();
    context.after(() => aborted.abort());
    const stream = await fetch(`${stage.url}/v1/events?paper=hani`, { signal: aborted.signal });
    assert.equal(stream.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const read = async (until: string): Promise<void> => {
      while (!text.includes(until)) text += (await reader?.read())?.value ?? '';
    };
    await read('event: welcome\ndata: "sse"');
    stage.io.to('readers of hani').emit('news', { n: 1 });
    stage.io.to('readers of others').emit('news', { n: 2 });
    stage.io.emit('news', { n: 3 }, 'more');
    await read('event: news\ndata: [{"n":3},"more"]\n\n');
    assert.doesNotMatch(text, /"n":2/);
    assert.match(text, /event: news\ndata: \{"n":1\}\n\n/);

    const polled = (await (await fetch(`${stage.url}/v1/poll?paper=hani&wait=5`)).json()) as { events: unknown[] };
    assert.deepEqual(polled.events, [{ event: 'welcome', data: 'polling' }]);
    assert.deepEqual(await (await fetch(`${stage.url}/v1/poll?wait=0&namespace=/nowhere`)).json(), {
      error: { code: 'not_allowed', message: 'Invalid namespace', retry: false },
    });
    assert.equal((await fetch(`${stage.url}/v1/poll?wait=99`)).status, 400);
    assert.equal(await (await fetch(`${stage.url}/v1/other`)).text(), 'somebody else');
  });

  it('R10.5 what nobody listens to is refused by name, broken JSON too, and the connection lives on; Socket.IO’s clients hear nothing of it', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.on('known', (acknowledge) => acknowledge('yes'));
      socket.on('broken', async () => {
        throw new Error('a mistake of the application');
      });
    });
    const native = await stage.native();
    native.socket.send('{"event":');
    native.say({ event: 'nobody', data: 1 });
    native.say({ event: 'broken', id: 1 });
    native.say({ event: 'known', id: 2 });
    await native.heard.until('four', ({ length }) => length === 4);
    const codes = native.heard.all.map(({ error, data, reply }) => [reply, error?.code ?? (data as { code?: string }).code ?? data]);
    assert.deepEqual(
      new Set(codes.map(String)),
      new Set(['undefined,malformed', 'undefined,unknown_command', '1,internal', '2,yes'].map((s) => s.replace('undefined', ''))),
    );
    assert.equal(stage.errors.length, 1);
    const client = await stage.connected();
    const heard = all(client, 'error');
    await assert.rejects(client.timeout(20).emitWithAck('nobody'), /timed out/);
    await assert.rejects(client.timeout(20).emitWithAck('broken'), /timed out/);
    assert.equal(await client.emitWithAck('known'), 'yes');
    assert.deepEqual([heard.all, stage.errors.length], [[], 2]);
  });

  it('R10.1 what is said is written down at once; what can’t be is the speaker’s mistake, and nobody else’s', async (context) => {
    const stage = await ApiStage.open(context);
    const came = new Promise<Socket>((resolve) => stage.io.on('connection', resolve));
    const client = await stage.connected();
    const native = await stage.native();
    const heard = all(client, 'x');
    const socket = await came;
    socket.join('room');
    const moves = [1];
    const circle: { self?: unknown } = {};
    circle.self = circle;
    for (const say of [
      (arg: unknown) => stage.io.emit('x', arg),
      (arg: unknown) => stage.io.to('room').emit('x', arg),
      (arg: unknown) => socket.emit('x', arg),
    ]) {
      say(moves);
      moves.length = 0;
      moves.push(moves.length + 2);
      assert.throws(() => say(circle), TypeError);
      assert.throws(() => say(1n), TypeError);
    }
    const bytes = Buffer.from([1]);
    stage.io.emit('x', bytes);
    bytes[0] = 9;
    stage.io.emit('x', 'end');
    await heard.until('the end', (said) => said.at(-1)?.[0] === 'end');
    assert.deepEqual(heard.all.slice(0, 3), [[[1]], [[2]], [[2]]]);
    assert.deepEqual([...new Uint8Array(heard.all[3]?.[0] as ArrayBuffer)], [1]);
    await native.heard.until('the end', (said) => said.at(-1)?.data === 'end');
    assert.deepEqual(native.said('x'), [[1], Buffer.from([1]).toString('base64'), 'end']);
  });

  it('P7 no client can say what the library itself says, and no name that a program gives a socket meets one of ours', async (context) => {
    const stage = await ApiStage.open(context);
    const ends: unknown[] = [];
    stage.io.on('connection', (socket) => {
      socket.on('disconnect', (reason) => ends.push(reason));
      for (const name of ['session', 'hand', 'ask', 'speak', 'heard', 'ended', 'ending', 'forget', 'begin', 'isIn', 'overheard', 'seat']) {
        Object.assign(socket, { [name]: name });
      }
      socket.join('room');
      socket.on('go', (acknowledge) => {
        stage.io.to('room').emit('said', (socket as unknown as { session: string }).session);
        acknowledge('gone');
      });
    });
    const native = await stage.native();
    for (const event of ['disconnect', 'disconnecting', 'newListener', 'removeListener', 'connect', 'connect_error']) {
      native.say({ event, data: 'forged' });
    }
    native.say({ event: 'go', id: 1 });
    await native.heard.until('the answer', (all) => all.at(-1)?.reply === 1);
    assert.deepEqual([ends, native.said('said'), native.said('error').length], [[], ['session'], 6]);
    native.socket.close();
    await native.closed;
    while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(ends, ['transport close']);
  });

  for (const transports of travels) {
    it(`R9.9 disconnect(true) over ${transports.join(' and ')}: the last words, and then the end of every namespace, for good`, async (context) => {
      const stage = await ApiStage.open(context);
      stage.io.of('/other');
      stage.io.on('connection', (socket) => {
        socket.on('end me', () => {
          socket.emit('bye');
          socket.disconnect(true);
        });
      });
      const options = { transports: [...transports], forceNew: false, multiplex: true, reconnection: true, reconnectionDelay: 1 };
      const main = await stage.connected('/', options);
      const other = main.io.socket('/other');
      await new Promise<void>((resolve) => other.once('connect', resolve));
      const heard = new Heard<string>();
      main.on('bye', () => heard.push('bye'));
      main.on('disconnect', (reason) => heard.push(`main: ${reason}`));
      other.on('disconnect', (reason) => heard.push(`other: ${reason}`));
      main.emit('end me');
      await heard.until('all three', ({ length }) => length === 3);
      assert.deepEqual(heard.all.toSorted(), ['bye', 'main: io server disconnect', 'other: io server disconnect']);
      assert.equal(heard.all[0], 'bye');
      assert.deepEqual([main.active, other.active], [false, false]);
    });
  }

  it('what a middleware does with a socket takes effect when it is in; HTTP middlewares find the query where Socket.IO has it', async (context) => {
    const stage = await ApiStage.open(context, { transports: ['websocket'] });
    stage.io.engine.use((request: { _query: Record<string, string> }, _response: unknown, next: () => void) => {
      assert.deepEqual([request._query.sid, request._query.EIO], [undefined, '4']);
      next();
    });
    stage.io.use((socket, next) => {
      socket.join('early');
      socket.emit('first', 1);
      next();
    });
    const rooms: unknown[] = [];
    stage.io.on('connection', (socket) => {
      socket.emit('second', 2);
      rooms.push([...socket.rooms].length, Math.abs(socket.handshake.issued - Date.now()) < 60_000, socket.server === stage.io);
      assert.equal(socket.adapter.rooms.get('early')?.has(socket.id), true);
    });
    const client = stage.socketIo();
    const heard = new Heard<string>();
    client.onAny((event) => heard.push(event));
    await heard.until('both', ({ length }) => length === 2);
    assert.deepEqual(
      [heard.all, rooms],
      [
        ['first', 'second'],
        [2, true, true],
      ],
    );
    const refused = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`);
    assert.deepEqual([refused.status, await refused.json()], [400, { code: 0, message: 'Transport unknown' }]);
    assert.throws(() => new Server((() => {}) as never), /createServer\(app\)/);
  });

  it('R10.6 R10.7 namespaces have sockets, rooms and middlewares of their own, for every client', async (context) => {
    const stage = await ApiStage.open(context);
    const admin = stage.io.of('/admin');
    admin.use((socket, next) => {
      if (socket.handshake.auth.key === 'sesame' || socket.handshake.query.key === 'sesame') next();
      else next(Object.assign(new Error('not you'), { data: { hint: 'a word from a tale' } }));
    });
    const came: Socket[] = [];
    admin.on('connection', (socket) => void came.push(socket));
    const heard = new Heard<string>();
    const main = await stage.connected();
    main.on('secret', () => heard.push('main'));
    const refused = await stage.connected('/admin').catch((error: Error & { data?: unknown }) => error);
    assert.ok(refused instanceof Error);
    assert.deepEqual([refused.message, (refused as { data?: unknown }).data], ['not you', { hint: 'a word from a tale' }]);
    const inside = await stage.connected('/admin', { auth: { key: 'sesame' } });
    inside.on('secret', () => heard.push('admin'));
    const native = await stage.native('/v1/ws?namespace=/admin&key=sesame');
    const closed = new Native(`${stage.url.replace('http', 'ws')}/v1/ws?namespace=/admin`);
    const [, response] = (await once(closed.socket, 'unexpected-response')) as [unknown, { statusCode: number; destroy(): void }];
    assert.equal(response.statusCode, 403);
    response.destroy();
    admin.emit('secret', 42);
    await native.heard.until('it', () => native.said('secret').length === 1);
    await heard.until('it', ({ length }) => length === 1);
    assert.deepEqual([heard.all, came.length, admin.sockets.size, stage.io.sockets.sockets.size], [['admin'], 2, 2, 1]);
  });

  it('R10.6 a pattern makes namespaces as clients ask for them', async (context) => {
    const stage = await ApiStage.open(context);
    const names: string[] = [];
    const shops = stage.io.of(/^\/shop-\d+$/).on('connection', (socket) => {
      names.push(socket.nsp.name);
      socket.on('who', (acknowledge) => acknowledge(socket.nsp.name));
    });
    const one = await stage.connected('/shop-1');
    const two = await stage.connected('/shop-2');
    assert.deepEqual(
      [await one.emitWithAck('who'), await two.emitWithAck('who'), names.sort()],
      ['/shop-1', '/shop-2', ['/shop-1', '/shop-2']],
    );
    await assert.rejects(stage.connected('/shop-x'), /Invalid namespace/);
    const both = [all(one, 'sale'), all(two, 'sale')];
    shops.emit('sale', 1);
    stage.io.of('/shop-2').emit('sale', 2);
    await both[1]?.until('two', ({ length }) => length === 2);
    await both[0]?.until('one', ({ length }) => length === 1);
    assert.deepEqual(
      both.map((heard) => heard.all),
      [[[1]], [[1], [2]]],
    );
  });

  it('to one by its id, to rooms, except some, to all but the sender: each once', async (context) => {
    const stage = await ApiStage.open(context);
    const sockets = new Map<string, Socket>();
    stage.io.on('connection', (socket) => void sockets.set(String(socket.handshake.query.name), socket));
    const names = ['a', 'b', 'c', 'd'];
    const heard = new Map(
      await Promise.all(names.map(async (name) => [name, all(await stage.connected('/', { query: { name } }), 'said')] as const)),
    );
    const of = (name: string): Socket => sockets.get(name) as Socket;
    of('a').join(['x', 'y']);
    of('b').join('x');
    of('c').join('y');
    const { io } = stage;
    io.to(of('a').id).emit('said', 'to a');
    io.to('x').emit('said', 'to x');
    io.to('x').to('y').emit('said', 'to x and y');
    io.to(['x', 'y']).except('y').emit('said', 'to x without y');
    of('a').to('x').emit('said', 'a to x');
    of('a').broadcast.emit('said', 'a to the others');
    of('a').broadcast.except('x').emit('said', 'a to the others without x');
    io.except(['x', of('d').id]).emit('said', 'all without x and d');
    io.to('nobody').emit('said', 'nobody');
    io.emit('said', 'end');
    for (const one of heard.values()) await one.until('the end', (said) => said.at(-1)?.[0] === 'end');
    assert.deepEqual(
      names.map((name) => heard.get(name)?.all.map(([text]) => text)),
      [
        ['to a', 'to x', 'to x and y', 'end'],
        ['to x', 'to x and y', 'to x without y', 'a to x', 'a to the others', 'end'],
        ['to x and y', 'a to the others', 'a to the others without x', 'all without x and d', 'end'],
        ['a to the others', 'a to the others without x', 'end'],
      ],
    );
  });

  it('everybody of a room is asked; who does not answer in time is missing', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => socket.join('jury'));
    for (const vote of ['yes', 'no']) (await stage.connected()).on('vote', (_what, acknowledge) => acknowledge(vote));
    const native = await stage.native();
    const votes = stage.io.to('jury').timeout(5_000).emitWithAck('vote', 'pizza?');
    await native.heard.until('the question', ({ length }) => length === 1);
    native.say({ reply: native.heard.all[0]?.id, data: 'maybe' });
    assert.deepEqual((await votes).sort(), ['maybe', 'no', 'yes']);
    const some = await stage.io
      .timeout(50)
      .emitWithAck('vote', 'again?')
      .catch((error: Error & { responses: string[] }) => error);
    assert.ok(some instanceof Error);
    assert.deepEqual([some.message, (some as { responses?: string[] }).responses?.sort()], ['operation has timed out', ['no', 'yes']]);
    assert.deepEqual(await stage.io.to('nobody').timeout(50).emitWithAck('vote'), []);
  });

  it('a socket that goes says why, tells its rooms first, and is nowhere afterwards', async (context) => {
    const stage = await ApiStage.open(context);
    const ends = new Heard<unknown[]>();
    stage.io.on('connection', (socket) => {
      socket.join('hall');
      socket.on('disconnecting', (reason) => ends.push(['disconnecting', reason, [...socket.rooms].length, socket.connected]));
      socket.on('disconnect', (reason) => ends.push(['disconnect', reason, [...socket.rooms].length, socket.connected]));
      socket.on('throw me out', () => socket.disconnect());
    });
    const leaving = await stage.connected();
    leaving.disconnect();
    await ends.until('both', ({ length }) => length === 2);
    const thrown = await stage.connected();
    const reason = once(thrown as never, 'disconnect');
    thrown.emit('throw me out');
    assert.equal((await reason)[0], 'io server disconnect');
    await ends.until('four', ({ length }) => length === 4);
    const cut = await stage.connected();
    cut.io.engine.close();
    await ends.until('six', ({ length }) => length === 6);
    const native = await stage.native();
    native.socket.close(1000);
    await ends.until('eight', ({ length }) => length === 8);
    assert.deepEqual(
      ends.all,
      ['client namespace disconnect', 'server namespace disconnect', 'transport close', 'transport close'].flatMap((why) => [
        ['disconnecting', why, 2, true],
        ['disconnect', why, 0, false],
      ]),
    );
    assert.deepEqual(
      [stage.io.sockets.sockets.size, stage.io.of('/').adapter.rooms.size, stage.io.realtime.active('app:1:/:hall')],
      [0, 0, undefined],
    );
  });

  it('who is where: fetchSockets, adapter.rooms and sids, socketsJoin, socketsLeave, disconnectSockets', async (context) => {
    const stage = await ApiStage.open(context);
    const { io } = stage;
    const log: string[] = [];
    for (const event of ['create-room', 'join-room', 'leave-room', 'delete-room']) {
      io.of('/').adapter.on(event, (room: string) => room === 'r' && log.push(event));
    }
    const clients = [await stage.connected(), await stage.native()];
    io.socketsJoin('r');
    const [one, two] = await io.in('r').fetchSockets();
    assert.ok(one && two);
    assert.deepEqual([one.rooms, io.of('/').adapter.rooms.get('r')], [new Set([one.id, 'r']), new Set([one.id, two.id])]);
    assert.deepEqual([...io.of('/').adapter.rooms.keys()].sort(), [one.id, two.id, 'r'].sort());
    assert.deepEqual(io.of('/').adapter.sids.get(two.id), new Set([two.id, 'r']));
    io.to(one.id).socketsLeave('r');
    assert.deepEqual(
      (await io.in('r').fetchSockets()).map(({ id }) => id),
      [two.id],
    );
    const gone = [once(clients[0] as never, 'disconnect'), (clients[1] as Native).closed] as const;
    io.disconnectSockets(true);
    await gone[0];
    assert.equal(await gone[1], 4001);
    assert.deepEqual(log, ['create-room', 'join-room', 'join-room', 'leave-room', 'leave-room', 'delete-room']);
  });

  it('R10.8 pages of other origins are let in only if they are named, over every transport', async (context) => {
    const stage = await ApiStage.open(context, { cors: { origin: ['https://friend.example', /\.family\.example$/] } });
    const ask = async (origin: string): Promise<number[]> => {
      const over = (path: string): Promise<number> =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${stage.url.replace('http', 'ws')}${path}`, { origin });
          socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
          socket.on('error', () => {});
          socket.on('open', () => {
            socket.terminate();
            resolve(101);
          });
        });
      const polling = await fetch(`${stage.url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } });
      const poll = await fetch(`${stage.url}/v1/poll?wait=0`, { headers: { origin } });
      return [await over('/v1/ws'), await over('/socket.io/?EIO=4&transport=websocket'), polling.status, poll.status];
    };
    assert.deepEqual(await ask('https://friend.example'), [101, 101, 200, 200]);
    assert.deepEqual(await ask('https://my.family.example'), [101, 101, 200, 200]);
    assert.deepEqual(await ask(stage.url), [101, 101, 200, 200]);
    assert.deepEqual(await ask('https://stranger.example'), [403, 403, 403, 403]);
  });

  it('a plain WebSocket: each frame is the event message, send is a frame', async (context) => {
    const stage = await ApiStage.open(context, { plain: '/' });
    stage.io.on('connection', (socket) => {
      socket.on('message', (said) => socket.send(typeof said === 'string' ? `you said ${said}` : said));
    });
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/`);
    context.after(() => socket.terminate());
    const heard = new Heard<string | number[]>();
    socket.on('message', (data: Buffer, binary) => heard.push(binary ? [...data] : String(data)));
    await once(socket, 'open');
    socket.send('안녕');
    socket.send(Buffer.from([0, 255]));
    await heard.until('both', ({ length }) => length === 2);
    assert.deepEqual(heard.all, ['you said 안녕', [0, 255]]);
  });

  it('P8 what an application’s own functions fail with, also later, refuses one client and ends nothing', async (context) => {
    const failing = async (): Promise<never> => {
      throw new Error('the session store is down');
    };
    for (const [what, options, prepare] of [
      ['engine.use', {}, (io: Server) => io.engine.use(failing)],
      ['allowRequest', { allowRequest: failing }, () => {}],
      ['of', {}, (io: Server) => io.of(failing)],
    ] as const) {
      const stage = await ApiStage.open(context, options);
      prepare(stage.io);
      const client = stage.socketIo(what === 'of' ? '/somewhere' : '/');
      await new Promise((resolve) => {
        client.once('connect_error', resolve);
        client.io.once('close', resolve);
      });
      assert.equal(client.connected, false, what);
      assert.equal((await fetch(`${stage.url}/theirs`)).status, 200);
    }
  });

  it('R10.4 whoever has taken everything gets any one message, however large, and any one tick', async (context) => {
    const stage = await ApiStage.open(context, { maxBuffered: 1024 });
    stage.io.on('connection', (socket) => {
      socket.on('go', () => {
        for (let n = 0; n < 50; n++) socket.emit('part', 'x'.repeat(1_000));
      });
    });
    const client = await stage.connected();
    const heard = all(client, 'part');
    client.emit('go');
    await heard.until('all parts', ({ length }) => length === 50);
    assert.equal(client.connected, true);
  });

  it('R9.9 disconnect(true) in the middle of an upgrade: the last words, and no way back', async (context) => {
    const stage = await ApiStage.open(context);
    stage.io.on('connection', (socket) => {
      socket.on('upgrading', () => {
        socket.emit('bye');
        socket.disconnect(true);
      });
    });
    for (let n = 0; n < 10; n++) {
      const client = stage.socketIo('/', { transports: ['polling', 'websocket'], reconnection: true, reconnectionDelay: 1 });
      const heard = new Heard<string>();
      client.on('bye', () => heard.push('bye'));
      client.on('disconnect', (reason) => heard.push(reason));
      client.io.on('open', () => {
        client.io.engine.on('upgrading', () => client.emit('upgrading'));
      });
      await heard.until('both', ({ length }) => length === 2);
      assert.deepEqual([heard.all, client.active], [['bye', 'io server disconnect'], false]);
    }
    assert.equal(stage.io.sockets.sockets.size, 0);
  });

  it('R9.8 a client is in a hundred namespaces at most; who comes, goes and comes again is the last who came', async (context) => {
    const stage = await ApiStage.open(context);
    const opened: string[] = [];
    stage.io.of(/^\/r\d+$/).on('connection', (socket) => opened.push(socket.nsp.name));
    const waiting: (() => void)[] = [];
    stage.io.of('/slow').use((_socket, next) => void waiting.push(next));
    const who: unknown[] = [];
    stage.io.of('/slow').on('connection', (socket) => who.push(socket.handshake.auth.who));
    const socket = new WebSocket(`${stage.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    context.after(() => socket.terminate());
    const heard = new Heard<string>();
    socket.on('message', (data) => heard.push(String(data)));
    await once(socket, 'open');
    for (const packet of ['40/slow,{"who":"A"}', '41/slow,', '40/slow,{"who":"B"}']) socket.send(packet);
    while (waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
    for (const next of waiting) next();
    await heard.until('one answer', (all) => all.some((text) => text.startsWith('40/slow,')));
    assert.deepEqual(who, ['B']);
    const closed = once(socket, 'close');
    for (let n = 0; n < 101; n++) socket.send(`40/r${n},`);
    await closed;
    assert.ok(opened.length <= 100, String(opened.length));
  });

  it('R10.2 a pattern’s clients and their own are asked apart, bytes too', async (context) => {
    const stage = await ApiStage.open(context);
    const sockets: Socket[] = [];
    const shops = stage.io.of(/^\/shop-\d$/).on('connection', (socket) => void sockets.push(socket));
    const client = await stage.connected('/shop-1');
    client.on('one', (acknowledge) => acknowledge('of one'));
    client.on('two', (bytes: Uint8Array, acknowledge) => acknowledge(bytes.length));
    const both = await Promise.all([
      sockets[0]?.timeout(5_000).emitWithAck('one'),
      shops.timeout(5_000).emitWithAck('two', Buffer.from([1, 2, 3])),
    ]);
    assert.deepEqual(both, ['of one', [3]]);
  });

  it('attached and detached again and again, nothing of ours stays at the server', async (context) => {
    const stage = await ApiStage.open(context);
    const { emit } = stage.http;
    for (let n = 0; n < 50; n++) await new Server(stage.http, { path: '/other' }).detach();
    assert.equal(stage.http.emit, emit);
    assert.equal((await fetch(`${stage.url}/theirs`)).status, 200);
    const h2c = await new Promise<string>((resolve) => {
      const socket = connectTcp(Number(new URL(stage.url).port), '127.0.0.1');
      socket.write('GET /theirs HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n');
      socket.once('data', (data) => {
        socket.destroy();
        resolve(String(data));
      });
    });
    assert.match(h2c, /^HTTP\/1\.1 200 /);
  });

  it('R9.9 who is at the door when the server closes does not come in, and the server ends', async (context) => {
    const http = createServer();
    let open: () => void = () => {};
    const door = new Promise<void>((resolve) => {
      open = resolve;
    });
    let waiting = 0;
    const io = new Server(http, {
      allowRequest: async (_request, callback) => {
        waiting++;
        await door;
        callback(null, true);
      },
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const sockets = ['/socket.io/?EIO=4&transport=websocket', '/v1/ws'].map((path) => new WebSocket(url + path));
    context.after(() => {
      for (const socket of sockets) socket.terminate();
    });
    const refused = sockets.map((socket) =>
      once(
        socket.on('error', () => {}),
        'unexpected-response',
      ),
    );
    while (waiting < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = io.close();
    open();
    for (const [, response] of (await Promise.all(refused)) as [unknown, { statusCode: number; destroy(): void }][]) {
      assert.equal(response.statusCode, 503);
      response.destroy();
    }
    await closed;
  });

  it('the browser’s client is served beside the transport', async (context) => {
    const stage = await ApiStage.open(context);
    const script = await fetch(`${stage.url}/socket.io/socket.io.js`);
    assert.match(await script.text(), /Socket\.IO v4/);
    const etag = script.headers.get('etag') ?? '';
    assert.equal((await fetch(`${stage.url}/socket.io/socket.io.js`, { headers: { 'if-none-match': etag } })).status, 304);
    assert.equal((await fetch(`${stage.url}/socket.io/../secret.js`)).status, 200);
    assert.equal((await fetch(`${stage.url}/socket.io/secret.js`)).status, 400);
  });

  it('who attached first or last does not matter: what is not ours goes where it went', async (context) => {
    const stage = await ApiStage.open(context);
    const paths: string[] = [];
    stage.http.on('request', (request) => paths.push(request.url ?? ''));
    stage.http.on('upgrade', (request, socket) => {
      paths.push(request.url ?? '');
      socket.destroy();
    });
    await stage.connected('/', { transports: ['polling', 'websocket'] });
    await stage.native();
    await fetch(`${stage.url}/theirs`);
    await new Native(`${stage.url.replace('http', 'ws')}/their-socket`).closed;
    assert.deepEqual(paths, ['/theirs', '/their-socket']);
  });

  it('detached, everyone is sent away, and the HTTP server goes on with its own', async (context) => {
    const stage = await ApiStage.open(context);
    const client = await stage.connected();
    const native = await stage.native();
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    stage.io.detach();
    await Promise.all([gone, native.closed]);
    assert.equal(await (await fetch(`${stage.url}/socket.io/socket.io.js`)).text(), 'somebody else');
  });
});
