import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../browser/chromium.ts';
import { type IoOptions, SocketIo, travels } from '../wire/socketio.ts';
import { chromium, visit } from './browsers.ts';
import { Example } from './example.ts';

async function client(context: TestContext, example: Example, options: IoOptions = {}): Promise<SocketIo> {
  const socket = new SocketIo(example.url, options);
  context.after(() => socket.close());
  await socket.connected();
  await socket.events.first('greeting', ({ event }) => event === 'welcome');
  return socket;
}

/** Everything that was said to all and to rooms. */
const heard = (socket: SocketIo): unknown[] => socket.events.all.filter(({ event }) => event === 'broadcast').map(({ data }) => data);

/** Said to everyone last: whoever has it has everything that was said before. */
async function roundUp(clients: readonly SocketIo[], speaker: SocketIo): Promise<void> {
  speaker.client.emit('socketSend', 'the end');
  for (const each of clients) await each.events.first('end', ({ data }) => data === 'the end');
}

const rooms = async (example: Example): Promise<unknown> => (await fetch(`${example.url}/rooms`)).json();

describe('examples/group-chat', () => {
  for (const [how, travel] of travels) {
    it(`socket.io-client ${how}: to everyone, to one by its id, to those in a room; who is in neither hears nothing`, async (context) => {
      const example = await Example.start(context, 'group-chat');
      const [mina, jihun, sora] = [
        await client(context, example, travel),
        await client(context, example, travel),
        await client(context, example, travel),
      ];
      const all = [mina, jihun, sora];
      for (const { client: io, events } of all) {
        const greetings = events.all.filter(({ event }) => event === 'welcome').map(({ data }) => data);
        assert.deepEqual(greetings, [`${io.id} 님, 어서 오세요. Welcome.`], 'each its own greeting, and no other');
      }

      mina.client.emit('socketSend', '모두에게');
      for (const each of all) await each.events.first('broadcast', ({ data }) => data === '모두에게');

      mina.client.emit('joinroom', 'room1');
      // Two connections have no order between them: she is in before he speaks.
      while (JSON.stringify(await rooms(example)).includes('{"room":"room1","members":0}'));
      jihun.client.emit('joinroom', 'room1').emit('joinroom', 'room2').emit('room1-send', 'to the first');
      await jihun.events.first('words', ({ data }) => data === 'to the first');
      jihun.client.emit('room2-send', 'to the second');
      await jihun.events.first('words', ({ data }) => data === 'to the second');
      assert.deepEqual(await rooms(example), [
        { room: 'room1', members: 2 },
        { room: 'room2', members: 1 },
      ]);
      sora.client.emit('room1-send', 'from outside');
      await sora.events.first('refusal', ({ event }) => event === 'refused');
      mina.client.emit('leaveroom', 'room1').emit('room1-send', 'after leaving');
      await mina.events.first('refusal', ({ event }) => event === 'refused');
      jihun.client.emit('room1-send', 'for the rest');
      await jihun.events.first('words', ({ data }) => data === 'for the rest');
      await roundUp(all, jihun);
      assert.deepEqual(heard(mina), ['모두에게', 'to the first', 'the end']);
      assert.deepEqual(heard(jihun), ['모두에게', 'to the first', 'to the second', 'for the rest', 'the end']);
      assert.deepEqual(heard(sora), ['모두에게', 'the end']);

      jihun.close();
      await example.lines.first('departure', (line) => line.endsWith('disconnected (client namespace disconnect)'));
      assert.deepEqual(await rooms(example), [
        { room: 'room1', members: 0 },
        { room: 'room2', members: 0 },
      ]);
    });
  }

  it('nobody enters a room that the server does not know: not another one’s, not by a list', async (context) => {
    const example = await Example.start(context, 'group-chat');
    const [mina, jihun] = [await client(context, example), await client(context, example)];
    for (const room of [mina.client.id, ['room1'], 'room3', '', null, undefined, {}]) jihun.client.emit('joinroom', room);
    jihun.client.emit('room1-send', 'nobody hears it');
    await jihun.events.first('refusal', ({ event }) => event === 'refused');
    await roundUp([mina, jihun], mina);
    assert.deepEqual(heard(jihun), ['the end']);
    assert.deepEqual(await rooms(example), [
      { room: 'room1', members: 0 },
      { room: 'room2', members: 0 },
    ]);
  });

  it('three pages of a browser', { skip: noChromium }, async (context) => {
    const example = await Example.start(context, 'group-chat');
    const browser = await chromium(context);
    const pages = await Promise.all([1, 2, 3].map(() => visit(browser, example.url)));
    const [mina, jihun, sora] = pages as [Page, Page, Page];
    const sees = (page: Page, text: string) => page.locator('#log li').filter({ hasText: text }).waitFor();
    const say = async (page: Page, text: string, to: string): Promise<void> => {
      await page.locator('#text').fill(text);
      await page.getByRole('button', { name: to }).click();
    };
    for (const page of pages) await page.locator('#welcome', { hasText: 'Welcome' }).waitFor();
    await mina.getByRole('button', { name: 'Enter room 1' }).click();
    await jihun.getByRole('button', { name: 'Enter room 1' }).click();
    await say(jihun, '여기 있어요', 'To room 1');
    await sees(jihun, '여기 있어요');
    await say(mina, '<b>1번 방만</b>', 'To room 1');
    await Promise.all([sees(mina, '<b>1번 방만</b>'), sees(jihun, '<b>1번 방만</b>')]);
    await say(mina, '모두 안녕', 'Everyone');
    await Promise.all(pages.map((page) => sees(page, '모두 안녕')));
    assert.equal(await sora.locator('#log li').count(), 1, 'in neither room: only what everyone hears');
  });
});
