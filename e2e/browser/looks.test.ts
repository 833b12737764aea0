import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { open } from '../pictures/sitting.ts';
import { type Story, tell } from '../pictures/story.ts';
import { launch, noChromium } from './chromium.ts';

const desk = { tongue: 'ko', theme: 'light', width: 1440, height: 900 } as const;

describe('how messages look', { skip: noChromium ?? false, concurrency: 1, timeout: 120_000 }, () => {
  let browser: Browser;
  let story: Story;
  let page: Page;

  const message = (text: string) => page.getByTestId('message').filter({ hasText: text });
  const edges = async (text: string) => {
    const box = await message(text).locator('.bubble').boundingBox();
    assert.ok(box, text);
    return { left: box.x, right: box.x + box.width, top: box.y };
  };
  /** The row of a message: its name and its face, if it has them. */
  const row = (text: string) => page.locator('.row').filter({ has: message(text) });
  const choose = async (what: 'density' | 'contrast' | 'theme', value: string) => {
    await page.getByTestId('settings').click();
    await page.getByTestId(what).locator(`input[value=${value}]`).check({ force: true });
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  };

  before(async () => {
    story = await tell('ko');
    browser = await launch();
    page = await open(browser, story, { name: 'looks', show: async () => undefined }, desk);
    await page.goto(`${story.world.url}/r/${story.rooms.hike}`);
    await message(story.words.talk.spare).waitFor();
  });
  after(async () => {
    await browser?.close();
    await story?.end();
  });

  it('UX 21 mine stand on the right, those of others on the left, with name and face once for what is said within five minutes', async () => {
    const { talk } = story.words;
    const [mine, theirs, next] = [await edges(talk.train), await edges(talk.thanks), await edges(talk.question)];
    assert.ok(mine.left > theirs.left + 100, `mine from ${mine.left}, theirs from ${theirs.left}`);
    assert.ok(mine.right > theirs.right, `mine to ${mine.right}, theirs to ${theirs.right}`);
    assert.equal(next.left, theirs.left);
    assert.deepEqual(
      await Promise.all([talk.thanks, talk.question, talk.train].map((text) => row(text).locator('.face').count())),
      [1, 0, 0],
    );
    assert.deepEqual(
      await Promise.all([talk.thanks, talk.question, talk.train].map((text) => row(text).locator('.who').count())),
      [1, 0, 0],
    );
  });

  it('UX 21 as lines: everyone’s names and words stand in columns, mine too, and it is remembered', async () => {
    const { talk } = story.words;
    await choose('density', 'lines');
    await row(talk.train).locator('.who').waitFor();
    const lefts = new Set(
      await Promise.all([talk.train, talk.thanks, talk.question, talk.spare].map(async (text) => (await edges(text)).left)),
    );
    assert.equal(lefts.size, 1, [...lefts].join());
    assert.equal(await row(talk.question).locator('.who').count(), 0);
    await page.reload();
    await row(talk.train).locator('.who').waitFor();
    assert.equal(await page.locator('html').getAttribute('data-density'), 'lines');
    await choose('density', 'bubbles');
    assert.ok((await edges(talk.train)).left > (await edges(talk.thanks)).left + 100);
  });

  it('UX 23 a message of emoji only is large, a notice is nobody’s', async () => {
    const size = (text: string) =>
      message(text)
        .locator('.bubble')
        .evaluate((bubble) => Number.parseFloat(getComputedStyle(bubble).fontSize));
    assert.ok((await size('😍😍')) >= 2.5 * (await size(story.words.talk.wow)));
    const notice = page.getByTestId('notice').first();
    await page.goto(`${story.world.url}/r/lobby`);
    await notice.waitFor();
    assert.equal(await notice.evaluate((line) => getComputedStyle(line).textAlign), 'center');
    assert.equal(await notice.locator('.face, .bubble').count(), 0);
  });

  it('UX 47 high contrast is chosen, or asked for by the device; it is there before the first paint', async () => {
    const sharp = () => page.evaluate(() => document.documentElement.dataset.contrast ?? null);
    const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
    assert.equal(await sharp(), null);
    const soft = await ink();
    await choose('contrast', 'more');
    assert.equal(await sharp(), 'more');
    assert.notEqual(await ink(), soft);
    await page.reload({ waitUntil: 'commit' });
    await page.waitForFunction(() => document.documentElement.dataset.theme !== undefined);
    assert.equal(await sharp(), 'more', 'by early.js');
    await page.getByTestId('settings').waitFor();
    await choose('contrast', 'system');
    assert.equal(await sharp(), null);
    await page.emulateMedia({ contrast: 'more' });
    await page.waitForFunction(() => document.documentElement.dataset.contrast === 'more');
    await page.emulateMedia({ contrast: 'no-preference' });
    await page.waitForFunction(() => document.documentElement.dataset.contrast === undefined);
  });

  it('UX 47 in the system’s own colours, where one is and what is chosen are still seen', async () => {
    await page.emulateMedia({ forcedColors: 'active' });
    const border = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).borderTopStyle);
    assert.equal(await border('[data-testid=room-item][aria-current=page]'), 'solid');
    await page.emulateMedia({ forcedColors: 'none' });
  });
});
