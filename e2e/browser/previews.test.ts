import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { MemoryStore } from '@suda/chat';
import { createServer, type Server } from '@suda/server';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { launch, noChromium, say, visitor } from './chromium.ts';
import { look } from './look.ts';
import { PublicWeb } from './public-web.ts';

const picture = await sharp({ create: { width: 1_200, height: 630, channels: 3, background: '#7fae97' } })
  .jpeg()
  .toBuffer();
const square = await sharp({ create: { width: 400, height: 400, channels: 3, background: '#d98b5f' } })
  .png()
  .toBuffer();
const head = (title: string, more = ''): string => `<!doctype html><head><title>${title}</title>${more}</head>`;
const image = (path: string): string => `<meta property="og:image" content="${path}">`;
const about = (text: string): string => `<meta name="description" content="${text}">`;

const pages: Record<string, string> = {
  '/wide': head(
    '수다: 잃어버리지 않는 대화',
    about('한 줄로 시작하는 실시간 대화 서버. 말한 것은 모두 남고, 순서가 지켜져요.') +
      image('/wide.jpg') +
      '<meta property="og:site_name" content="수다">',
  ),
  '/square': head(
    'A page with a rather long title that goes on for more than two lines of a narrow card, as pages do',
    about('And a description.') + image('/square.png'),
  ),
  '/words': head('Only words'),
  '/evil': head(
    '&lt;img src=x onerror=alert(1)&gt;',
    about('\u202Egnp.exe &lt;script&gt;alert(1)&lt;/script&gt; javascript:alert(1)') + image('javascript:alert(1)'),
  ),
};

