import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { launch, visitor } from '../../e2e/browser/chromium.ts';
import { history, joined } from '../../e2e/browser/history.ts';
import { ServerProcess } from '../../e2e/server-process.ts';
import { fetched, type Opening, opening, type Scrolling, scroll, typing, watchOpening } from './in-page.ts';
import { plot } from './plot.ts';

const dist = fileURLToPath(new URL('../../apps/web/dist/', import.meta.url));

export interface PageResult {
  readonly slowdown: number;
  readonly messages: number;
  readonly opening: Opening;
  readonly openingSlowed: Opening;
  readonly scrolling: readonly Scrolling[];
  readonly typing: readonly number[];
  /** The same while twenty messages a second arrive. */
  readonly typingInUproar: readonly number[];
  /** Bytes of JavaScript heap after all of it and a collection. */
  readonly heap: number;
  /** What a first visit fetches of scripts and styles, gzipped. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** What is said: mostly short, now and then long, a few people in turns, Korean and English. */
function text(n: number): string {
  if (n % 23 === 0)
    return `${n}: ${'회의에서 나온 이야기를 조금 길게 적어 둘게요. 다음 주까지 정리해서 공유할 예정이에요. '.repeat(1 + (n % 4))}`;
  if (n % 7 === 0) return `${n}: Let us meet at three, https://example.org/plan/${n}`;
  return n % 3 === 0 ? `${n}: 네, 좋아요` : `${n}: 오늘 저녁에 시간 되시는 분 계신가요?`;
}

async function slow(client: CDPSession, rate: number): Promise<void> {
  await client.send('Emulation.setCPUThrottlingRate', { rate });
}

async function opened(page: Page, url: string): Promise<Opening> {
  await page.goto(url);
  await page.locator('[data-testid=timeline][data-at-end=true]').waitFor();
  return opening(page);
}

/** The chat page in Chromium, on a room with so much history, with a processor so many times slower. Writes plot.svg beside this file. */
export async function pageBench(messages: number, slowdown: number): Promise<PageResult> {
  const server = await ServerProcess.start(['--rate', '0']);
  const browser = await launch();
  try {
    const people = await Promise.all(['소라', '다미', 'Jihun', 'Alex'].map((name) => joined(server, name)));
    const begin = Date.now() - messages * 20 * 60_000;
    await history(server, 'lobby', messages, (n) => ({
      by: people[(n >> 1) % people.length]?.id ?? '',
      text: text(n),
      at: begin + n * 20 * 60_000,
    }));
    const first = await visitor(browser, server.url, '미나');
    const cookies = await first.context().storageState();
    await first.context().close();

    /** A first visit: nothing in the browser's cache. */
    const visit = async (rate: number) => {
      const context = await browser.newContext({ storageState: cookies, viewport: { width: 1200, height: 800 }, timezoneId: 'Asia/Seoul' });
      const page = await context.newPage();
      const client = await context.newCDPSession(page);
      await slow(client, rate);
      await watchOpening(page);
      return { page, client, opening: await opened(page, `${server.url}/r/lobby`) };
    };
    const quick = await visit(1);
    const files = (await fetched(quick.page)).map((path) => ({
      name: path.split('/').at(-1) ?? '',
      bytes: gzipSync(readFileSync(`${dist}${path.slice(1)}`), { level: 9 }).length,
    }));
    await quick.page.context().close();

    const { page, client, opening: openingSlowed } = await visit(slowdown);
    const scrolling = [
      await scroll(page, 'reading up', -20, 600),
      await scroll(page, 'fast up', -100, 600),
      await scroll(page, 'fast down', 100, 600),
      await scroll(page, 'flung up', -400, 600),
    ];
    // Across all fifty thousand, wherever they are loaded or not.
    const whole = await page.getByTestId('timeline').evaluate((box) => box.scrollHeight);
    await page.getByTestId('timeline').evaluate((box) => box.scrollTo(0, 0));
    scrolling.push(await scroll(page, 'through everything', whole / 600, 600));
    await page.getByTestId('to-latest').or(page.getByTestId('new-pill')).click();
    await page.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    const calm = await typing(page, 'typing never waits, not even here, says the benchmark');
    const writer = people[0]?.token;
    let sent = 0;
    const uproar = setInterval(() => {
      sent += 1;
      void server.call('POST', '/v1/rooms/lobby/messages', { clientId: `live${sent}`, text: `지금 ${sent}` }, writer);
    }, 50);
    const inUproar = await typing(page, 'typing never waits, not even here, says the benchmark').finally(() => clearInterval(uproar));
    await client.send('HeapProfiler.collectGarbage');
    const { metrics } = await client.send('Performance.enable').then(() => client.send('Performance.getMetrics'));
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
    const title = `Frames while scrolling ${messages.toLocaleString('en')} messages, Chromium, processor ${slowdown} × slower`;
    writeFileSync(new URL('plot.svg', import.meta.url), plot(title, scrolling));
    return { slowdown, messages, opening: quick.opening, openingSlowed, scrolling, typing: calm, typingInUproar: inUproar, heap, files };
  } finally {
    await browser.close();
    await server.remove();
  }
}
