import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launch, noChromium } from '../browser/chromium.ts';
import { faults } from './layout.ts';
import { type Screen, screens } from './screens.ts';
import { open } from './sitting.ts';
import { type Story, type Tongue, tell } from './story.ts';

/** A phone, a tablet, a desk. */
const usual = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];
/** The longest words are tried where it is narrowest, too: what is left of 1280 px at 400 %, of 640 px at 200 %. */
const widthsOf = { ko: usual, en: usual, long: [{ width: 320, height: 640 }, ...usual.slice(1)] };

/** Declares a test for every screen. A file of its own for each tongue: they take a while, and run side by side. */
export function everyScreen(tongue: Tongue): void {
  describe(`UX 48 49 every screen at every width, ${tongue}`, { skip: noChromium ?? false, concurrency: 1, timeout: 420_000 }, () => {
    let browser: Browser;
    let story: Story;
    before(async () => {
      story = await tell(tongue);
      browser = await launch();
    });
    after(async () => {
      await browser?.close();
      await story?.end();
    });

    // A page that was loaded once shows the next screen four times sooner than one of a new browser.
    const pages = new Map<string, Page>();
    /** A page of this person at this width, which remembers nothing of the screen before. */
    async function pageFor(screen: Screen, size: (typeof usual)[number]): Promise<Page> {
      const person = screen.who === undefined ? story.me : screen.who(story);
      const key = JSON.stringify([size.width, person?.token, screen.remembers, screen.measures]);
      const used = pages.get(key);
      if (used === undefined) {
        const page = await open(browser, story, screen, { tongue: tongue === 'en' ? 'en' : 'ko', theme: 'light', ...size });
        pages.set(key, page);
        return page;
      }
      await used.evaluate(() => localStorage.clear());
      await used.emulateMedia({ colorScheme: 'light' });
      return used;
    }

    // What is measured has the same words in both Korean tongues.
    for (const screen of screens.filter(({ measures }) => tongue !== 'long' || !measures)) {
      it(`${screen.name}: nothing is cut off, nothing scrolls sideways`, async () => {
        const wrong: string[] = [];
        for (const size of widthsOf[tongue]) {
          const page = await pageFor(screen, size);
          await screen.show(page, story);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            wrong.push(...(await faults(page)).map((fault) => `${size.width} px, ${colorScheme}: ${fault}`));
          }
        }
        assert.deepEqual(wrong, []);
      });
    }
  });
}
