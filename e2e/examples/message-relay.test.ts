import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { noChromium } from '../browser/chromium.ts';
import { type IoOptions, SocketIo, travels } from '../wire/socketio.ts';
import { chromium, visit } from './browsers.ts';
import { Example } from './example.ts';

async function client(context: TestContext, example: Example, options: IoOptions): Promise<SocketIo> {
  const socket = new SocketIo(example.url, options);
  context.after(() => socket.close());
  await socket.connected();
  return socket;
}

const texts = (socket: SocketIo): unknown[] => socket.events.all.filter(({ event }) => event === 'message').map(({ data }) => data);

describe('examples/message-relay', () => {
  for (const [how, travel] of travels) {
    it(`socket.io-client ${how}: each message goes to all; who left is forgotten, and the rest talk on`, async (context) => {
      const example = await Example.start(context, 'message-relay');
      const clients = [];
      for (let i = 0; i < 3; i++) clients.push(await client(context, example, travel));
      const [mina, jihun, sora] = clients as [SocketIo, SocketIo, SocketIo];
      await example.lines.first('log', (line) => line.endsWith('; 3 here'));
      mina.client.emit('message', '안녕');
      jihun.client.emit('message', { text: 'hello', to: ['all'] });
      for (const each of clients) await each.events.count(2, ({ event }) => event === 'message');
      // Two clients: either may have been first, and everyone hears the same order.
      const all = texts(mina);
      assert.ok(all.includes('안녕'));
      assert.deepEqual(texts(jihun), all);
      assert.deepEqual(texts(sora), all);

      const { id } = sora.client;
      sora.close();
      await example.lines.first('log', (line) => line === `${id} went (client namespace disconnect); 2 here`);
      mina.client.emit('message', 'after');
      await jihun.events.first('message', ({ data }) => data === 'after');
      await mina.events.first('message', ({ data }) => data === 'after');
      assert.ok(!texts(sora).includes('after'));
      const again = await client(context, example, travel);
      await example.lines.first('log', (line) => line === `${again.client.id} came; 3 here`);
    });
  }

  it('an empty message is an `error` that is handled: its sender hears of it, the others hear nothing', async (context) => {
    const example = await Example.start(context, 'message-relay');
    const [mina, jihun] = [await client(context, example, {}), await client(context, example, {})];
    mina.client.emit('message', '');
    await mina.events.first('refusal', ({ event }) => event === 'refused');
    mina.client.emit('message', 'something');
    await jihun.events.first('message', ({ data }) => data === 'something');
    assert.deepEqual(
      jihun.events.all.map(({ event }) => event),
      ['message'],
    );
  });

  it('two pages', { skip: noChromium }, async (context) => {
    const example = await Example.start(context, 'message-relay');
    const browser = await chromium(context);
    const [mina, jihun] = await Promise.all([visit(browser, example.url), visit(browser, example.url)]);
    await example.lines.first('log', (line) => line.endsWith('; 2 here'));
    await mina.locator('#text').fill('<i>안녕</i>');
    await mina.keyboard.press('Enter');
    for (const page of [mina, jihun]) await page.locator('#log li').filter({ hasText: '<i>안녕</i>' }).waitFor();
    await mina.context().close();
    await example.lines.first('log', (line) => line.endsWith('(transport close); 1 here'));
  });
});
