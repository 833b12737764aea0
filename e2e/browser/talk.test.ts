import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ServerProcess } from '../server-process.ts';
import { eventually, kept, noChromium, say, texts, visitor } from './chromium.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { Stage } from './stage.ts';

const count = (list: readonly string[], text: string): number => list.filter((one) => one === text).length;

describe('two people in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let stage: Stage;
  let server: ServerProcess;
  let browser: Browser;
  let proxy: FaultyProxy;
  let mina: Page;
  let jihun: Page;

  before(async () => {
    stage = await Stage.open();
    ({ server, browser, proxy, mina, jihun } = stage);
  });

  after(() => stage?.close());

  beforeEach(async () => {
    for (const page of [mina, jihun]) await page.getByTestId('composer').fill('');
  });

  it('speaks Korean to one and English to the other', async () => {
    assert.equal(await mina.locator('html').getAttribute('lang'), 'ko');
    assert.equal(await jihun.locator('html').getAttribute('lang'), 'en');
  });

  it('1 2 6 a message shows before any answer, as pending; its answer lost, it is there once', async (test) => {
    proxy.mute = true;
    try {
      await mina.getByTestId('composer').fill('보이나요');
      // Looked at in the page itself, before the frame after the key is painted: there is no clock of ours in between.
      await mina.evaluate(() => {
        const shown = new Promise<{ there: boolean; ms: number }>((resolve) => {
          addEventListener(
            'keydown',
            () => {
              performance.mark('enter');
              requestAnimationFrame(() => {
                performance.mark('frame');
                const said = [...document.querySelectorAll('[data-testid=message]')].at(-1);
                resolve({
                  there: said?.textContent?.includes('보이나요') ?? false,
                  ms: performance.measure('shown', 'enter', 'frame').duration,
                });
              });
            },
            { capture: true, once: true },
          );
        });
        Object.assign(window, { shown });
      });
      await mina.getByTestId('composer').press('Enter');
      const { there, ms } = await mina.evaluate(() => (window as unknown as { shown: Promise<{ there: boolean; ms: number }> }).shown);
      test.diagnostic(`shown ${ms.toFixed(1)} ms after Enter`);
      assert.ok(there, 'it is in the frame that follows the key');
      const mine = mina.getByTestId('message').filter({ hasText: '보이나요' });
      assert.equal(await mine.getAttribute('data-state'), 'pending', '2 pending looks different');
    } finally {
      // 6: the commit is done, its answer was lost, the socket dies.
      proxy.cut();
      proxy.mute = false;
    }
    await eventually(jihun, 'Jihun reads it', (list) => list.includes('보이나요'));
    await mina.locator('[data-testid=message][data-state=sent]').filter({ hasText: '보이나요' }).waitFor();
    assert.equal(count(await texts(mina), '보이나요'), 1, '6 one copy for the sender');
    assert.equal(count(await texts(jihun), '보이나요'), 1, '6 one copy for everyone');
  });

  it('24 the exact time is seen on hover and on focus', async () => {
    const message = mina.getByTestId('message').filter({ hasText: '보이나요' });
    await message.hover();
    await message.getByTestId('exact-time').waitFor();
    await mina.getByTestId('composer').hover();
    await message.getByTestId('exact-time').waitFor({ state: 'detached' });
    await message.focus();
    assert.match((await message.getByTestId('exact-time').textContent()) ?? '', /20\d\d/);
    await mina.getByTestId('composer').click();
  });

  it('4 Enter pressed five times fast sends one message', async () => {
    await mina.getByTestId('composer').fill('다섯 번');
    for (let i = 0; i < 5; i++) await mina.keyboard.press('Enter');
    await say(mina, '그 다음');
    await eventually(jihun, 'what follows arrives', (list) => list.includes('그 다음'));
    assert.equal(count(await texts(jihun), '다섯 번'), 1);
  });

  it('5 39 offline: both write, the banner comes, typing goes on; back: everything once and in order', async () => {
    proxy.down = true;
    proxy.cut();
    const offline = Array.from({ length: 10 }, (_, i) => `오프라인 ${i + 1}`);
    for (const text of offline) await say(mina, text);
    for (let i = 0; i < 5; i++) await say(jihun, `meanwhile ${i + 1}`);
    await mina.getByTestId('offline-banner').waitFor({ timeout: 15_000 });
    await mina.getByTestId('composer').fill('쓰는 중');
    proxy.down = false;
    await eventually(jihun, 'all ten arrive', (list) => offline.every((text) => list.includes(text)));
    assert.deepEqual(
      (await texts(jihun)).filter((text) => text.startsWith('오프라인')),
      offline,
    );
    await eventually(mina, 'Mina has what was said meanwhile', (list) => list.includes('meanwhile 5'));
    await mina.getByTestId('offline-banner').waitFor({ state: 'hidden' });
    assert.equal(await mina.getByTestId('composer').inputValue(), '쓰는 중', 'what was being typed is still there');
    await eventually(mina, 'both see the same', (list) => list.filter((text) => text.startsWith('오프라인')).length === 10);
    assert.deepEqual((await texts(mina)).slice(-15), (await texts(jihun)).slice(-15), 'P3 both see the same order');
  });

  it('7 reloading the page with messages in the outbox: they still go', async () => {
    proxy.mute = true;
    await say(mina, '새로고침 전 하나');
    await say(mina, '새로고침 전 둘');
    await mina.locator('[data-testid=message][data-state=pending]').filter({ hasText: '새로고침 전 둘' }).waitFor();
    await kept(mina, '새로고침 전 둘');
    proxy.cut();
    proxy.mute = false;
    await mina.reload();
    await eventually(jihun, 'both arrive', (list) => list.includes('새로고침 전 둘'));
    await eventually(mina, 'both are there', (list) => list.includes('새로고침 전 둘'));
    for (const text of ['새로고침 전 하나', '새로고침 전 둘']) {
      assert.equal(count(await texts(jihun), text), 1);
      assert.equal(count(await texts(mina), text), 1);
    }
  });

  it('43 the server is killed and started again under them: no reload, nothing lost', async () => {
    await mina.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    await server.end('SIGKILL');
    await say(mina, '서버가 없는 동안');
    await say(jihun, 'while it is down');
    await server.start();
    await eventually(jihun, 'Mina is heard', (list) => list.includes('서버가 없는 동안'), 40_000);
    await eventually(mina, 'Jihun is heard', (list) => list.includes('while it is down'), 40_000);
    assert.equal(count(await texts(jihun), '서버가 없는 동안'), 1);
    assert.equal(count(await texts(mina), 'while it is down'), 1);
    assert.equal(await mina.locator('body').getAttribute('data-same-page'), 'yes');
  });

  it('9 a refusal is explained at the message, and the text can be had back', async () => {
    const long = '길'.repeat(4_001);
    await mina.getByTestId('composer').fill(long);
    await mina.keyboard.press('Enter');
    const failed = mina.locator('[data-testid=message][data-state=failed]');
    await failed.waitFor();
    assert.match((await mina.getByTestId('failed-reason').textContent()) ?? '', /\S/);
    await mina.getByTestId('restore').click();
    await failed.waitFor({ state: 'detached' });
    assert.equal(await mina.getByTestId('composer').inputValue(), long, 'the text is in the box');
    await mina.getByTestId('composer').fill('');
  });

  it('40 42 asleep while a thousand messages, twenty edits and five deletions happen: right again within three seconds, no reload', async (t) => {
    const writer = await server.guest('작가');
    await server.call('POST', '/v1/rooms/lobby/join', {}, writer.token);
    // As any client does: told that it is too fast, it waits and asks again.
    const patiently = async (method: string, path: string, body?: unknown): Promise<number> => {
      const answer = await server.call<{ pos: number; error?: { retryAfter: number } }>(
        method,
        `/v1/rooms/lobby/messages${path}`,
        body,
        writer.token,
      );
      if (answer.status !== 429) return answer.body.pos;
      await new Promise((resolve) => setTimeout(resolve, answer.body.error?.retryAfter ?? 100));
      return patiently(method, path, body);
    };
    const send = (i: number): Promise<number> => patiently('POST', '', { clientId: `w${i}`, text: `그동안 ${i}` });
    const first = await send(0);
    await eventually(mina, 'Mina reads the first', (list) => list.includes('그동안 0'));
    // Asleep is not offline: nothing of the page runs. The processes that run pages are stopped, and know nothing of it.
    const { processInfo } = await (await browser.newBrowserCDPSession()).send('SystemInfo.getProcessInfo');
    const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
    for (const pid of renderers) process.kill(pid, 'SIGSTOP');
    proxy.down = true;
    proxy.cut();
    let last = first;
    for (let i = 1; i <= 1_000; i++) last = await send(i);
    for (let i = 0; i < 20; i++) await patiently('PATCH', `/${last - i}`, { text: `고침 ${i}` });
    for (let i = 0; i < 5; i++) await patiently('DELETE', `/${last - 20 - i}`);
    proxy.down = false;
    for (const pid of renderers) process.kill(pid, 'SIGCONT');
    const begin = Date.now();
    await mina.bringToFront();
    // Reading on from where she was: the end of the room is one press away if the timeline held its place.
    const pill = mina.getByTestId('new-pill');
    await Promise.race([pill.waitFor({ timeout: 10_000 }), eventually(mina, 'the last edit', (list) => list.includes('고침 0'), 10_000)]);
    if (await pill.isVisible()) await pill.click();
    await eventually(mina, 'the last edit', (list) => list.includes('고침 0'), 10_000);
    const took = Date.now() - begin;
    t.diagnostic(`right again after ${took} ms`);
    const seen = await texts(mina);
    assert.ok(seen.includes('고침 19'));
    assert.ok(!seen.includes(`그동안 ${1_000 - 22}`), 'what was deleted is gone');
    assert.ok(took < 5_000, `it took ${took} ms`);
  });

  it('41 works where WebSocket is refused, and says nothing of it', async () => {
    const blocked = new FaultyProxy(server.port);
    blocked.refuseUpgrade = true;
    const url = await blocked.listen();
    try {
      const sora = await visitor(browser, url, '소라');
      await say(sora, '우회로에서');
      await eventually(jihun, 'Sora is heard', (list) => list.includes('우회로에서'), 40_000);
      await say(jihun, 'heard you');
      await eventually(sora, 'Sora hears', (list) => list.includes('heard you'), 40_000);
      assert.equal(await sora.getByTestId('offline-banner').isVisible(), false);
      await sora.context().close();
    } finally {
      await blocked.close();
    }
  });
});
