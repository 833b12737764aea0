import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium, say, visitor } from './chromium.ts';
import { joined } from './history.ts';

const withText = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text });

/** Whether it is on the screen of the timeline. */
async function onScreen(page: Page, thing: Locator): Promise<boolean> {
  const [box, seen] = [await page.getByTestId('timeline').boundingBox(), await thing.boundingBox()];
  return box !== null && seen !== null && seen.y >= box.y - 1 && seen.y + seen.height <= box.y + box.height + 1;
}

/** What is said right below the line of new messages. */
const belowLine = (page: Page): Promise<string | undefined> =>
  page
    .getByTestId('new-line')
    .evaluate((line) => line.closest('[data-key]')?.nextElementSibling?.querySelector('[data-testid=text]')?.textContent?.trim());

describe('reading', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;
  let jihun: Page;
  let sora: { id: string; token: string };
  let den: string;
  let said = 0;

  /** Says so many things over HTTP. */
  const saySome = async (count: number, text: string): Promise<void> => {
    for (let i = 1; i <= count; i++) {
      const { status } = await server.call(
        'POST',
        '/v1/rooms/lobby/messages',
        { clientId: `n${++said}`, text: `${text} ${i}` },
        sora.token,
      );
      assert.equal(status, 200);
    }
  };
  const elsewhere = async (): Promise<void> => {
    await mina.locator(`[data-testid=room-item][data-room=${den}]`).first().click();
    await mina.waitForURL(`**/r/${den}`);
    await mina.getByTestId('composer').waitFor();
  };
  const unread = (page: Page, count: number): Promise<void> =>
    page.locator(`[data-testid=room-item][data-room=lobby][data-unread="${count}"]`).first().waitFor();

  before(async () => {
    server = await ServerProcess.start();
    sora = await joined(server, '소라');
    browser = await launch();
    mina = await visitor(browser, server.url, '미나');
    jihun = await visitor(browser, server.url, 'Jihun', 'en-US');
    den = await mina.evaluate(async () => {
      const made = await fetch('/v1/rooms', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: '다락방', kind: 'public' }),
      });
      return ((await made.json()) as { id: string }).id;
    });
    await mina.reload();
  });

  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('UX 32 a line stands where one left off, until one leaves', async () => {
    await say(jihun, '다 읽은 말');
    await withText(mina, '다 읽은 말').waitFor();
    await elsewhere();
    for (const text of ['못 읽은 하나', '못 읽은 둘']) await say(jihun, text);
    await unread(mina, 2);
    await mina.locator('[data-testid=room-item][data-room=lobby]').first().click();
    await mina.getByTestId('new-line').waitFor();
    assert.equal(await belowLine(mina), '못 읽은 하나');
    await unread(mina, 0);
    await say(jihun, '있는 동안 온 말');
    await withText(mina, '있는 동안 온 말').waitFor();
    await say(mina, '내 대답');
    assert.equal(await belowLine(mina), '못 읽은 하나', 'it stays where it was');
    await elsewhere();
    await mina.locator('[data-testid=room-item][data-room=lobby]').first().click();
    await withText(mina, '내 대답').waitFor();
    assert.equal(await mina.getByTestId('new-line').count(), 0);
  });

  it('UX 32 with much that is unread one comes in at its beginning, and has read what was seen', async () => {
    await elsewhere();
    await saySome(150, '밤사이');
    await unread(mina, 150);
    await mina.locator('[data-testid=room-item][data-room=lobby]').first().click();
    await mina.getByTestId('new-line').waitFor();
    assert.equal(await belowLine(mina), '밤사이 1');
    assert.ok(await onScreen(mina, mina.getByTestId('new-line')));
    assert.equal(await mina.getByTestId('timeline').getAttribute('data-at-end'), 'false');
    const item = mina.locator('[data-testid=room-item][data-room=lobby]').first();
    await mina.waitForFunction(
      () => Number(document.querySelector<HTMLElement>('[data-testid=room-item][data-room=lobby]')?.dataset.unread) < 150,
    );
    assert.ok(Number(await item.getAttribute('data-unread')) > 100, 'what was not seen is still unread');
    await mina.getByTestId('new-pill').click();
    await withText(mina, '밤사이 150').waitFor();
    await unread(mina, 0);
  });

  it('UX 32 jump to the first that is unread', async () => {
    await elsewhere();
    await saySome(120, '낮 동안');
    await unread(mina, 120);
    // Someone gave her a link to something older.
    await mina.goto(`${server.url}/r/lobby/3`);
    await mina.locator('[data-testid=message][data-pos="3"], [data-testid=notice][data-pos="3"]').waitFor();
    await mina.getByTestId('new-pill').click();
    await withText(mina, '낮 동안 120').waitFor();
    await mina.getByTestId('first-unread').click();
    await mina.getByTestId('new-line').waitFor();
    assert.equal(await belowLine(mina), '낮 동안 1');
    assert.ok(await onScreen(mina, mina.getByTestId('new-line')));
    await mina.getByTestId('first-unread').waitFor({ state: 'detached' });
  });

  it('UX 32 33 mark unread from here: the count, my other tab, and the line follow; coming back reads it', async () => {
    await mina.getByTestId('to-latest').or(mina.getByTestId('new-pill')).click();
    await mina.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    await unread(mina, 0);
    const tab = await mina.context().newPage();
    await tab.goto(`${server.url}/r/${den}`);
    await unread(tab, 0);
    const message = withText(mina, '낮 동안 116');
    await message.hover();
    await message.getByTestId('mark-unread').click();
    await unread(mina, 5);
    await unread(tab, 5);
    assert.equal(await belowLine(mina), '낮 동안 116');
    await say(jihun, '그래도 온 말');
    await withText(mina, '그래도 온 말').waitFor();
    await unread(mina, 6);
    await unread(tab, 6);
    await mina.reload();
    await mina.getByTestId('new-line').waitFor();
    await unread(mina, 0);
    await unread(tab, 0);
    await tab.close();
  });

  it('UX 31 beside each message stands how many have not read it, and it can be hidden', async () => {
    await say(jihun, '누가 읽었을까');
    await withText(mina, '누가 읽었을까').waitFor();
    const hers = withText(mina, '누가 읽었을까').getByTestId('not-read');
    const his = withText(jihun, '누가 읽었을까').getByTestId('not-read');
    // Mina looks at it; Sora doesn't.
    await jihun.waitForFunction(
      () =>
        [...document.querySelectorAll('[data-testid=message]')].at(-1)?.querySelector('[data-testid=not-read]')?.textContent ===
        '11 has not read',
    );
    assert.equal(await his.getAttribute('title'), '1 has not read');
    assert.equal(await hers.getAttribute('title'), '1명이 안 읽음');
    const pos = Number(await withText(jihun, '누가 읽었을까').getAttribute('data-pos'));
    await server.call('PUT', '/v1/rooms/lobby/read', { pos }, sora.token);
    await his.waitFor({ state: 'detached' });
    await hers.waitFor({ state: 'detached' });
    await server.call('PUT', '/v1/rooms/lobby/unread', { pos }, sora.token);
    await hers.waitFor();
    await mina.getByTestId('settings').click();
    await mina.getByTestId('read-counts-switch').uncheck();
    await mina.keyboard.press('Escape');
    await hers.waitFor({ state: 'detached' });
    await mina.reload();
    await withText(mina, '누가 읽었을까').waitFor();
    assert.equal(await mina.getByTestId('not-read').count(), 0, 'the device remembers it');
  });

  it('UX 22 midnight passes while the page is open: today becomes yesterday', async () => {
    const page = await mina.context().newPage();
    const seoul = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Seoul' }).format(Date.now());
    await page.clock.install({ time: new Date(`${seoul}T23:59:50+09:00`) });
    await page.goto(`${server.url}/r/lobby`);
    await withText(page, '누가 읽었을까').waitFor();
    const day = page.getByTestId('day').last();
    await page.getByTestId('timeline').evaluate((box) => box.scrollTo(0, 0));
    await day.waitFor();
    assert.match((await day.textContent()) ?? '', /^오늘/);
    await page.clock.fastForward(15_000);
    await page.getByTestId('day').getByText(/^어제/).waitFor();
    await page.close();
  });
});
