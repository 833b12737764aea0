import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium, say, visitor } from './chromium.ts';
import { history, joined } from './history.ts';

const long = 10_000;
const minute = 60_000;

/** Where the message at this pos is on the screen, and how the box is scrolled. */
const edge = (page: Page, pos: number): Promise<number> =>
  page.evaluate(
    (pos) => document.querySelector(`[data-testid=message][data-pos="${pos}"]`)?.getBoundingClientRect().top ?? Number.NaN,
    pos,
  );

/** Two frames were painted: whatever was to be measured and set right has been. */
const painted = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** The poses in the document, in its order. */
const poses = (page: Page): Promise<number[]> =>
  page.getByTestId('message').evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset.pos)));

/** Those on the screen. */
const visible = (page: Page): Promise<number[]> =>
  page.evaluate(() => {
    const box = document.querySelector('[data-testid=timeline]')?.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('[data-testid=message]')]
      .filter((one) => {
        const { top, bottom } = one.getBoundingClientRect();
        return box !== undefined && bottom > box.top && top < box.bottom;
      })
      .map((one) => Number(one.dataset.pos));
  });

/** Scrolls to a share of the whole: what dragging the scrollbar's thumb there does. */
const drag = (page: Page, share: number): Promise<void> =>
  page.getByTestId('timeline').evaluate((box, share) => {
    box.scrollTop = share * (box.scrollHeight - box.clientHeight);
  }, share);

/** Waits until messages are on the screen, and gives their poses. */
async function arrived(page: Page, holds: (poses: number[]) => boolean): Promise<number[]> {
  for (let tries = 0; tries < 400; tries++) {
    const seen = await visible(page);
    if (seen.length > 3 && holds(seen)) return seen;
    await page.waitForTimeout(25);
  }
  throw new Error(`never on the screen; there was ${await visible(page)}`);
}

