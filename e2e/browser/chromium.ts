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

/**
 * Resolves when what a function of the page promises is true. (`waitForFunction` takes a promise for a truth, and does not wait.)
 * @param within milliseconds
 */
export async function until<A>(page: Page, holds: (arg: A) => Promise<boolean>, arg: A, within = 30_000): Promise<void> {
  const end = Date.now() + within;
  while (!(await page.evaluate(holds as (arg: unknown) => Promise<boolean>, arg as unknown))) {
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${String(arg)}`);
    await page.waitForTimeout(20);
  }
}

/** Whether a text stands in one of the page's databases. It runs in the page. */
const stands = async (wanted: string): Promise<boolean> => {
  const wait = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const [database = '', table = '', text = ''] = wanted.split('\n');
  for (const { name = '' } of await indexedDB.databases()) {
    if (!name.startsWith(database)) continue;
    const opened = await wait(indexedDB.open(name));
    try {
      if (!opened.objectStoreNames.contains(table)) continue;
      if (JSON.stringify(await wait(opened.transaction(table).objectStore(table).getAll())).includes(text)) return true;
    } finally {
      opened.close();
    }
  }
  return false;
};

/** Resolves when a message that was not sent yet is on the page's disk: from then on it survives a reload. */
export const kept = (page: Page, text: string): Promise<void> => until(page, stands, `suda:\nentries\n${text}`);

/** Resolves when a message is among what was last read on the page's disk: from then on it shows without a network. */
export const remembered = (page: Page, text: string): Promise<void> => until(page, stands, `suda-last-read:\npages\n${text}`);
