import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { Inbox } from '../wire/inbox.ts';
import { Stage } from '../wire/stage.ts';
import { launch, noChromium } from './chromium.ts';
import { FaultyProxy } from './faulty-proxy.ts';

const bundle = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('socket.io-client/package.json')), 'dist/socket.io.min.js'),
);

/** A site of somebody else's: a page and the client's own bundle. @returns its origin */
async function site(context: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const script = request.url === '/socket.io.min.js';
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html; charset=utf-8' });
    response.end(script ? bundle : '<!doctype html><title>elsewhere</title><script src="/socket.io.min.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** What the page tells the test. */
interface Said {
  readonly is: 'connected' | 'disconnected' | 'refused' | 'transport' | 'reset' | 'message';
  // biome-ignore lint/suspicious/noExplicitAny: what the page said
  readonly of?: any;
}

interface Place {
  readonly url: string;
  readonly token: string;
  readonly room: string;
}

/** Connects from a page as any page would, with its cursor; everything that happens is told to the test. */
async function begin(page: Page, place: Place): Promise<Inbox<Said>> {
  const said = new Inbox<Said>();
  await page.exposeFunction('tell', (what: Said) => said.push(what));
  await page.evaluate(({ url, token, room }) => {
    // biome-ignore lint/suspicious/noExplicitAny: names of the page's own
    const { io, tell } = globalThis as any;
    let cursor: { epoch?: string; rev?: number } = {};
    const socket = io(url, {
      auth: (give: (auth: unknown) => void) => give({ token, rooms: [{ room, ...cursor }] }),
      retries: 1_000,
      ackTimeout: 2_000,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
    });
    Object.assign(globalThis, { socket });
    // At the opening, not at the connection: an upgrade may be quicker than that.
    let opened = '';
    socket.on('connect', () => tell({ is: 'connected', of: { id: socket.id, transport: opened } }));
    socket.io.on('open', () => {
      opened = socket.io.engine.transport.name;
      socket.io.engine.once('upgrade', ({ name }: { name: string }) => tell({ is: 'transport', of: name }));
    });
    socket.on('disconnect', (of: string) => tell({ is: 'disconnected', of }));
    socket.on('connect_error', ({ message }: Error) => tell({ is: 'refused', of: message }));
    socket.on('reset', ({ epoch, head }: { epoch: string; head: number }) => {
      cursor = { epoch, rev: head };
      tell({ is: 'reset', of: head });
    });
    const take = ({ rev, text }: { rev: number; text: string }): void => {
      tell({ is: 'message', of: { rev, text, known: rev <= (cursor.rev ?? 0) } });
      cursor.rev = rev;
    };
    socket.on('message', take);
    socket.on('message.changed', take);
  }, place);
  return said;
}

/** Says something from the page. @returns the acknowledgement */
const say = (page: Page, room: string, text: string) =>
  page.evaluate(
    ([where, what]) => {
      // biome-ignore lint/suspicious/noExplicitAny: the page's own socket
      const { socket } = globalThis as any;
      return socket.emitWithAck('message.send', { room: where, clientId: Math.random().toString(36), text: what });
    },
    [room, text] as const,
  );

describe('socket.io-client’s own bundle in a real Chromium', { skip: noChromium ?? false, timeout: 120_000 }, () => {
  it('R2.4 R9.1 R9.6 a page of an allowed origin polls, upgrades, talks, is cut, and goes on from its cursor', async (context) => {
    const origin = await site(context);
    const stage = await Stage.open(context, { origins: [origin] });
    const { room, people } = await stage.room(['Ann', 'Bob']);
    const [ann, bob] = people;
    const proxy = new FaultyProxy(stage.port);
    context.after(() => proxy.close());
    const browser = await launch();
    context.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    const said = await begin(page, { url: await proxy.listen(), token: ann.token, room });
    const first = await said.first('the connection', ({ is }) => is === 'connected');
    assert.equal(first.of.transport, 'polling');
    await said.first('the room', ({ is }) => is === 'reset');
    assert.equal((await said.first('the upgrade', ({ is }) => is === 'transport')).of, 'websocket');
    const heard = (text: string) => said.first(text, ({ is, of }) => is === 'message' && of.text === text);

    const { data } = await say(page, room, '안녕 from elsewhere');
    await heard('안녕 from elsewhere');
    await bob.say(room, 'welcome');
    await heard('welcome');
    proxy.down = true;
    const before = said.all.length;
    proxy.cut();
    await said.first('the cut', ({ is }) => is === 'disconnected', before);
    for (let i = 0; i < 40; i++) await bob.say(room, `missed ${i}`);
    const sent = say(page, room, 'said while away');
    proxy.down = false;
    assert.ok((await sent).data.pos > data.pos + 40);
    await heard('said while away');
    const { rev } = await bob.say(room, 'the end');
    await heard('the end');

    const messages = said.all.filter(({ is }) => is === 'message').map(({ of }) => of);
    assert.deepEqual(
      messages.map((message) => message.rev),
      Array.from({ length: 44 }, (_, i) => rev - 43 + i),
    );
    assert.ok(messages.every(({ known }) => !known));
    assert.equal(said.all.filter(({ is }) => is === 'reset').length, 1);
  });

  it('R2.4 a page of any other origin does not get in', async (context) => {
    const origin = await site(context);
    const stage = await Stage.open(context, { origins: ['https://friend.example'] });
    const { room, people } = await stage.room(['Ann']);
    const browser = await launch();
    context.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    const said = await begin(page, { url: stage.url, token: people[0].token, room });
    await said.first('the refusal', ({ is }) => is === 'refused');
    assert.ok(said.all.every(({ is }) => is === 'refused'));
    assert.equal(stage.server.realtime.sessions.size, 0);
  });
});
