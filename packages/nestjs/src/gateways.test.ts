import 'reflect-metadata';
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  type ExecutionContext,
  type INestApplication,
  Inject,
  Injectable,
  type LoggerService,
  Module,
  ParseIntPipe,
  Scope,
  type Type,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
} from '@nestjs/websockets';
import { MemoryStore } from '@suda/chat';
import { Subject } from 'rxjs';
import { freePort } from '../../../e2e/server-process.ts';
import { EventStream } from '../../../e2e/wire/event-stream.ts';
import { Inbox, within } from '../../../e2e/wire/inbox.ts';
import { Socket as Native } from '../../../e2e/wire/socket.ts';
import { type IoOptions, SocketIo, travels } from '../../../e2e/wire/socketio.ts';
import { type GatewayOptions, type Namespace, type Server, type Socket, SudaErrorFilter, SudaIoAdapter } from './gateways.ts';
import { Suda, SudaModule } from './index.ts';
import { decorated, method, parameters, platforms, property } from './testing/decorate.ts';

/** What a Nest developer writes: a message to everyone, the sender's id with it. */
class TalkGateway implements OnGatewayConnection {
  declare server: Server;
  handleConnection(client: Socket): void {
    client.emit('welcome', client.conn.transport.name);
  }
  say(text: string, client: Socket): void {
    this.server.emit('said', { from: client.id, text });
  }
  /** Without decorators at its parameters: socket, data. */
  join(client: Socket, room: string): string {
    client.join(room);
    return `in ${room}`;
  }
  whisper({ room, text }: { room: string; text: string }, client: Socket): void {
    client.to(room).emit('whispered', text);
  }
}
property(TalkGateway, 'server', WebSocketServer());
for (const name of ['say', 'join', 'whisper']) method(TalkGateway, name, SubscribeMessage(name));
for (const name of ['say', 'whisper']) parameters(TalkGateway, name, MessageBody(), ConnectedSocket());

const talk = (options: GatewayOptions = {}, port = 0): Type => decorated(class extends TalkGateway {}, WebSocketGateway(port, options));

/** A running application with gateways, and clients of every kind. */
class Stage {
  readonly app: INestApplication;
  readonly logged: unknown[];
  readonly #context: TestContext;

  constructor(context: TestContext, app: INestApplication, logged: unknown[]) {
    this.#context = context;
    this.app = app;
    this.logged = logged;
  }

