import 'reflect-metadata';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import {
  type CanActivate,
  Controller,
  type DynamicModule,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Global,
  type INestApplication,
  Inject,
  Injectable,
  Module,
  type Type,
  UnauthorizedException,
} from '@nestjs/common';
import { type AbstractHttpAdapter, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { MemoryStore } from '@suda/chat';
import { pino } from 'pino';
import { of } from 'rxjs';
import { WebSocket, WebSocketServer } from 'ws';
import { byCookie, cookieOf, Embedded } from '../../../e2e/wire/host.ts';
import { within } from '../../../e2e/wire/inbox.ts';
import { refusalOf } from '../../../e2e/wire/refusal.ts';
import { travels } from '../../../e2e/wire/socketio.ts';
import { type Happenings, OnSuda, Suda, SudaDoor, SudaModule, type SudaModuleOptions } from './index.ts';
import { decorated, method, platforms } from './testing/decorate.ts';

const mina = { id: '42', name: 'Mina' };
const kept = (): { store: MemoryStore; secret: string; page: false; rate: 0 } => ({
  store: new MemoryStore(),
  secret: 'only for tests, never else',
  page: false,
  rate: 0,
});

class Shop {
  index(): string {
    return 'the shop';
  }
}
decorated(method(Shop, 'index', Get()), Controller());

interface Started {
  readonly app: INestApplication;
  readonly host: Embedded;
}

async function start(
  context: TestContext | undefined,
  adapter: AbstractHttpAdapter,
  chat: DynamicModule,
  { prefix, providers = [], imports = [] }: { prefix?: string; providers?: Type[]; imports?: (Type | DynamicModule)[] } = {},
): Promise<Started> {
  class Root {}
  decorated(Root, Module({ imports: [chat, ...imports], controllers: [Shop], providers }));
  const app = await NestFactory.create(Root, adapter, { logger: false, abortOnError: false });
  if (prefix !== undefined) app.setGlobalPrefix(prefix);
  await app.listen(0, '127.0.0.1');
  context?.after(() => app.close());
  return { app, host: new Embedded(app.get(Suda), (app.getHttpServer().address() as AddressInfo).port) };
}

/** A guard with a dependency, as applications write them. */
class Accounts {
  readonly #names: Readonly<Record<string, string>> = { '42': 'Mina', '7': 'Jihun' };
  find(id: string): { id: string; name: string } | undefined {
    const name = this.#names[id];
    return name === undefined ? undefined : { id, name };
  }
}
decorated(Accounts, Injectable());

class AccountsModule {}
decorated(AccountsModule, Global(), Module({ providers: [Accounts], exports: [Accounts] }));

interface GuardedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: unknown;
}

class AccountGuard implements CanActivate {
  readonly #accounts: Accounts;
  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }
  canActivate(context: ExecutionContext): boolean {
    assert.deepEqual([context.getType(), context.getClass(), context.getHandler().name], ['http', SudaDoor, 'enter']);
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const user = this.#accounts.find(request.headers['x-account'] ?? '');
    if (user === undefined) throw new UnauthorizedException();
    request.user = user;
    return true;
  }
}
decorated(AccountGuard, Injectable());
Inject(Accounts)(AccountGuard, undefined, 0);

