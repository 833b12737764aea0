import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const path = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why browser tests can't run here, with the way to change that; undefined when they can. */
export const noChromium: string | undefined = existsSync(path)
  ? undefined
  : `no Chromium at ${path}: apt-get install chromium fonts-noto-cjk, or name another in CHROMIUM`;

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: path,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Chromium asks a person before a page of one loopback port may reach another; no person is here.
      '--disable-features=LocalNetworkAccessChecks',
    ],
  });
}

/** Someone who opened the page, took a name and stands in the lobby. */
export async function visitor(
  browser: Browser,
  url: string,
  name: string,
  locale = 'ko-KR',
  how: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 1200, height: 800 }, timezoneId: 'Asia/Seoul', ...how });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`));
  await page.goto(url);
  await page.getByTestId('name-input').fill(name);
  await page.getByTestId('name-submit').click();
  await page.getByTestId('composer').waitFor();
  return page;
}

/** Texts of the messages on the screen, with their state. */
export async function texts(page: Page): Promise<string[]> {
  return page
    .getByTestId('message')
    .evaluateAll((messages) => messages.map((message) => message.querySelector('[data-testid=text]')?.textContent?.trim() ?? ''));
}

/** Waits until a condition on the page's messages holds, and says what was there if it never does. */
export async function eventually(page: Page, what: string, holds: (texts: string[]) => boolean, within = 20_000): Promise<void> {
  const end = Date.now() + within;
  let seen: string[] = [];
  while (Date.now() < end) {
    seen = await texts(page);
    if (holds(seen)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`not within ${within} ms: ${what}\n${seen.slice(-30).join('\n')}`);
}

/** Types and presses Enter, as a person does. */
export async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').click();
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

/** Resolves when a message that was not sent yet is on the page's disk: from then on it survives a reload. */
export async function kept(page: Page, text: string): Promise<void> {
  await page.waitForFunction(async (wanted) => {
    const wait = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await wait(indexedDB.open(name));
      try {
        for (const store of database.objectStoreNames) {
          const rows = await wait(database.transaction(store).objectStore(store).getAll());
          if (rows.some((row) => JSON.stringify(row).includes(wanted))) return true;
        }
      } finally {
        database.close();
      }
    }
    return false;
  }, text);
}
