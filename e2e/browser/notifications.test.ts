import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { Stage } from './stage.ts';

/** What this browser shows of notifications, from the page's own worker. */
const shown = (page: Page): Promise<{ title: string; body: string; url: string }[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, data }) => ({ title, body, url: String(data.url) }));
  });

async function until(page: Page, what: string, holds: (all: Awaited<ReturnType<typeof shown>>) => boolean) {
  const end = Date.now() + 20_000;
  for (;;) {
    const all = await shown(page);
    if (holds(all)) return all;
    assert.ok(Date.now() < end, `${what}: ${JSON.stringify(all)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Looks elsewhere, or comes back: what a window's focus does. */
const look = (page: Page, here: boolean): Promise<void> =>
  page.evaluate((focused) => {
    document.hasFocus = () => focused;
    dispatchEvent(new Event(focused ? 'focus' : 'blur'));
  }, here);

describe('notifications', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  let direct: string;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    await jihun.context().grantPermissions(['notifications'], { origin: stage.server.url });
    await jihun.reload();
    await jihun.getByTestId('composer').waitFor();
    await jihun.evaluate(async () => void (await navigator.serviceWorker.ready));
    await jihun.getByTestId('settings').click();
    await jihun.getByTestId('telling').getByRole('radio', { name: 'On', exact: true }).check({ force: true });
    await jihun.keyboard.press('Escape');
    await mina.keyboard.press('Control+k');
    await mina.getByTestId('switcher-input').fill('Jihun');
    await mina.locator('[data-testid=goal]').first().click();
    await mina.getByTestId('room-title').filter({ hasText: 'Jihun' }).waitFor();
    direct = new URL(mina.url()).pathname;
  });
  after(() => stage?.close());

  it('item 6 silent while somebody looks; a direct message tells while nobody does, once over two tabs, without marks', async () => {
    const tab = await jihun.context().newPage();
    await tab.goto(jihun.url());
    await tab.getByTestId('composer').waitFor();
    await look(jihun, false);
    await say(mina, 'while one tab is looked at');
    await jihun.locator(`[data-testid=room-item][href="${direct}"][data-unread="1"]`).waitFor();
    assert.deepEqual(await shown(jihun), []);
    await look(tab, false);
    await say(mina, '**굵은** 말');
    const all = await until(jihun, 'one notification', (it) => it.length > 0);
    await jihun.locator(`[data-testid=room-item][href="${direct}"][data-unread="2"]`).waitFor();
    await tab.locator(`[data-testid=room-item][href="${direct}"][data-unread="2"]`).waitFor();
    assert.deepEqual([all.length, all[0]?.title, all[0]?.body], [1, '미나', '굵은 말']);
    assert.match(all[0]?.url ?? '', new RegExp(`${direct}/\\d+$`));
    assert.equal((await shown(jihun)).length, 1);
    await tab.close();
  });

  it('UX 33 what was read is told of no longer', async () => {
    await look(jihun, true);
    await jihun.locator(`[data-testid=room-item][href="${direct}"]`).click();
    await until(jihun, 'none', (all) => all.length === 0);
  });

  it('UX 37 elsewhere only mentions tell, and nothing of a muted room', async () => {
    await look(jihun, false);
    await mina.locator('[data-testid=room-item][data-room=lobby]').click();
    await mina.getByTestId('room-title').filter({ hasText: '로비' }).waitFor();
    await say(mina, 'nobody in particular');
    await say(mina, '@Jihun look');
    const all = await until(jihun, 'a mention', (it) => it.length > 0);
    assert.deepEqual(
      all.map(({ title, body }) => [title, body]),
      [['미나 · Lobby', '@Jihun look']],
    );
  });
});