for (const [platform, adapter] of platforms) {
  describe(`inside Nest on ${platform}`, () => {
    it('P5 every transport, with the host’s own identity, beside the application’s routes and sockets, under a global prefix', async (context) => {
      const { app, host } = await start(context, adapter(), SudaModule.forRoot({ ...kept(), identity: byCookie }), { prefix: 'api' });
      const own = new WebSocketServer({ server: app.getHttpServer(), path: '/own' });
      own.on('connection', (socket) => socket.send('the shop'));
      const headers = cookieOf(mina);
      const room = await host.suda.createRoom({ name: 'Support', kind: 'private' }, { as: mina });
      const socket = await host.socket(headers);
      await socket.ask('room.open', { room: room.id });
      const stream = await host.stream(`?room=${room.id}`, headers);
      const auth = { rooms: [{ room: room.id }] };
      const clients = await Promise.all(travels.map(([, travel]) => host.socketIo({ ...travel, extraHeaders: headers, auth })));
      for (const client of clients) await client.events.first('the room', ({ event }) => event === 'reset');
      await host.ask('message.send', { room: room.id, clientId: 'c', text: '안녕' }, undefined, headers);
      for (const { events } of [socket, stream, ...clients]) {
        assert.equal((await events.first('the message', ({ event }) => event === 'message')).data.text, '안녕');
      }
      assert.equal(await (await fetch(`${host.origin}/api`)).text(), 'the shop');
      assert.equal((await fetch(`${host.origin}/nothing`)).status, 404);
      const theirs = new WebSocket(`ws://127.0.0.1:${host.port}/own`);
      assert.equal(String((await within('the shop’s word', once(theirs, 'message')))[0]), 'the shop');
      theirs.terminate();
      own.close();
      await stream.close();
      await socket.close();
      for (const client of clients) client.close();
    });

    it('R2.2 R2.3 people are known by the application’s guards, by requests and by handshakes; whom these refuse is nobody', async (context) => {
      const identity: SudaModuleOptions['identity'] = { guards: [AccountGuard] };
      const { host } = await start(context, adapter(), SudaModule.forRoot({ ...kept(), identity }), { imports: [AccountsModule] });
      const headers = { 'x-account': '42' };
      const id = host.suda.idOf('42');
      assert.deepEqual((await host.ask('hello', {}, undefined, headers)).user, { id, name: 'Mina', guest: false });
      const socket = await host.socket(headers);
      assert.equal((await socket.ask('hello', {})).user.id, id);
      await socket.close();
      const client = await host.socketIo({ extraHeaders: headers });
      assert.equal((await client.ask('hello', {})).user.id, id);
      client.close();
      assert.equal(await refusalOf(host.ask('room.list', {})), 'unauthenticated');
      assert.equal(await refusalOf(host.ask('room.list', {}, undefined, { 'x-account': '999' })), 'unauthenticated');
    });

    it('guards may answer as Nest lets them, see the platform’s request, and fail without anyone being let in', async (context) => {
      const answers: Readonly<Record<string, () => ReturnType<CanActivate['canActivate']>>> = {
        yes: () => true,
        later: async () => true,
        observable: () => of(true),
        no: () => false,
        forbidden: () => {
          throw new ForbiddenException();
        },
        broken: () => {
          throw new Error('the database is away');
        },
      };
      const seen: unknown[] = [];
      const guard: CanActivate = {
        canActivate(context) {
          const request = context.switchToHttp().getRequest();
          seen.push(platform === 'Express' ? request.get('x-answer') : request.raw.headers['x-answer'], request.query.wait);
          return answers[request.headers['x-answer']]?.() ?? false;
        },
      };
      const identity: SudaModuleOptions['identity'] = {
        guards: [guard],
        middleware: (request: { session?: unknown }, _response, next) => {
          request.session = mina;
          next();
        },
        user: (request) => (request.raw ?? request).session,
      };
      const logger = pino({ level: 'silent' });
      const { host } = await start(context, adapter(), SudaModule.forRoot({ ...kept(), identity, logger }));
      for (const name of ['yes', 'later', 'observable']) {
        assert.equal((await host.ask('hello', {}, undefined, { 'x-answer': name })).user.name, 'Mina');
      }
      for (const [name, code] of [
        ['no', 'unauthenticated'],
        ['forbidden', 'unauthenticated'],
        ['broken', 'unavailable'],
      ] as const)
        assert.equal(await refusalOf(host.ask('room.list', {}, undefined, { 'x-answer': name })), code);
      assert.equal((await host.call('GET', '/v1/poll?room=lobby&wait=0', { headers: { 'x-answer': 'no' } })).status, 401);
      assert.deepEqual(seen.slice(-2), ['no', '0']);
    });

    it('P3 what happens is heard by methods with @OnSuda; the chat is injected where it is wanted', async (context) => {
      const heard: string[] = [];
      class Helper {
        readonly #suda: Suda;
        constructor(suda: Suda) {
          this.#suda = suda;
        }
        async onModuleInit(): Promise<void> {
          await this.#suda.foundRoom('support', 'Support');
        }
        async onMessage({ room, message }: Happenings['message']): Promise<void> {
          heard.push(message.text);
          if (message.text === 'help') await this.#suda.post(room, 'coming', { as: { id: 'helper', name: 'Helper' } });
        }
        both(): void {
          heard.push('both');
        }
      }
      method(Helper, 'onMessage', OnSuda('message'));
      method(Helper, 'both', OnSuda('member.joined'), OnSuda('room.changed'));
      decorated(Helper, Injectable());
      Inject(Suda)(Helper, undefined, 0);
      const { host } = await start(context, adapter(), SudaModule.forRootAsync({ useFactory: async () => kept() }), {
        providers: [Helper],
      });
      const helper = { id: 'helper', name: 'Helper' };
      await host.suda.command('room.join', { room: 'support' }, { as: helper });
      await host.suda.command('room.join', { room: 'support' }, { as: mina });
      const answered = new Promise<void>((resolve) => {
        host.suda.on('message', ({ message }) => message.text === 'coming' && resolve());
      });
      await host.suda.post('support', 'help', { as: mina });
      await within('the helper', answered);
      assert.deepEqual(heard, ['both', '', 'both', '', 'help', 'coming']);
    });

    it('R5.9 R7.2 closes before the server does: polls are answered, sockets sent away; started again, it goes on with its data', async (context) => {
      const data = mkdtempSync(join(tmpdir(), 'suda-nest-'));
      context.after(() => rmSync(data, { recursive: true, force: true }));
      class Settings {
        readonly data = data;
      }
      class SettingsModule {}
      decorated(SettingsModule, Module({ providers: [Settings], exports: [Settings] }));
      const chat = (): DynamicModule =>
        SudaModule.forRootAsync({
          imports: [SettingsModule],
          inject: [Settings],
          useFactory: (settings: Settings) => ({ data: settings.data, page: false, identity: byCookie }),
        });
      const headers = cookieOf(mina);
      const first = await start(undefined, adapter(), chat());
      await first.host.ask('room.join', { room: 'lobby' }, undefined, headers);
      await first.host.suda.post('lobby', 'before', { as: mina });
      const socket = await first.host.socket(headers);
      const { json } = await first.host.call('GET', '/v1/poll?room=lobby&wait=0', { headers });
      const held = first.host.call('GET', `/v1/poll?room=lobby&cursor=${json.cursor}&wait=50`, { headers });
      await first.host.call('GET', '/v1/poll?room=lobby&wait=0', { headers });
      await within('the end of the application', first.app.close());
      assert.equal((await held).status, 200);
      assert.equal((await socket.closed).code, 4501);
      const second = await start(context, adapter(), chat());
      const { messages } = await second.host.ask('message.list', { room: 'lobby' }, undefined, headers);
      assert.equal(messages.at(-1)?.text, 'before');
    });
  });
}

