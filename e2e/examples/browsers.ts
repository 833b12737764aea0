import type { TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch } from '../browser/chromium.ts';

/** A Chromium for as long as a test runs. */
export async function chromium(context: TestContext): Promise<Browser> {
  const browser = await launch();
  context.after(() => browser.close());
  return browser;
}

/** A browser of its own, as far as a page can tell: no cookie is shared. Errors of the page are printed. */
export async function visit(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR' });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error.stack));
  await page.goto(url);
  return page;
}
