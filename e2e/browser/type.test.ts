import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium, say, visitor } from './chromium.ts';

interface Fetched {
  readonly name: string;
  readonly bytes: number;
}

/** The typeface's files that a page fetched, by name without their hash. */
const fonts = (page: Page): Promise<Fetched[]> =>
  page.evaluate(async () => {
    await document.fonts.ready;
    return performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.woff2'))
      .map((entry) => ({
        name: entry.name.replace(/^.*\/([a-z]+(?:-[a-z]+|-\d+)?)-[^/]{8}\.woff2$/, '$1'),
        bytes: (entry as PerformanceResourceTiming).encodedBodySize,
      }));
  });

describe('the typeface', { skip: noChromium ?? false, concurrency: 1, timeout: 120_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  before(async () => {
    server = await ServerProcess.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('UX 48 a first view in English fetches one file, in Korean two, small ones', async () => {
    const english = await fonts(await visitor(browser, server.url, 'Mina', 'en-US'));
    assert.deepEqual(
      english.map(({ name }) => name),
      ['latin'],
    );
    const korean = await fonts(await visitor(browser, server.url, '미나', 'ko-KR'));
    assert.deepEqual(korean.map(({ name }) => name).sort(), ['hangul-a', 'latin']);
    for (const [files, most] of [
      [english, 30_000],
      [korean, 115_000],
    ] as const) {
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
      assert.ok(bytes > 10_000 && bytes <= most, `${bytes} bytes`);
    }
  });

  it('a rare syllable brings its own slice, once, and no other', async () => {
    const page = await visitor(browser, server.url, '소라');
    await say(page, '뷁');
    await page.waitForFunction(() => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.woff2')).length > 2);
    const names = (await fonts(page)).map(({ name }) => name);
    assert.equal(names.length, 3, names.join());
    assert.match(names.at(-1) ?? '', /^hangul-\d\d$/);
  });

  it('nothing moves when the typeface comes after its fallback', async () => {
    const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/*.woff2', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(server.url, { waitUntil: 'commit' });
    await page.getByTestId('name-submit').waitFor();
    const boxes = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('h1, p, label, input, button')].map((element) => {
          const { x, y, height } = element.getBoundingClientRect();
          return [element.tagName, Math.round(x), Math.round(y), Math.round(height)].join(' ');
        }),
      );
    const before = await boxes();
    release();
    await page.evaluate(() => document.fonts.ready);
    await page.waitForFunction(() => [...document.fonts].some((face) => face.family.includes('Suda Sans') && face.status === 'loaded'));
    assert.deepEqual(await boxes(), before);
    await context.close();
  });
});