  static async open(
    context: TestContext,
    platform: AbstractHttpAdapter,
    providers: Type[],
    { imports = [] }: { imports?: DynamicModule[] } = {},
  ): Promise<Stage> {
    class Root {}
    decorated(Root, Module({ providers, imports }));
    const logged: unknown[] = [];
    const silent = { log() {}, warn() {}, error: (...what: unknown[]) => logged.push(...what) } as LoggerService;
    const app = await NestFactory.create(Root, platform, { logger: silent, abortOnError: false });
    app.useWebSocketAdapter(new SudaIoAdapter(app));
    await app.listen(0, '127.0.0.1');
    context.after(() => app.close());
    return new Stage(context, app, logged);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.app.getHttpServer().address() as AddressInfo).port}`;
  }

  async io(namespace = '/', options: IoOptions = {}, origin = this.origin): Promise<SocketIo> {
    const client = await SocketIo.connect(origin + namespace, { transports: ['websocket'], ...options });
    this.#context.after(() => client.close());
    return client;
  }

  async native(path = '/v1/ws', origin = this.origin): Promise<Native> {
    const client = await Native.open(origin.replace('http', 'ws') + path);
    this.#context.after(() => client.close());
    return client;
  }
}

const ask = (client: SocketIo, event: string, ...args: unknown[]): Promise<unknown> =>
  client.client.timeout(10_000).emitWithAck(event, ...args);

/** The next event of this name. */
const heard = (client: SocketIo | Native, name: string) => client.events.first(name, ({ event }) => event === name);

/** Every way to answer that Nest knows. */
class AnswerGateway {
  readonly ticks = new Subject<unknown>();
  value(n: number): number {
    return n + 1;
  }
  async later(n: number): Promise<number> {
    return n + 2;
  }
  event(n: number): unknown {
    return { event: 'answered', data: n };
  }
  stream(): Subject<unknown> {
    return this.ticks;
  }
  nothing(): void {}
  manual(acknowledge: (...answer: unknown[]) => void): string {
    acknowledge('by', 'hand');
    return 'and not by Nest';
  }
  part(n: number, whole: unknown): unknown {
    return [n, whole];
  }
}
for (const name of ['value', 'later', 'event', 'stream', 'nothing', 'manual', 'part']) method(AnswerGateway, name, SubscribeMessage(name));
for (const name of ['value', 'later', 'event']) parameters(AnswerGateway, name, MessageBody());
parameters(AnswerGateway, 'manual', Ack());
parameters(AnswerGateway, 'part', MessageBody('n', ParseIntPipe), MessageBody());
decorated(AnswerGateway, WebSocketGateway());

class OnlyMina implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToWs().getClient<Socket>().handshake.auth.name === 'Mina';
  }
}

class Polite implements ExceptionFilter<Error> {
  catch(error: Error, host: ArgumentsHost): void {
    if (error.message === 'filter') throw error;
    host.switchToWs().getClient<Socket>().emit('sorry', error.message);
  }
}
decorated(Polite, Catch());

/** Everything that can refuse. */
class StrictGateway {
  refuse(text: string): never {
    throw new WsException(text);
  }
  fail(): never {
    throw new Error('a secret of the server');
  }
  guarded(): string {
    return 'come in';
  }
  number(n: number): number {
    return n;
  }
  filtered(text: string): never {
    throw new Error(text);
  }
}
for (const name of ['refuse', 'fail', 'guarded', 'number', 'filtered']) method(StrictGateway, name, SubscribeMessage(name));
for (const name of ['refuse', 'filtered']) parameters(StrictGateway, name, MessageBody());
parameters(StrictGateway, 'number', MessageBody(ParseIntPipe));
method(StrictGateway, 'guarded', UseGuards(OnlyMina));
method(StrictGateway, 'filtered', UseFilters(Polite));
decorated(StrictGateway, WebSocketGateway());

/** Speaks in the lobby of a chat. */
class ChatGateway {
  readonly #suda: Suda;
  constructor(suda: Suda) {
    this.#suda = suda;
  }
  async post(text: string): Promise<unknown> {
    const as = { id: 1, name: 'Mina' };
    await this.#suda.command('room.join', { room: 'lobby' }, { as });
    const { pos } = await this.#suda.post('lobby', text, { as });
    return { pos };
  }
}
parameters(method(ChatGateway, 'post', SubscribeMessage('post')), 'post', MessageBody());
decorated(ChatGateway, WebSocketGateway(), UseFilters(SudaErrorFilter));
Inject(Suda)(ChatGateway, undefined, 0);

/** Notes what Nest tells it of. */
abstract class NotedGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect {
  declare server: Server | Namespace;
  readonly noted = new Inbox<unknown[]>();
  afterInit(server: Server | Namespace): void {
    this.noted.push(['init', server === this.server]);
  }
  handleConnection({ id }: Socket): void {
    this.noted.push(['connection', id]);
  }
  handleDisconnect({ id }: Socket, reason?: unknown): void {
    this.noted.push(['disconnect', id, reason]);
  }
  hello(): string {
    return this.constructor.name;
  }
}
property(NotedGateway as unknown as Type, 'server', WebSocketServer());
method(NotedGateway as unknown as Type, 'hello', SubscribeMessage('hello'));

for (const [platform, adapter] of platforms) {
  describe(`gateways on ${platform}`, () => {
    it('P5 one gateway, every transport: unmodified Socket.IO clients, a WebSocket, an event stream, a long poll', async (context) => {
      const stage = await Stage.open(context, adapter(), [talk()]);
      const clients = await Promise.all(travels.map(([, { transports }]) => stage.io('/', { transports: [...transports] })));
      const native = await stage.native();
      const stream = await EventStream.open(`${stage.origin}/v1/events`, {});
      context.after(() => stream.close());
      const [first, second] = clients as [SocketIo, SocketIo];
      first.client.emit('say', '안녕');
      const said = { from: first.client.id, text: '안녕' };
      for (const { events } of [...clients, native, stream])
        assert.deepEqual((await events.first('the words', ({ event }) => event === 'said')).data, said);
      const poll = await fetch(`${stage.origin}/v1/poll?wait=25`);
      assert.deepEqual(await poll.json(), { events: [{ event: 'welcome', data: 'polling' }] });
      assert.equal((await heard(native, 'welcome')).data, 'websocket');
      assert.equal(await ask(first, 'join', 'attic'), 'in attic');
      native.send('whisper', { room: 'attic', text: 'psst' });
      assert.equal((await heard(first, 'whispered')).data, 'psst');
      assert.deepEqual(
        second.events.all.filter(({ event }) => event === 'whispered'),
        [],
      );
    });

    it('is told when it is there, who comes and who goes; gateways of one namespace share it, others have their own', async (context) => {
      const AGateway = decorated(class AGateway extends NotedGateway {}, WebSocketGateway());
      const BGateway = decorated(class BGateway extends NotedGateway {}, WebSocketGateway({ path: '/socket.io' }));
      const RoomGateway = decorated(class RoomGateway extends NotedGateway {}, WebSocketGateway({ namespace: 'room' }));
      const ShopGateway = decorated(class ShopGateway extends NotedGateway {}, WebSocketGateway({ namespace: /^\/shop-\d+$/ }));
      const stage = await Stage.open(context, adapter(), [AGateway, BGateway, RoomGateway, ShopGateway]);
      const [a, b, room, shop] = [AGateway, BGateway, RoomGateway, ShopGateway].map((type) => stage.app.get<NotedGateway>(type));
      assert.ok(a && b && room && shop);
      assert.equal(a.server, b.server);
      const client = await stage.io();
      const inRoom = await stage.io('/room');
      const inShop = await stage.io('/shop-7');
      assert.equal(await ask(inRoom, 'hello'), 'RoomGateway');
      assert.equal(await ask(inShop, 'hello'), 'ShopGateway');
      const native = await stage.native('/v1/ws?namespace=/room');
      room.server.emit('only', 'here');
      assert.equal((await heard(native, 'only')).data, 'here');
      const { id } = client.client;
      client.close();
      for (const gateway of [a, b]) {
        await gateway.noted.first('its end', ([what]) => what === 'disconnect');
        assert.deepEqual(gateway.noted.all, [
          ['init', true],
          ['connection', id],
          ['disconnect', id, 'client namespace disconnect'],
        ]);
      }
      assert.deepEqual(
        room.noted.all.map(([what]) => what),
        ['init', 'connection', 'connection'],
      );
    });

    it('has a path of its own, with native addresses beside it, or a port of its own, also several of both', async (context) => {
      const port = await freePort();
      const gateways = [
        talk(),
        talk({ path: '/live/socket.io' }),
        talk({ path: '/deep' }),
        talk({}, port),
        talk({ path: '/other/' }, port),
      ];
      const stage = await Stage.open(context, adapter(), gateways);
      const own = `http://127.0.0.1:${port}`;
      for (const [origin, path, socket] of [
        [stage.origin, '/socket.io', '/v1/ws'],
        [stage.origin, '/live/socket.io', '/live/v1/ws'],
        [stage.origin, '/deep', '/deep/v1/ws'],
        [own, '/socket.io', '/v1/ws'],
        [own, '/other', '/other/v1/ws'],
      ] as const) {
        const client = await stage.io('/', { path }, origin);
        const native = await stage.native(socket, origin);
        native.send('say', path);
        assert.equal((await heard(client, 'said')).data.text, path);
      }
      await within('the end of the application', stage.app.close());
      await assert.rejects(fetch(own));
    });

    it('closes with the application: everyone is told, and nothing keeps it', async (context) => {
      const stage = await Stage.open(context, adapter(), [talk()]);
      const [polling, websocket] = await Promise.all([stage.io('/', { transports: ['polling'] }), stage.io()]);
      const native = await stage.native();
      const stream = await EventStream.open(`${stage.origin}/v1/events`, {});
      const gone = [polling.disconnected(), websocket.disconnected(), native.closed, stream.ended];
      for (const { client } of [polling, websocket]) client.io.reconnection(false);
      await within('the end of the application', stage.app.close());
      await within('the end of everyone', Promise.all(gone));
    });

    it('P8 lives beside the chat of SudaModule, and tells what it refuses', async (context) => {
      const chat = SudaModule.forRoot({ store: new MemoryStore(), secret: 'only for tests, never else', page: false });
      const stage = await Stage.open(context, adapter(), [ChatGateway], { imports: [chat] });
      const [client, native] = [await stage.io(), await stage.native()];
      assert.deepEqual(await ask(client, 'post', 'hello'), { pos: 2 });
      assert.equal(((await ask(client, 'post', '')) as { error: { code: string } }).error.code, 'invalid');
      native.send('post', ' ');
      const { code, status } = (await heard(native, 'exception')).data;
      assert.deepEqual([code, status], ['invalid', 'error']);
      const beside = await stage.native('/chat/v1/ws');
      await beside.ask('hello', { name: 'Jihun' });
    });
  });
}

