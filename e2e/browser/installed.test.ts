import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { Embedded, inMemory, listening } from '../wire/host.ts';
import { eventually, launch, noChromium, remembered, say, until } from './chromium.ts';
import { Stage } from './stage.ts';

const builtPage = fileURLToPath(new URL('../../apps/web/dist', import.meta.url));

/** The page is in the service worker's hands: what it loads from now on may come from there. */
const ready = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller)
      await new Promise((taken) => navigator.serviceWorker.addEventListener('controllerchange', taken, { once: true }));
  });

/** Everything that the service worker keeps, as paths. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return all.flat().map(({ url }) => new URL(url).pathname);
  });

describe('the installed page', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let stage: Stage;
  let mina: Page;
  before(async () => {
    stage = await Stage.open();
    mina = stage.mina;
  });
  after(() => stage?.close());

  it('49 it is installable: a manifest in the name of the place, icons of every kind, a service worker', async () => {
    const client = await mina.context().newCDPSession(mina);
    const { installabilityErrors } = await client.send('Page.getInstallabilityErrors');
    // A test's window has no profile to install into.
    assert.deepEqual(
      installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
      [],
    );
    const manifest = await mina.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
    assert.equal(manifest.display, 'standalone');
    const purposes = manifest.icons.map(({ purpose, sizes, type }: Record<string, string>) => `${purpose} ${sizes} ${type}`);
    for (const icon of ['any 192x192 image/png', 'any 512x512 image/png', 'maskable 512x512 image/png'])
      assert.ok(purposes.includes(icon), icon);
    const sizes = await mina.evaluate(
      async (icons: { src: string }[]) => {
        const size = async (src: string): Promise<string> => {
          const picture = await createImageBitmap(await (await fetch(src)).blob());
          return `${picture.width}x${picture.height}`;
        };
        return Promise.all(icons.map(({ src }) => size(src)));
      },
      manifest.icons.filter(({ type }: { type: string }) => type === 'image/png'),
    );
    assert.deepEqual(
      sizes,
      manifest.icons.filter(({ type }: { type: string }) => type === 'image/png').map((icon: { sizes: string }) => icon.sizes),
    );
    const apple = await mina.locator('link[rel=apple-touch-icon]').getAttribute('href');
    assert.equal(await mina.evaluate(async (href) => (await fetch(href)).status, String(apple)), 200);
  });

  it('49 without a network it opens with what was last read, takes a message, and sends it when there is one again', async () => {
    await ready(mina);
    await say(stage.jihun, 'read me later');
    await eventually(mina, 'Mina has it', (list) => list.includes('read me later'));
    await remembered(mina, 'read me later');
    stage.proxy.down = true;
    stage.proxy.cut();
    await mina.reload();
    await eventually(mina, 'what was last read', (list) => list.includes('read me later'));
    await mina.locator('[data-testid=room-item][data-room=lobby]').waitFor();
    await say(mina, '네트워크 없이');
    await mina.locator('[data-testid=message][data-state=pending]').filter({ hasText: '네트워크 없이' }).waitFor();
    await mina.getByTestId('offline-banner').waitFor({ timeout: 15_000 });
    // And again: what was said without a network is still there.
    await mina.reload();
    await mina.locator('[data-testid=message][data-state=pending]').filter({ hasText: '네트워크 없이' }).waitFor();
    await say(stage.jihun, 'meanwhile');
    stage.proxy.down = false;
    await eventually(stage.jihun, 'Jihun reads it', (list) => list.includes('네트워크 없이'), 40_000);
    await eventually(mina, 'Mina reads on', (list) => list.includes('meanwhile'), 40_000);
    const seen = await stage.jihun.getByTestId('text').allTextContents();
    assert.equal(seen.filter((text) => text.includes('네트워크 없이')).length, 1);
  });

  it('49 it keeps the page and its parts, and nothing that the server says', async () => {
    const paths = await kept(mina);
    assert.ok(paths.includes('/'), 'the page');
    assert.ok(
      paths.some((path) => /^\/assets\/page-.*\.js$/.test(path)),
      'its script',
    );
    assert.deepEqual(
      paths.filter((path) => path.startsWith('/v1') || path.startsWith('/r/') || path.includes('lab')),
      [],
    );
  });

  it('49 a notification leads to its room in the tab that is open, without loading anew', async () => {
    const { jihun } = stage;
    await ready(jihun);
    await jihun.context().grantPermissions(['notifications']);
    await jihun.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    await jihun.getByTestId('create-room').click();
    await jihun.getByTestId('room-name').fill('Elsewhere');
    await jihun.getByTestId('room-submit').click();
    await jihun.waitForURL(/\/r\/r/);
    const [worker] = jihun.context().serviceWorkers();
    assert.ok(worker);
    await worker.evaluate(() => {
      const clicked = Object.assign(new Event('notificationclick'), {
        notification: { close() {}, data: { url: './r/lobby' } },
        waitUntil() {},
      });
      self.dispatchEvent(clicked);
    });
    await jihun.waitForURL(/\/r\/lobby$/);
    assert.equal(await jihun.locator('body').getAttribute('data-same-page'), 'yes');
  });

  it('49 10 signing out leaves nothing behind: no messages, no drafts, no person', async () => {
    const sora = await stage.guest('소라');
    await ready(sora);
    await say(sora, '비밀 이야기');
    await eventually(sora, 'it is there', (list) => list.includes('비밀 이야기'));
    await remembered(sora, '비밀 이야기');
    await sora.getByTestId('composer').fill('비밀 초안');
    await sora.keyboard.press('Escape');
    if (!(await sora.getByTestId('settings').isVisible())) await sora.getByTestId('back').click();
    await sora.getByTestId('settings').click();
    await sora.getByTestId('sign-out').click();
    await sora.getByTestId('confirm').click();
    await sora.getByTestId('name-input').waitFor();
    await until(
      sora,
      async (secret) => {
        const wait = <T>(request: IDBRequest<T>): Promise<T> =>
          new Promise((resolve, reject) => {
            request.onsuccess = () => resolve(request.result);
            request.onerror = () => reject(request.error);
          });
        const rows: unknown[] = [{ ...localStorage }];
        for (const { name = '' } of await indexedDB.databases()) {
          const database = await wait(indexedDB.open(name));
          for (const store of database.objectStoreNames) rows.push(await wait(database.transaction(store).objectStore(store).getAll()));
          database.close();
        }
        return !JSON.stringify(rows).includes(secret);
      },
      '비밀',
    );
    await sora.context().close();
  });
});

describe('inside an application', { skip: noChromium ?? false, concurrency: 1, timeout: 120_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  it('49 under a path, in the application’s name; and no service worker where it says so', async (context) => {
    const open = async (worker: boolean): Promise<{ page: Page; host: Embedded }> => {
      const suda = await inMemory({ page: true, name: 'The shop', worker });
      context.after(() => suda.close());
      const server = createServer();
      suda.attach(server);
      const host = new Embedded(suda, await listening(context, server));
      const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
      await page.goto(`${host.url}/`);
      await page.getByTestId('name-input').fill('Guest');
      await page.getByTestId('name-submit').click();
      await page.getByTestId('composer').waitFor();
      return { page, host };
    };
    const { page, host } = await open(true);
    await ready(page);
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).scope), `${host.url}/`);
    const manifest = await page.evaluate(async () =>
      (await fetch(document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? '')).json(),
    );
    assert.equal(manifest.name, 'The shop');
    assert.equal(await page.title().then((title) => title.includes('The shop')), true);
    const { page: without } = await open(false);
    assert.deepEqual(await without.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  });

  it('49 another version: a quiet word, no reload of its own, and an open tab goes on with the parts that it was made of', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'suda-page-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    cpSync(builtPage, folder, { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
    const suda = await inMemory({ page: folder });
    context.after(() => suda.close());
    const server = createServer();
    suda.attach(server);
    const host = new Embedded(suda, await listening(context, server));
    const page = await (await browser.newContext({ locale: 'en-US' })).newPage();
    await page.goto(`${host.url}/`);
    await page.getByTestId('name-input').fill('Guest');
    await page.getByTestId('name-submit').click();
    await page.getByTestId('composer').waitFor();
    await ready(page);
    await page.getByTestId('composer').fill('half a sentence');
    // The server becomes another version: its parts have other names, and the old ones are gone.
    const assets = join(folder, 'assets');
    const worker = readFileSync(join(folder, 'worker.js'), 'utf8');
    const renamed = readdirSync(assets).filter((name) => worker.includes(`assets/${name}`) && name.endsWith('.js'));
    const anew = (text: string): string => renamed.reduce((all, name) => all.replaceAll(name, name.replace('.js', 'x.js')), text);
    for (const name of renamed) {
      const path = join(assets, name);
      writeFileSync(path.replace(/\.js$/, 'x.js'), anew(readFileSync(path, 'utf8')));
      rmSync(path);
    }
    writeFileSync(join(folder, 'worker.js'), anew(worker));
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await page.getByTestId('offer').waitFor();
    assert.equal(await page.getByTestId('composer').inputValue(), 'half a sentence');
    const gone = renamed.find((name) => name.startsWith('qr-'));
    assert.equal((await fetch(`${host.url}/assets/${gone}`)).status, 404);
    await page.getByTestId('welcome-invite').click();
    await page.getByTestId('qr').waitFor();
  });
});
