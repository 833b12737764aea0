import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { Stage } from './stage.ts';

/** What this browser shows of notifications, from the page's own worker; never asked while one is being raised, as the page does it. */
const shown = (page: Page): Promise<{ title: string; body: string; url: string }[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const all = await navigator.locks.request('suda.notifications', () => registration.getNotifications());
    return all.map(({ title, body, data }) => ({ title, body, url: String(data.url) }));
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

async function goTo(page: Page, room: string): Promise<void> {
  await page.locator(`[data-testid=room-item][data-room="${room}"]`).click();
  await page.waitForURL(new RegExp(`/r/${room}$`));
  await page.getByTestId('composer').waitFor();
}

/** Begins to talk with someone who is in the lobby. @returns the room */
async function directWith(page: Page, name: string): Promise<string> {
  await goTo(page, 'lobby');
  await page.keyboard.press('Control+k');
  await page.getByTestId('switcher-input').fill(name);
  await page.locator('[data-testid=goal]:not([data-goal=search])').filter({ hasText: name }).first().click();
  await page.getByTestId('room-title').filter({ hasText: name }).waitFor();
  await page.getByTestId('composer').waitFor();
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Closes what this browser shows. */
const clear = (page: Page): Promise<void> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    for (const one of await navigator.locks.request('suda.notifications', () => registration.getNotifications())) one.close();
  });

