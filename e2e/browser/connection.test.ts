import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { devices, type Page } from 'playwright-core';
import { eventually, noChromium, say, texts } from './chromium.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { Stage } from './stage.ts';

const count = (list: readonly string[], text: string): number => list.filter((one) => one === text).length;

/** By which transport a page is connected, as its settings say to whoever asks. */
async function transport(page: Page): Promise<string> {
  await page.getByTestId('settings').click();
  const said = (await page.getByTestId('connection').textContent()) ?? '';
  await page.keyboard.press('Escape');
  return said;
}

describe('the connection', { skip: noChromium ?? false, concurrency: 1, timeout: 500_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
  });
  after(() => stage?.close());
  beforeEach(() => {
    stage.proxy.down = false;
    stage.proxy.mute = false;
    stage.proxy.refuseUpgrade = false;
  });

  it('39 a blink of the line shows nothing; after about five seconds the banner is there, and typing goes on', async () => {
    const banner = mina.getByTestId('offline-banner');
    stage.proxy.cut();
    await say(jihun, 'after the blink');
    await eventually(mina, 'the blink is over', (list) => list.includes('after the blink'));
    assert.equal(await banner.count(), 0);

    stage.proxy.down = true;
    stage.proxy.cut();
    const begin = Date.now();
    await mina.getByTestId('composer').fill('쓰던 글');
    await banner.waitFor({ timeout: 20_000 });
    const after = Date.now() - begin;
    assert.ok(after > 3_500 && after < 12_000, `after ${after} ms`);
    assert.equal(await mina.getByTestId('composer').inputValue(), '쓰던 글');
    assert.ok(await mina.getByTestId('composer').isEditable());
    stage.proxy.down = false;
    await banner.waitFor({ state: 'hidden', timeout: 30_000 });
    assert.equal(await mina.getByTestId('composer').inputValue(), '쓰던 글');
    await mina.getByTestId('composer').fill('');
  });

  it('40 asleep for eight hours by the clock: right again within three seconds, no reload', async () => {
    const sora = await stage.guest('소라', { faulty: true });
    await sora.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    await sora.clock.install();
    stage.proxy.down = true;
    stage.proxy.cut();
    await say(jihun, 'said in the night');
    await sora.clock.fastForward('08:00:00');
    stage.proxy.down = false;
    const begin = Date.now();
    await sora.clock.resume();
    await sora.evaluate(() => {
      document.dispatchEvent(new Event('resume'));
      window.dispatchEvent(new Event('focus'));
    });
    await eventually(sora, 'what was said in the night', (list) => list.includes('said in the night'), 10_000);
    const took = Date.now() - begin;
    assert.ok(took < 5_000, `it took ${took} ms`);
    assert.equal(await sora.locator('body').getAttribute('data-same-page'), 'yes');
    await sora.context().close();
  });

  it('41 a proxy that cuts WebSockets in the middle of their work: by another way, and it is said only to whoever asks', async () => {
    const sora = await stage.guest('소라', { faulty: true });
    assert.match(await transport(sora), /WebSocket/);
    stage.proxy.refuseUpgrade = true;
    stage.proxy.cut();
    await say(sora, '다른 길로');
    await eventually(jihun, 'she is heard', (list) => list.includes('다른 길로'), 40_000);
    await say(jihun, 'and hears');
    await eventually(sora, 'she hears', (list) => list.includes('and hears'), 40_000);
    await sora.getByTestId('offline-banner').waitFor({ state: 'hidden' });
    assert.equal(await sora.getByText(/WebSocket|Server-Sent|polling/i).count(), 0);
    assert.doesNotMatch(await transport(sora), /WebSocket/);
    assert.equal(count(await texts(jihun), '다른 길로'), 1);
    await sora.context().close();
  });

  it('41 neither WebSocket nor event stream gets through: polling does', async () => {
    const sora = await stage.guest('소라', { faulty: true });
    await sora.context().route('**/v1/events**', (route) => route.abort());
    stage.proxy.refuseUpgrade = true;
    stage.proxy.cut();
    await say(sora, '느린 길로');
    await eventually(jihun, 'she is heard', (list) => list.includes('느린 길로'), 60_000);
    await say(jihun, 'over polling');
    await eventually(sora, 'she hears', (list) => list.includes('over polling'), 60_000);
    assert.match(await transport(sora), /HTTP/);
    await sora.context().close();
  });

  it('42 on a phone, away from a room in which much was said, edited and deleted: all of it is right when one comes back', async () => {
    const phone = await stage.guest('전화', { ...devices['Pixel 7'], locale: 'ko-KR', faulty: true });
    const writer = await stage.server.guest('작가');
    await stage.server.call('POST', '/v1/rooms/lobby/join', {}, writer.token);
    const at = (path: string): string => `/v1/rooms/lobby/messages${path}`;
    const send = async (text: string): Promise<number> =>
      (
        await stage.server.call<{ pos: number }>(
          'POST',
          at(''),
          { clientId: text.replaceAll(/\W/gu, '') + Math.random(), text },
          writer.token,
        )
      ).body.pos;
    const places: number[] = [];
    for (let i = 0; i < 20; i += 1) places.push(await send(`전 ${i}`));
    await eventually(phone, 'the beginning', (list) => list.includes('전 19'));
    stage.proxy.down = true;
    stage.proxy.cut();
    // What she has seen changes too, not only what is new.
    for (let i = 0; i < 5; i += 1) await stage.server.call('PATCH', at(`/${places[10 + i]}`), { text: `고침 ${i}` }, writer.token);
    for (let i = 0; i < 3; i += 1) await stage.server.call('DELETE', at(`/${places[16 + i]}`), undefined, writer.token);
    for (let i = 0; i < 60; i += 1) await send(`후 ${i}`);
    stage.proxy.down = false;
    const pill = phone.getByTestId('new-pill');
    await Promise.race([pill.waitFor({ timeout: 30_000 }), eventually(phone, 'the end', (list) => list.includes('후 59'), 30_000)]);
    if (await pill.isVisible()) await pill.click();
    await eventually(phone, 'the end', (list) => list.includes('후 59'), 30_000);
    const { body } = await stage.server.call<{ messages: { text: string; deleted?: true; kind: string }[] }>(
      'GET',
      `${at('')}?limit=90`,
      undefined,
      writer.token,
    );
    const told = body.messages.filter(({ kind, deleted }) => kind === 'text' && !deleted).map(({ text }) => text);
    const seen = (await texts(phone)).filter((text) => told.includes(text));
    assert.deepEqual(seen, told.slice(-seen.length));
    assert.ok(seen.length >= 20, `${seen.length} are in view`);
    for (let i = 0; i < 3; i += 1) assert.ok(!(await texts(phone)).includes(`전 ${16 + i}`), 'what was deleted is gone');
    await phone.context().close();
  });

  it('43 the server is killed with answers on their way, and started again: no reload, no storm, nothing lost or doubled', async () => {
    for (const page of [mina, jihun]) await page.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    let asked = 0;
    jihun.on('request', () => {
      asked += 1;
    });
    jihun.on('websocket', () => {
      asked += 1;
    });
    const burst = Array.from({ length: 8 }, (_, i) => `한창 ${i}`);
    for (const text of burst.slice(0, 4)) await say(mina, text);
    await stage.server.end('SIGKILL');
    for (const text of burst.slice(4)) await say(mina, text);
    asked = 0;
    const down = Date.now();
    await jihun.getByTestId('offline-banner').waitFor({ timeout: 20_000 });
    const perSecond = asked / ((Date.now() - down) / 1_000);
    assert.ok(perSecond < 5, `${perSecond} tries a second`);
    await stage.server.start();
    await eventually(jihun, 'all of it', (list) => burst.every((text) => list.includes(text)), 60_000);
    assert.deepEqual(
      (await texts(jihun)).filter((text) => text.startsWith('한창')),
      burst,
    );
    await eventually(mina, 'for her too', (list) => burst.every((text) => count(list, text) === 1), 60_000);
    for (const page of [mina, jihun]) {
      await page.getByTestId('offline-banner').waitFor({ state: 'hidden', timeout: 30_000 });
      assert.equal(await page.locator('body').getAttribute('data-same-page'), 'yes');
    }
  });

  it('41 a line that loses the first bytes of every new connection now and then is no worse than slow', async () => {
    const shaky = new FaultyProxy(stage.server.port);
    const url = await shaky.listen();
    try {
      const context = await stage.browser.newContext({ locale: 'ko-KR' });
      const page = await context.newPage();
      await page.goto(url);
      await page.getByTestId('name-input').fill('흔들');
      await page.getByTestId('name-submit').click();
      await page.getByTestId('composer').waitFor();
      for (let i = 0; i < 6; i += 1) {
        shaky.mute = i % 2 === 0;
        await say(page, `흔들 ${i}`);
        shaky.cut();
      }
      shaky.mute = false;
      await eventually(jihun, 'all six', (list) => list.filter((text) => text.startsWith('흔들 ')).length >= 6, 40_000);
      assert.deepEqual(
        (await texts(jihun)).filter((text) => text.startsWith('흔들 ')),
        Array.from({ length: 6 }, (_, i) => `흔들 ${i}`),
      );
      await context.close();
    } finally {
      await shaky.close();
    }
  });
});
