import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../browser/chromium.ts';
import { FaultyProxy } from '../browser/faulty-proxy.ts';
import { freePort } from '../server-process.ts';
import { Socket as Native } from '../wire/socket.ts';
import { type IoOptions, SocketIo, travels } from '../wire/socketio.ts';
import { chromium, visit } from './browsers.ts';
import { Example } from './example.ts';

/** The example with a data folder of its own. */
class NestChat {
  readonly folder: string;
  readonly #context: TestContext;
  #port = 0;
  example: Example | undefined;

  constructor(context: TestContext) {
    this.#context = context;
    this.folder = mkdtempSync(join(tmpdir(), 'suda-nest-chat-'));
    context.after(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** As `npm start` does, again on the same port. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    this.example = await Example.start(this.#context, 'nest-chat', {
      program: 'start.mjs',
      env: { SUDA_DATA: this.folder, PORT: String(this.#port) },
    });
  }

  get url(): string {
    return this.example?.url ?? '';
  }

  get port(): number {
    return this.#port;
  }

  static async open(context: TestContext): Promise<NestChat> {
    const chat = new NestChat(context);
    await chat.start();
    return chat;
  }

  /** Someone with a nickname, as an unmodified client. */
  async person(nickname: string, options: IoOptions = {}): Promise<SocketIo> {
    const me = `the secret of ${nickname}`;
    const socket = await SocketIo.connect(this.url, { auth: { me, nickname }, transports: ['websocket'], ...options });
    this.#context.after(() => socket.close());
    return socket;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what came, as it came
const ask = (by: SocketIo, event: string, ...data: unknown[]): Promise<any> => by.client.timeout(10_000).emitWithAck(event, ...data);

const say = (by: SocketIo, room: string, text: string, clientId: string = randomUUID()) => ask(by, 'message', { room, text, clientId });

/** The texts of a room's messages that came as events. */
const heard = (by: SocketIo): string[] =>
  by.events.all.filter(({ event, data }) => event === 'message' && data.kind === 'text').map(({ data }) => data.text);

const notice = (by: SocketIo, is: string) => by.events.first(is, ({ event, data }) => event === 'notice' && data.is === is);

describe('examples/nest-chat', () => {
  it('starts with npm start on a free port, and is a page', async (context) => {
    const example = await Example.start(context, 'nest-chat', {
      program: 'start.mjs',
      env: { SUDA_DATA: new NestChat(context).folder },
    });
    const answer = await fetch(example.url);
    assert.match(await answer.text(), /^<!doctype html>\n<html lang="ko">/i);
    assert.equal((await fetch(`${example.url}/chat/v1/rooms`)).status, 401, 'nobody comes in past the gateways');
  });

  for (const [how, travel] of travels) {
    it(`socket.io-client ${how}: nicknames, rooms, notices to everyone; a room’s words are for those in it`, async (context) => {
      const chat = await NestChat.open(context);
      const [mina, jihun, sora] = [await chat.person('미나', travel), await chat.person('지훈', travel), await chat.person('소라', travel)];
      await mina.events.first('all three', ({ event, data }) => event === 'people' && data.length === 3);
      const { id } = await ask(mina, 'create', '점심 모임');
      assert.deepEqual(await ask(sora, 'create', ' 점심 모임 ').then((room) => room.id), id, 'there is one of a name');
      for (const each of [mina, jihun, sora]) {
        assert.deepEqual((await notice(each, 'created')).data, { is: 'created', name: '미나', room: '점심 모임' });
        assert.deepEqual((await each.events.first('room', ({ event }) => event === 'room')).data, { id, name: '점심 모임' });
      }
      await ask(mina, 'enter', { room: id });
      const { messages, reset } = await ask(jihun, 'enter', { room: id });
      assert.deepEqual([reset, messages.map(({ notice }: { notice?: { type: string } }) => notice?.type)], [true, ['created', 'joined']]);
      assert.equal((await notice(sora, 'entered')).data.name, '지훈');
      assert.deepEqual((await say(mina, id, '뭐 먹을까요?')).pos, 3);
      await jihun.events.first('question', ({ data }) => data.text === '뭐 먹을까요?');
      assert.equal((await say(sora, id, 'from outside')).error.code, 'not_member');
      assert.equal((await say(jihun, id, ' ')).error.code, 'invalid');
      assert.deepEqual(await ask(jihun, 'nickname', 'Jihun'), { name: 'Jihun' });
      await sora.events.first('the new name', ({ event, data }) => event === 'people' && data.includes('Jihun'));
      await say(jihun, id, '김밥!');
      const { data } = await mina.events.first('answer', ({ data }) => data.text === '김밥!');
      assert.equal(data.sender.name, 'Jihun');
      assert.deepEqual([heard(mina), heard(sora)], [['뭐 먹을까요?', '김밥!'], []]);
      jihun.close();
      await mina.events.first('his end', ({ event, data }) => event === 'people' && data.length === 2, mina.events.all.length);
    });
  }

  it('after a cut a client that gives its cursor has exactly what it missed; what is said twice is one message', async (context) => {
    const chat = await NestChat.open(context);
    const [mina, jihun] = [await chat.person('Mina'), await chat.person('Jihun')];
    const { id } = await ask(mina, 'create', 'Room');
    await ask(mina, 'enter', { room: id });
    const { epoch, head } = await ask(jihun, 'enter', { room: id });
    const gone = jihun.disconnected();
    jihun.client.io.engine.close();
    assert.equal(await gone, 'forced close');
    const missed = Array.from({ length: 40 }, (_, i) => `missed ${i}`);
    for (const text of missed) await say(mina, id, text);
    jihun.client.connect();
    await jihun.connected();
    const { changes, reset } = await ask(jihun, 'enter', { room: id, epoch, rev: head });
    assert.equal(reset, undefined);
    assert.deepEqual(
      changes.map(({ text }: { text: string }) => text),
      missed,
    );
    const first = await say(jihun, id, 'once', 'the-same');
    assert.deepEqual(await say(jihun, id, 'once', 'the-same'), first);
    await say(mina, id, 'the end');
    await jihun.events.first('the end', ({ data }) => data.text === 'the end');
    assert.deepEqual(heard(jihun), ['once', 'the end']);
    assert.deepEqual(
      jihun.events.all.filter(({ event, data }) => event === 'notice' && data.name === 'Jihun').length,
      1,
      'no second notice',
    );
  });

  it('killed and started again it has every room and message; clients come back by themselves', async (context) => {
    const chat = await NestChat.open(context);
    const mina = await chat.person('Mina');
    const { id } = await ask(mina, 'create', 'Room');
    const { epoch, head } = await ask(mina, 'enter', { room: id });
    await say(mina, id, 'before');
    const gone = mina.disconnected();
    await chat.example?.end();
    await gone;
    const back = new Promise<void>((resolve) => mina.client.once('connect', resolve));
    await chat.start();
    await back;
    const { me, rooms } = await ask(mina, 'rooms');
    assert.ok(rooms.some((room: { id: string }) => room.id === id));
    const { changes } = await ask(mina, 'enter', { room: id, epoch, rev: head });
    assert.deepEqual([changes.length, changes[0].text, changes[0].sender.id], [1, 'before', me]);
  });

  it('whoever has no nickname or no secret is not let in; a plain WebSocket is one of them', async (context) => {
    const chat = await NestChat.open(context);
    for (const auth of [{}, { me: 'a secret of sixteen', nickname: ' ' }, { me: 'short', nickname: 'Mina' }])
      await assert.rejects(chat.person('', { auth, reconnection: false }), { message: 'nickname' });
    const url = `${chat.url.replace('http', 'ws')}/v1/ws`;
    await assert.rejects(Native.open(url), { code: 'not_allowed' });
    const mina = await chat.person('Mina');
    const native = await Native.open(`${url}?me=the+secret+of+a+program&nickname=Program`);
    context.after(() => native.close());
    const { id } = await ask(mina, 'create', 'Room');
    await ask(mina, 'enter', { room: id });
    native.send('enter', { room: id }, 'enter');
    await native.replyTo('enter');
    await say(mina, id, 'hello, program');
    await native.events.first('greeting', ({ event, data }) => event === 'message' && data.text === 'hello, program');
    native.send('message', { room: id, text: 'hello, people', clientId: '1' }, 'said');
    await native.replyTo('said');
    await mina.events.first('answer', ({ data }) => data.text === 'hello, people' && data.sender.name === 'Program');
  });

  it('two people in a browser: one is cut off, comes back, and has everything once and in order', { skip: noChromium }, async (context) => {
    const chat = await NestChat.open(context);
    const proxy = new FaultyProxy(chat.port);
    context.after(() => proxy.close());
    const browser = await chromium(context);
    const [mina, jihun] = await Promise.all([visit(browser, chat.url), visit(browser, await proxy.listen())]);
    for (const [page, name] of [
      [mina, '미나'],
      [jihun, '지훈'],
    ] as const) {
      await page.getByLabel('닉네임').fill(name);
      await page.getByRole('button', { name: '시작' }).click();
    }
    await mina.getByLabel('새 방 이름').fill('점심 모임');
    await mina.getByRole('button', { name: '만들기' }).click();
    await jihun.getByText('미나 님이 ‘점심 모임’ 방을 만들었습니다.').waitFor();
    await jihun.getByRole('button', { name: '점심 모임' }).click();
    const type = async (page: Page, text: string): Promise<void> => {
      await page.getByLabel('메시지를 입력하세요').fill(text);
      await page.getByRole('button', { name: '보내기' }).click();
    };
    const sees = (page: Page, text: string) => page.locator('#messages .text:not(.sending)', { hasText: text }).waitFor();
    await mina.getByText('지훈 님이 들어왔습니다').waitFor();
    await type(mina, '<b>안녕</b>');
    await sees(jihun, '<b>안녕</b>');

    proxy.down = true;
    proxy.cut();
    await jihun.getByRole('status').filter({ hasText: '다시 연결하는 중' }).waitFor();
    for (let i = 0; i < 10; i++) await type(mina, `missed ${i}`);
    await sees(mina, 'missed 9');
    await type(jihun, 'said while away');
    await jihun.locator('#messages .sending').waitFor();
    proxy.down = false;
    await Promise.all([sees(mina, 'said while away'), sees(jihun, 'said while away')]);
    await type(mina, 'the end');
    const expected = ['<b>안녕</b>', ...Array.from({ length: 10 }, (_, i) => `missed ${i}`), 'said while away', 'the end'];
    for (const page of [mina, jihun]) {
      await sees(page, 'the end');
      assert.deepEqual(await page.locator('#messages .text > span').allTextContents(), expected);
    }
    assert.equal(await jihun.locator('#messages .mine').count(), 1);
    await jihun.reload();
    await sees(jihun, 'the end');
    assert.deepEqual(await jihun.locator('#messages .text > span').allTextContents(), expected, 'and after opening the page again');
  });
});