describe('SudaModule', () => {
  it('P8 says at the start what can’t be meant', async () => {
    for (const options of [{ path: 'chat' }, { unknown: true }]) {
      await assert.rejects(start(undefined, new ExpressAdapter(), SudaModule.forRoot({ ...kept(), ...options })), {
        name: 'Error',
        message: /path is "chat"|no option "unknown"/,
      });
    }
    class NeedsMore {
      canActivate(): boolean {
        return true;
      }
    }
    decorated(NeedsMore, Injectable());
    Inject('nobody provides this')(NeedsMore, undefined, 0);
    const identity: SudaModuleOptions['identity'] = { guards: [NeedsMore] };
    await assert.rejects(start(undefined, new ExpressAdapter(), SudaModule.forRoot({ ...kept(), identity })), /nobody provides this/);
  });

  it('without a server, the host’s code works all the same', async () => {
    class Root {}
    decorated(Root, Module({ imports: [SudaModule.forRoot(kept())] }));
    const app = await NestFactory.createApplicationContext(Root, { logger: false });
    const suda = app.get(Suda);
    await suda.command('room.join', { room: 'lobby' }, { as: mina });
    assert.equal((await suda.post('lobby', 'hi', { as: mina })).pos, 2);
    await app.close();
    await assert.rejects(suda.post('lobby', 'late', { as: mina }), { code: 'unavailable' });
  });
});
