import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium, visitor } from './chromium.ts';
import { history, joined } from './history.ts';

const count = 3_000;
const sixHours = 6 * 3_600_000;

describe('the day of what passes by', { skip: noChromium ?? false, concurrency: 1, timeout: 180_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;
  /** Three years ago: four messages each day, the last of them long before today. */
  const begin = Date.UTC(new Date().getUTCFullYear() - 3, 0, 1);
  /** As the page says it, of the message at this pos: one person joined before. */
  const dayAt = (pos: number): string =>
    new Intl.DateTimeFormat('en', { year: 'numeric', month: 'long', day: 'numeric', weekday: 'long', timeZone: 'UTC' }).format(
      begin + (pos - 2) * sixHours,
    );

  before(async () => {
    server = await ServerProcess.start();
    const sora = await joined(server, 'Sora');
    await history(server, 'lobby', count, (n) => ({ by: sora.id, text: `Long ago ${n}`, at: begin + (n - 1) * sixHours }));
    browser = await launch();
    mina = await visitor(browser, server.url, 'Mina', 'en-US', { timezoneId: 'UTC' });
    await mina.getByText(`Long ago ${count}`, { exact: true }).first().waitFor();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const label = () => mina.getByTestId('passing-day');
  const scroll = (by: number) => mina.getByTestId('timeline').evaluate((box, by) => box.scrollBy(0, by), by);
  /** The day of the uppermost message on the screen, as its own label has it. */
  const uppermost = (): Promise<number> =>
    mina.evaluate(() => {
      const top = document.querySelector('[data-testid=timeline]')?.getBoundingClientRect().top ?? 0;
      const first = [...document.querySelectorAll<HTMLElement>('[data-testid=message]')].find(
        (one) => one.getBoundingClientRect().bottom > top,
      );
      return Number(first?.dataset.pos);
    });

  it('UX 22 is not said while one follows the end', async () => {
    assert.equal(await label().count(), 0);
  });

  it('UX 22 is said while one scrolls, and goes when one rests', async () => {
    // A day line at the very top says it itself: from one message to the next, at some there is none.
    await mina.waitForFunction(() => {
      document.querySelector('[data-testid=timeline]')?.scrollBy(0, -60);
      return document.querySelector<HTMLElement>('[data-testid=passing-day]')?.dataset.shown === 'true';
    });
    // Of this year, the year goes without saying.
    const said = (await label().textContent()) ?? '';
    assert.ok(said !== '' && dayAt(await uppermost()).startsWith(said), said);
    await mina.locator('[data-testid=passing-day][data-shown=false]').waitFor();
  });

  it('UX 22 29 is right where nothing is loaded, while the thumb is still held', async () => {
    const share = 0.3;
    await mina.getByTestId('timeline').evaluate((box, share) => {
      // As a hand that drags the thumb to and fro: it never rests there.
      let turn = 0;
      const drag = setInterval(() => (box.scrollTop = share * (box.scrollHeight - box.clientHeight) + (turn++ % 2)), 30);
      Object.assign(window, { letGo: () => clearInterval(drag) });
    }, share);
    await mina.waitForFunction(
      (meant) => {
        const label = document.querySelector<HTMLElement>('[data-testid=passing-day][data-shown=true]');
        const loaded = document.querySelectorAll('[data-testid=message]').length;
        return label !== null && loaded === 0 && Math.abs(Date.parse(label.textContent ?? '') - meant) < 12 * 86_400_000;
      },
      begin + share * count * sixHours,
      { polling: 'raf' },
    );
    await mina.evaluate(() => (window as unknown as { letGo: () => void }).letGo());
    await mina.waitForFunction(() => document.querySelectorAll('[data-testid=message]').length > 3);
  });

  it('UX 47 is for eyes alone: the days themselves are read', async () => {
    await scroll(-200);
    await label().waitFor({ state: 'attached' });
    assert.equal(await label().getAttribute('aria-hidden'), 'true');
    assert.equal(await label().evaluate((one) => getComputedStyle(one).pointerEvents), 'none');
  });
});