function assertNoHole(poses: readonly number[]): void {
  for (const [i, pos] of poses.entries()) if (i > 0) assert.equal(pos, (poses[i - 1] ?? 0) + 1, `after ${poses[i - 1]} comes ${pos}`);
}

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

  it('UX 29 one can read on from there to the present, without a hole; live messages meanwhile make none', async () => {
    await mina.goto(`${server.url}/r/lobby/${long - 900 + shift}`);
    await at(mina, long - 900 + shift).waitFor();
    const met = new Set<number>();
    let said = 0;
    for (let steps = 0; steps < 600; steps++) {
      const seen = await poses(mina);
      for (const pos of seen) met.add(pos);
      if (steps % 10 === 0 && said < 12) await say(jihun, `그 사이 ${++said}`);
      if ((await mina.getByTestId('timeline').getAttribute('data-at-end')) === 'true') break;
      await mina.getByTestId('timeline').evaluate((box) => box.scrollBy(0, 400));
      await painted(mina);
    }
    await mina
      .getByTestId('message')
      .filter({ hasText: `그 사이 ${said}` })
      .waitFor();
    for (const pos of await poses(mina)) met.add(pos);
    const last = Math.max(...met);
    assert.ok(said >= 5 && last >= long + shift + said, `the present was reached: ${last}`);
    const missed = Array.from({ length: last - (long - 900 + shift) }, (_, i) => long - 900 + shift + i).filter((pos) => !met.has(pos));
    // Notices of who joined are no messages.
    assert.ok(missed.length <= 2 && missed.every((pos) => pos > long + shift), `never seen: ${missed}`);
  });

  it('UX 26 older history prepends without moving what one looks at', async () => {
    await mina.goto(`${server.url}/r/lobby/${long - 200 + shift}`);
    await at(mina, long - 200 + shift).waitFor();
    const timeline = mina.getByTestId('timeline');
    let oldest = Math.min(...(await poses(mina)));
    const begin = oldest;
    for (let steps = 0; steps < 120 && oldest > begin - 250; steps++) {
      const [held = 0] = (await visible(mina)).slice(2);
      const before = await edge(mina, held);
      const by = await timeline.evaluate((box) => {
        const top = box.scrollTop;
        box.scrollTop = top - 260;
        return box.scrollTop - top;
      });
      await painted(mina);
      const now = await edge(mina, held);
      assert.ok(Math.abs(now - (before - by)) <= 2, `message ${held} was to be at ${before - by} and is at ${now}`);
      oldest = Math.min(oldest, ...(await poses(mina)));
    }
    assert.ok(oldest <= begin - 250, `older messages came: ${oldest}`);
    assertNoHole(await poses(mina));
  });

  it('UX 26 27 what one looks at stays where it is when the window is resized, and when something above is edited or deleted', async () => {
    await mina.goto(`${server.url}/r/lobby`);
    await mina.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    for (let i = 1; i <= 30; i++) await say(jihun, `위에서 달라질 것 ${i}`);
    await mina.getByTestId('message').filter({ hasText: '달라질 것 30' }).waitFor();
    await mina.getByTestId('timeline').evaluate((box) => box.scrollBy(0, -500));
    await painted(mina);
    const held = (await visible(mina))[3] ?? 0;
    const before = await edge(mina, held);
    const above = at(jihun, held - 6);
    await above.hover();
    await above.getByTestId('edit').click();
    await jihun.getByTestId('edit-box').fill('고쳐서 아주 길어졌어요. '.repeat(40));
    await jihun.getByTestId('edit-save').click();
    await at(mina, held - 6)
      .filter({ hasText: '고쳐서' })
      .waitFor({ state: 'attached' });
    await painted(mina);
    assert.ok(Math.abs((await edge(mina, held)) - before) <= 2, `an edit above: ${before}, ${await edge(mina, held)}`);
    await above.hover();
    await above.getByTestId('delete').click();
    await jihun.getByTestId('confirm').click();
    await mina.locator(`[data-testid=message][data-pos="${held - 6}"][data-deleted]`).waitFor({ state: 'attached' });
    await painted(mina);
    assert.ok(Math.abs((await edge(mina, held)) - before) <= 2, `a deletion above: ${before}, ${await edge(mina, held)}`);
    // The soft keyboard makes the box lower; a window that is pulled makes it narrower.
    const size = mina.viewportSize() ?? { width: 1200, height: 800 };
    const held2 = (await visible(mina))[0] ?? 0;
    const bottom = async () => (await edge(mina, held2)) + ((await at(mina, held2).boundingBox())?.height ?? 0);
    const top = await bottom();
    await mina.setViewportSize({ ...size, height: 480 });
    await painted(mina);
    assert.ok(Math.abs((await bottom()) - top) <= 2, 'lower');
    await mina.setViewportSize({ ...size, width: 700 });
    await painted(mina);
    await painted(mina);
    assert.ok(Math.abs((await bottom()) - top) <= 2, `narrower: ${top}, ${await bottom()}`);
    await mina.setViewportSize(size);
    await painted(mina);
  });

  it('UX 28 the document stays small, wherever in the history one is', async () => {
    const nodes = () => mina.evaluate(() => document.querySelectorAll('*').length);
    for (const share of [0, 0.1, 0.35, 0.5, 0.77, 1]) {
      await drag(mina, share);
      const expected = 1 + share * (long + shift);
      const seen = await arrived(mina, (all) => Math.abs((all[0] ?? 0) - expected) < 200);
      assertNoHole(seen);
      assertNoHole(await poses(mina));
      assert.ok((await poses(mina)).length <= 140, `${(await poses(mina)).length} messages`);
      assert.ok((await nodes()) < 4_500, `${await nodes()} elements`);
    }
    await mina.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    await say(jihun, '끝에서 만나요');
    await mina.getByTestId('message').filter({ hasText: '끝에서 만나요' }).waitFor();
  });

  it('UX 28 the arrows go from message to message beyond what is in the document', async () => {
    await mina.goto(`${server.url}/r/lobby/${5_000 + shift}`);
    await at(mina, 5_000 + shift).waitFor();
    await at(mina, 5_000 + shift).focus();
    const focused = () => mina.evaluate(() => Number((document.activeElement as HTMLElement | null)?.dataset.pos));
    for (let i = 1; i <= 70; i++) {
      await mina.keyboard.press('ArrowUp');
      await mina.waitForFunction((pos) => (document.activeElement as HTMLElement | null)?.dataset.pos === String(pos), 5_000 + shift - i);
    }
    for (let i = 1; i <= 40; i++) {
      await mina.keyboard.press('ArrowDown');
      await mina.waitForFunction((pos) => (document.activeElement as HTMLElement | null)?.dataset.pos === String(pos), 4_930 + shift + i);
    }
    assert.ok((await visible(mina)).includes(await focused()));
    // A message that has the focus stays in the document, however far one scrolls.
    await mina.getByTestId('timeline').evaluate((box) => box.scrollBy(0, 9_000));
    await painted(mina);
    assert.equal(await focused(), 4_970 + shift);
    await mina.keyboard.press('ArrowDown');
    await mina.waitForFunction((pos) => (document.activeElement as HTMLElement | null)?.dataset.pos === String(pos), 4_971 + shift);
    assert.ok((await visible(mina)).includes(4_971 + shift));
  });

  it('UX 25 follows the end only within about 100 px of it; otherwise a pill and no jump', async () => {
    await mina.goto(`${server.url}/r/lobby`);
    const timeline = mina.getByTestId('timeline');
    await mina.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    await timeline.evaluate((box) => box.scrollBy(0, -60));
    await say(jihun, '가까이');
    await mina.getByTestId('message').filter({ hasText: '가까이' }).waitFor();
    await painted(mina);
    const away = () => timeline.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    assert.ok((await away()) < 2);
    await timeline.evaluate((box) => box.scrollBy(0, -400));
    await mina.locator('[data-testid=timeline][data-at-end=false]').waitFor();
    const held = (await visible(mina))[2] ?? 0;
    const before = await edge(mina, held);
    for (let i = 1; i <= 3; i++) await say(jihun, `멀리 ${i}`);
    await mina.locator('[data-testid=new-pill][data-count="3"]').waitFor();
    assert.ok(Math.abs((await edge(mina, held)) - before) <= 2);
    await mina.getByTestId('new-pill').click();
    await mina.locator('[data-testid=timeline][data-at-end=true]').waitFor();
    assert.ok((await away()) < 2);
  });

  it('UX 29 a link to what is not there says so', async () => {
    await mina.goto(`${server.url}/r/lobby/${long * 9}`);
    await mina.getByTestId('toasts').getByText('찾을 수 없는').waitFor();
    await say(mina, '여기는 지금');
    await jihun.getByTestId('message').filter({ hasText: '여기는 지금' }).waitFor();
  });
});