/** What the person wants to be told of a room; asked for as its menu does, by a page that nobody looks at. */
async function level(page: Page, room: string, wanted: { readonly notify?: string; readonly muted?: boolean }): Promise<void> {
  const status = await page.evaluate(
    async ([id, body]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/v1/rooms/${id}/notify`, { method: 'PUT', headers, body })).status;
    },
    [room, JSON.stringify(wanted)] as const,
  );
  assert.equal(status, 200);
  const muted = wanted.muted ?? false;
  await page.locator(`[data-testid=room-item][data-room="${room}"][data-muted="${muted}"]`).waitFor();
}

/** The page has heard of what was said in a room that isn't open. */
const unread = (page: Page, room: string, said: string): Promise<void> =>
  page.locator(`[data-testid=room-item][data-room="${room}"]`).getByText(said).waitFor();

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

  /** What is told until a direct message is: whatever came before it would have been, too. @returns the words, from now on */
  async function afterADirectMessage(text: string): Promise<string[]> {
    await goTo(mina, direct.split('/').at(-1) ?? '');
    await say(mina, text);
    const all = await until(jihun, text, (it) => it.some(({ body }) => body === text));
    await clear(jihun);
    await goTo(mina, 'lobby');
    return all.map(({ body }) => body);
  }

  /** The same person in another browser, which is prepared before the page runs. */
  async function elsewhere(page: Page, prepare: () => void, how: BrowserContextOptions = {}) {
    const storageState = await page.context().storageState();
    await page.context().close();
    const context = await stage.browser.newContext({ storageState, locale: 'ko-KR', permissions: ['notifications'], ...how });
    await context.addInitScript(prepare);
    const opened = await context.newPage();
    await opened.goto(`${stage.server.url}/r/lobby`);
    await opened.getByTestId('composer').waitFor();
    return { context, page: opened };
  }

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
    await goTo(mina, 'lobby');
    await say(mina, 'nobody in particular');
    await say(mina, '@Jihun look');
    const all = await until(jihun, 'a mention', (it) => it.length > 0);
    assert.deepEqual(
      all.map(({ title, body }) => [title, body]),
      [['미나 · Lobby', '@Jihun look']],
    );
    await clear(jihun);
    await level(jihun, 'lobby', { notify: 'all', muted: true });
    await say(mina, '@Jihun in a muted room');
    await unread(jihun, 'lobby', '@Jihun in a muted room');
    assert.deepEqual(await afterADirectMessage('after the muted one'), ['after the muted one']);
    await level(jihun, 'lobby', { muted: false });
  });

  it('UX 37 by the level of a room every message tells, or none, not even a mention', async () => {
    await level(jihun, 'lobby', { notify: 'all' });
    await goTo(mina, 'lobby');
    await say(mina, 'for everyone');
    await until(jihun, 'every message', (all) => all.some(({ body }) => body === 'for everyone'));
    await clear(jihun);
    await level(jihun, 'lobby', { notify: 'nothing' });
    await say(mina, '@Jihun nothing of this');
    await unread(jihun, 'lobby', '@Jihun nothing of this');
    assert.deepEqual(await afterADirectMessage('after nothing'), ['after nothing']);
    await level(jihun, 'lobby', { notify: 'mentions' });
  });

  it('item 6 a click on a notification opens its message in the tab that is open, without loading anew', async () => {
    await jihun.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    await goTo(mina, 'lobby');
    await say(mina, '@Jihun come here');
    const [told] = await until(jihun, 'a mention', (all) => all.length > 0);
    const [worker] = jihun.context().serviceWorkers();
    assert.ok(worker);
    // The browser's own part of a click can't be done from here; the worker's is, with the notification that is shown.
    await worker.evaluate(async () => {
      const { registration } = self as unknown as { readonly registration: ServiceWorkerRegistration };
      const [notification] = await registration.getNotifications();
      self.dispatchEvent(Object.assign(new Event('notificationclick'), { notification, waitUntil() {} }));
    });
    await jihun.waitForURL(told?.url ?? '');
    const pos = told?.url.split('/').at(-1);
    await jihun.locator(`[data-testid=message][data-pos="${pos}"]`).getByText('come here').waitFor();
    assert.equal(await jihun.locator('body').getAttribute('data-same-page'), 'yes');
    await until(jihun, 'it is closed', (all) => all.length === 0);
  });

  it('item 6 at the first direct message it is offered, once; whoever takes it is told from then on', async () => {
    const sora = await stage.guest('소라', { locale: 'ko-KR' });
    const { context, page } = await elsewhere(sora, () => {
      // A browser that was never asked, and in which somebody then says yes.
      let permission: NotificationPermission = 'default';
      Object.defineProperty(Notification, 'permission', { get: () => permission });
      Notification.requestPermission = async () => {
        permission = 'granted';
        return permission;
      };
    });
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    await goTo(mina, 'lobby');
    await say(mina, '모두에게 하는 말');
    await page.getByTestId('message').filter({ hasText: '모두에게 하는 말' }).waitFor();
    assert.equal(await page.getByTestId('offer').count(), 0, 'not for what is said to everyone');
    const room = await directWith(mina, '소라');
    await say(mina, '소라에게만');
    await page.getByTestId('offer').waitFor();
    await page.getByTestId('offer').getByRole('button').first().click();
    await look(page, false);
    await goTo(mina, room);
    await say(mina, '들려요?');
    await until(page, 'it tells', (all) => all.some(({ body }) => body === '들려요?'));
    await page.reload();
    await page.getByTestId('composer').waitFor();
    await say(mina, '또 한 번');
    await page.locator(`[data-testid=room-item][data-room="${room}"]`).getByText('또 한 번').waitFor();
    assert.equal(await page.getByTestId('offer').count(), 0, 'it is asked once');
    await context.close();
  });

  it('item 6 where there is no worker the page tells itself, and a click on it opens the message', async () => {
    const dami = await stage.guest('다미', { locale: 'ko-KR' });
    const { context, page } = await elsewhere(
      dami,
      () => {
        const raised: unknown[] = [];
        class Told extends EventTarget {
          static permission = 'granted';
          static requestPermission = async () => 'granted';
          onclick: (() => void) | null = null;
          closed = false;
          readonly title: string;
          readonly body: string;
          constructor(title: string, { body = '' }: NotificationOptions = {}) {
            super();
            this.title = title;
            this.body = body;
            raised.push(this);
          }
          close(): void {
            this.closed = true;
          }
        }
        Object.assign(window, { Notification: Told, raised });
        localStorage.setItem('suda.told', 'on');
      },
      { serviceWorkers: 'block' },
    );
    await look(page, false);
    const room = await directWith(mina, '다미');
    await say(mina, '일꾼 없이도');
    type Raised = { raised: { title: string; body: string; closed: boolean; onclick: () => void }[] };
    await page.waitForFunction(() => (window as unknown as Raised).raised.length > 0);
    const told = await page.evaluate(() => {
      const [first] = (window as unknown as Raised).raised;
      first?.onclick();
      return [first?.title, first?.body, first?.closed];
    });
    assert.deepEqual(told, ['미나', '일꾼 없이도', true]);
    await page.waitForURL(new RegExp(`/r/${room}/\\d+$`));
    await page.getByTestId('message').filter({ hasText: '일꾼 없이도' }).waitFor();
    await context.close();
  });

  it('UX 34 the icon of an installed page has the count of what is unread, and none when it was read', async () => {
    const haneul = await stage.guest('하늘', { locale: 'ko-KR' });
    const { context, page } = await elsewhere(haneul, () => {
      const badges: number[] = [];
      Object.assign(window, { badges });
      Object.assign(navigator, {
        setAppBadge: async (count: number) => void badges.push(count),
        clearAppBadge: async () => void badges.push(0),
      });
    });
    const badge = (wanted: number) =>
      page.waitForFunction((count) => (window as unknown as { badges: number[] }).badges.at(-1) === count, wanted);
    await badge(0);
    const room = await directWith(mina, '하늘');
    await say(mina, '하나');
    await badge(1);
    await say(mina, '둘');
    await badge(2);
    await page.locator(`[data-testid=room-item][data-room="${room}"]`).click();
    await badge(0);
    await context.close();
  });
});