describe('link previews in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let web: PublicWeb;
  let server: Server;
  let folder: string;
  let browser: Browser;
  let mina: Page;
  let jihun: Page;
  let url: string;
  /** Addresses of the public web that a reader's own browser asked for. */
  const leaked: string[] = [];

  before(async () => {
    web = new PublicWeb(({ url: path = '' }, response) => {
      if (path.endsWith('.jpg')) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture);
      else if (path.endsWith('.png')) response.writeHead(200, { 'content-type': 'image/png' }).end(square);
      else response.writeHead(pages[path] ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(pages[path]);
    });
    await web.listen();
    folder = await mkdtemp(join(tmpdir(), 'suda-previews-'));
    const pageFolder = fileURLToPath(new URL('../../apps/web/dist', import.meta.url));
    server = await createServer({ store: new MemoryStore(), secret: 's'.repeat(32), filesFolder: folder, pageFolder, rate: 0 }, web.world);
    url = `http://127.0.0.1:${(await server.listen(0, '127.0.0.1')).port}`;
    browser = await launch();
    mina = await visitor(browser, url, '미나');
    jihun = await visitor(browser, url, 'Jihun', 'en-US');
    for (const page of [mina, jihun])
      page.on('request', (request) => new URL(request.url()).hostname === 'web.example' && leaked.push(request.url()));
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
    await web?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const card = (page: Page, path: string) => page.locator(`[data-testid=link-card][data-address="${web.url}${path}"]`);

  it('R17 a card comes below the message, for everyone, with nothing asked of anyone else', async () => {
    await say(mina, `이것 좀 보세요 ${web.url}/wide`);
    for (const page of [mina, jihun]) {
      const it = card(page, '/wide');
      await it.waitFor();
      assert.match(await it.innerText(), /수다: 잃어버리지 않는 대화/);
      assert.equal(await it.getByTestId('card-host').innerText(), `web.example:${web.port}`);
      await it.locator('[data-state=there]').waitFor();
      const link = it.locator('a');
      assert.deepEqual(
        [await link.getAttribute('href'), await link.getAttribute('rel'), await link.getAttribute('target')],
        [`${web.url}/wide`, 'noopener noreferrer', '_blank'],
      );
    }
    assert.deepEqual(leaked, []);
  });

  it('R17 words of a stranger stay words', async () => {
    await say(mina, `${web.url}/evil`);
    const it = card(jihun, '/evil');
    await it.waitFor();
    assert.match(await it.innerText(), /<img src=x onerror=alert\(1\)>/);
    assert.doesNotMatch(await it.innerText(), /\u202e/);
    assert.equal(await it.locator('img, script').count(), 0);
  });

  it('47 the whole card is one link, reached by the keyboard, and so is the way to take it off', async () => {
    await say(jihun, `look at ${web.url}/words`);
    const it = card(jihun, '/words');
    await it.waitFor();
    await jihun.getByTestId('message').last().focus();
    await jihun.keyboard.press('Tab');
    for (let i = 0; i < 12 && !(await it.locator('a').evaluate((link) => link === document.activeElement)); i++)
      await jihun.keyboard.press('Tab');
    assert.ok(await it.locator('a').evaluate((link) => link === document.activeElement));
    assert.notEqual(await it.locator('a').evaluate((link) => getComputedStyle(link).outlineStyle), 'none');
    await jihun.keyboard.press('Tab');
    assert.equal(await jihun.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Remove the preview');
    await jihun.keyboard.press('Enter');
    for (const page of [jihun, mina]) await card(page, '/words').waitFor({ state: 'detached' });
    assert.equal(
      await jihun.evaluate(() => document.activeElement?.getAttribute('data-testid')),
      'message',
      'focus stays with the message',
    );
    assert.equal(
      await mina.getByTestId('message').filter({ hasText: '/words' }).getByTestId('link-remove').count(),
      0,
      'nobody else’s to take off',
    );
  });

  it('R17.3 an edit that takes the address away takes the card, and so does a deletion', async () => {
    await say(mina, `${web.url}/words 하나`);
    await card(jihun, '/words').waitFor();
    await mina.keyboard.press('ArrowUp');
    await mina.locator('[data-testid=edit-box]').fill('주소 없음');
    await mina.keyboard.press('Enter');
    await card(jihun, '/words').waitFor({ state: 'detached' });
    await jihun.getByTestId('timeline').getByText('주소 없음').waitFor();
  });

  it('27 a card that comes doesn’t move what one looks at; who is at the end stays there', async () => {
    for (let i = 0; i < 40; i++) await say(mina, `줄 ${i}`);
    await jihun.getByText('줄 39', { exact: true }).waitFor();
    const box = jihun.getByTestId('timeline');
    await say(mina, `${web.url}/square 곧 카드가 와요`);
    await card(jihun, '/square').waitFor();
    for (const page of [mina, jihun]) {
      await page.waitForFunction(() => {
        const list = document.querySelector('[data-testid=timeline]');
        return list !== null && list.scrollHeight - list.scrollTop - list.clientHeight < 2;
      });
    }
    for (let i = 0; i < 20; i++) await say(mina, `뒤 ${i}`);
    await jihun.getByText('뒤 19', { exact: true }).waitFor();
    // A message with a card above, at the lower edge and below what is looked at: none moves it.
    await box.evaluate((list) => list.scrollBy(0, -700));
    const top = () =>
      box.evaluate((list) => {
        const seen = [...list.querySelectorAll('[data-testid=message]')].find((message) => message.getBoundingClientRect().top > 150);
        return { key: seen?.getAttribute('data-pos'), top: seen?.getBoundingClientRect().top ?? 0 };
      });
    await jihun.waitForFunction(() => document.querySelector('[data-testid=timeline]')?.getAttribute('data-at-end') === 'false');
    const before = await top();
    await say(mina, `${web.url}/wide 아래에`);
    await card(mina, '/wide').last().waitFor();
    const now = await top();
    assert.equal(now.key, before.key);
    assert.ok(Math.abs(now.top - before.top) <= 2, `${before.top} became ${now.top}`);
  });

  it('a preference hides them on this device', async () => {
    await mina.getByTestId('settings').click();
    await mina.getByTestId('previews-switch').uncheck();
    await mina.keyboard.press('Escape');
    assert.equal(await mina.getByTestId('link-card').count(), 0);
    await mina.reload();
    await mina.getByTestId('composer').waitFor();
    await mina.getByText('뒤 19', { exact: true }).waitFor();
    assert.equal(await mina.getByTestId('link-card').count(), 0);
    await mina.getByTestId('settings').click();
    await mina.getByTestId('previews-switch').check();
    await mina.keyboard.press('Escape');
    await mina.getByTestId('link-card').first().waitFor();
  });

  it('fits from a phone to a wide screen, in both themes', async () => {
    await say(jihun, `${web.url}/wide`);
    await say(jihun, `mine: ${web.url}/square`);
    await card(jihun, '/square').last().waitFor();
    for (const page of [mina, jihun]) await page.getByTestId('show-members').click();
    for (const width of [360, 768, 1_440]) {
      for (const theme of ['light', 'dark'] as const) {
        for (const page of [mina, jihun]) {
          await page.emulateMedia({ colorScheme: theme });
          await page.setViewportSize({ width, height: 800 });
          const to = page.getByTestId('to-latest');
          if (await to.isVisible()) await to.click();
          const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
          assert.equal(wider, false, `${width} px`);
          await look(page, `previews-${width}-${theme}-${page === mina ? 'ko' : 'en'}`);
        }
      }
    }
  });
});