describe('a gateway', () => {
  it('answers with a value, later, with an event, a stream, or by hand; the stream ends with the client', async (context) => {
    const stage = await Stage.open(context, new ExpressAdapter(), [AnswerGateway]);
    const client = await stage.io();
    assert.deepEqual([await ask(client, 'value', 1), await ask(client, 'later', 1)], [2, 3]);
    client.client.emit('event', 7);
    assert.equal((await heard(client, 'answered')).data, 7);
    assert.deepEqual(await ask(client, 'part', { n: '5' }), [5, { n: '5' }]);
    assert.equal(await ask(client, 'manual'), 'by');
    client.client.emit('stream');
    const { ticks } = stage.app.get(AnswerGateway);
    // What is said in order is heard in order.
    await ask(client, 'value', 1);
    ticks.next({ event: 'tick', data: 1 });
    ticks.next({ event: 'connect', data: 'a name that Socket.IO keeps for itself' });
    await heard(client, 'tick');
    assert.equal(ticks.observed, false);
    client.client.emit('stream');
    await ask(client, 'value', 1);
    assert.equal(ticks.observed, true);
    client.close();
    const native = await stage.native();
    native.send('value', 1, 'a');
    native.send('part', { n: '5' }, 'b');
    assert.deepEqual([await native.replyTo('a'), await native.replyTo('b')], [2, [5, { n: '5' }]]);
    assert.equal(ticks.observed, false);
    assert.ok(stage.logged.some((what) => String(what).includes('reserved event name')));
  });

  it('gets nothing, one argument, or the list of several', async (context) => {
    class ArgumentsGateway {
      take(data: unknown): unknown {
        return { got: data };
      }
    }
    parameters(method(ArgumentsGateway, 'take', SubscribeMessage('take')), 'take', MessageBody());
    const stage = await Stage.open(context, new ExpressAdapter(), [decorated(ArgumentsGateway, WebSocketGateway())]);
    const client = await stage.io();
    assert.deepEqual(await ask(client, 'take'), {});
    assert.deepEqual(await ask(client, 'take', [1, 2]), { got: [1, 2] });
    assert.deepEqual(await ask(client, 'take', 1, 2), { got: [1, 2] });
    assert.deepEqual(await ask(client, 'take', Buffer.from('수다')), { got: Buffer.from('수다') });
  });

  it('P8 refuses by WsException, guards, pipes and filters: the client hears `exception`, and the connection lives on', async (context) => {
    const stage = await Stage.open(context, new ExpressAdapter(), [StrictGateway]);
    const client = await stage.io('/', { auth: { name: 'Jihun' } });
    const native = await stage.native();
    const refusal = async (by: SocketIo | Native, event: string, data?: unknown): Promise<unknown> => {
      const before = by.events.all.length;
      if (by instanceof SocketIo) by.client.emit(event, data);
      else by.send(event, data);
      const { event: name, data: said } = await by.events.first('a refusal', () => true, before);
      return [name, said.message ?? said];
    };
    for (const by of [client, native]) {
      assert.deepEqual(await refusal(by, 'refuse', 'no such room'), ['exception', 'no such room']);
      assert.deepEqual(await refusal(by, 'fail'), ['exception', 'Internal server error']);
      assert.deepEqual(await refusal(by, 'guarded'), ['exception', 'Forbidden resource']);
      assert.deepEqual(await refusal(by, 'number', 'x'), ['exception', 'Internal server error']);
      assert.deepEqual(await refusal(by, 'filtered', 'a pity'), ['sorry', 'a pity']);
    }
    client.client.emit('filtered', 'filter');
    assert.deepEqual(await refusal(client, 'filtered', 'still here'), ['sorry', 'still here']);
    assert.ok(stage.logged.some((what) => String(what).includes('filter')));
    const mina = await stage.io('/', { auth: { name: 'Mina' } });
    assert.equal(await ask(mina, 'guarded'), 'come in');
  });

  it('of each client’s own keeps its state for that client', async (context) => {
    class OwnGateway {
      #count = 0;
      count(): number {
        return ++this.#count;
      }
    }
    method(OwnGateway, 'count', SubscribeMessage('count'));
    decorated(OwnGateway, Injectable({ scope: Scope.REQUEST }), WebSocketGateway());
    const stage = await Stage.open(context, new ExpressAdapter(), [OwnGateway]);
    const [one, other] = [await stage.io(), await stage.io()];
    assert.deepEqual([await ask(one, 'count'), await ask(one, 'count'), await ask(other, 'count')], [1, 2, 1]);
  });

  it('R10.8 lets in pages of other origins that `cors` names', async (context) => {
    const gateways = [talk(), talk({ path: '/all', cors: true }), talk({ path: '/friend', cors: { origin: 'https://friend.example' } })];
    const stage = await Stage.open(context, new ExpressAdapter(), gateways);
    const statusOf = async (path: string, origin: string): Promise<number> =>
      (await fetch(`${stage.origin}${path}/?EIO=4&transport=polling`, { headers: { origin } })).status;
    const [friend, stranger] = ['https://friend.example', 'https://stranger.example'];
    assert.deepEqual(await Promise.all([statusOf('/socket.io', friend), statusOf('/socket.io', stage.origin)]), [403, 200]);
    assert.deepEqual(await Promise.all([statusOf('/all', friend), statusOf('/all', stranger)]), [200, 200]);
    assert.deepEqual(await Promise.all([statusOf('/friend', friend), statusOf('/friend', stranger)]), [200, 403]);
  });

  it('finds a subclass of the adapter that adds settings for all, as tutorials write it', async (context) => {
    class TutorialAdapter extends SudaIoAdapter {
      override createIOServer(port: number, options: object = {}): Server {
        const server = super.createIOServer(port, { ...options, path: '/tutorial' });
        server.use((socket, next) => next(socket.handshake.query.key === '42' ? undefined : new Error('no key')));
        return server;
      }
    }
    class Root {}
    decorated(Root, Module({ providers: [talk()] }));
    const app = await NestFactory.create(Root, new ExpressAdapter(), { logger: false });
    app.useWebSocketAdapter(new TutorialAdapter(app));
    await app.listen(0, '127.0.0.1');
    context.after(() => app.close());
    const stage = new Stage(context, app, []);
    await stage.io('/', { path: '/tutorial', query: { key: '42' } });
    await assert.rejects(stage.io('/', { path: '/tutorial', reconnection: false }), { message: 'no key' });
  });
});
