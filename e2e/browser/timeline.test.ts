import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium, say, visitor } from './chromium.ts';
import { history, joined } from './history.ts';

const long = 10_000;
const minute = 60_000;

/** The message at this pos of the lobby. */
const at = (page: Page, pos: number): Locator => page.locator(`[data-testid=message][data-pos="${pos}"]`);

describe('a long timeline', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;
  let jihun: Page;
  /** The pos of the made-up message n is n + shift: others joined before. */
  let shift = 0;

  before(async () => {
    server = await ServerProcess.start();
    const [sora, dami] = [await joined(server, '소라'), await joined(server, '다미')];
    shift = 2;
    const begin = Date.now() - (long + 10) * 100 * minute;
    await history(server, 'lobby', long, (n) => ({
      by: (n % 5 < 3 ? sora : dami).id,
      text: n % 17 === 0 ? `지난 이야기 ${n}\n${'길게 늘어놓은 이야기 '.repeat(n % 40)}` : `지난 이야기 ${n}`,
      at: begin + n * 100 * minute,
    }));
    browser = await launch();
    mina = await visitor(browser, server.url, '미나');
    jihun = await visitor(browser, server.url, 'Jihun', 'en-US');
  });

  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('UX 29 a permalink two years back opens there, highlighted', async () => {
    const pos = 40 + shift;
    await mina.goto(`${server.url}/r/lobby/${pos}`);
    await at(mina, pos).waitFor();
    assert.match((await at(mina, pos).getByTestId('text').textContent()) ?? '', /지난 이야기 40$/);
    await at(mina, pos).locator('.flash').waitFor();
    const { y, height } = (await at(mina, pos).boundingBox()) ?? { y: -1, height: 0 };
    const box = await mina.getByTestId('timeline').boundingBox();
    assert.ok(box && y > box.y && y + height < box.y + box.height, 'it is on the screen');
  });

  it('UX 29 the exact time is a link to the message; so is what “copy link” copies', async () => {
    await mina.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const message = at(mina, 40 + shift);
    await message.hover();
    const href = await message.getByTestId('permalink').getAttribute('href');
    assert.equal(new URL(href ?? '', server.url).href, `${server.url}/r/lobby/${40 + shift}`);
    await message.getByTestId('copy-link').click();
    assert.equal(await mina.evaluate(() => navigator.clipboard.readText()), `${server.url}/r/lobby/${40 + shift}`);
  });

  it('UX 29 a link to what is not there says so', async () => {
    await mina.goto(`${server.url}/r/lobby/${long * 9}`);
    await mina.getByTestId('toasts').getByText('찾을 수 없는').waitFor();
    await say(mina, '여기는 지금');
    await jihun.getByTestId('message').filter({ hasText: '여기는 지금' }).waitFor();
  });
});
