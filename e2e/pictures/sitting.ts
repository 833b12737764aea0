import type { Browser, Page } from 'playwright-core';
import type { Screen } from './screens.ts';
import { now, type Story } from './story.ts';

export interface Sitting {
  readonly tongue: 'ko' | 'en';
  readonly theme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture for one of the page. */
  readonly scale?: number;
}

/** A page for a picture: at its hour, still, in its language and theme. */
export async function open(
  browser: Browser,
  story: Story,
  screen: Screen,
  { tongue, theme, width, height, scale = 1 }: Sitting,
): Promise<Page> {
  const context = await browser.newContext({
    locale: tongue === 'ko' ? 'ko-KR' : 'en-US',
    viewport: { width, height },
    deviceScaleFactor: scale,
    timezoneId: 'Asia/Seoul',
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: width < 640,
    isMobile: width < 640,
    // Nothing here is without a network; what the page keeps for that would be fetched for every picture anew.
    serviceWorkers: 'block',
  });
  const person = screen.who === undefined ? story.me : screen.who(story);
  const url = person === story.empty.me ? story.empty.world.url : story.world.url;
  if (person) await context.addCookies([{ name: 'suda', value: person.token, url }]);
  await context.addInitScript((remembers) => {
    for (const [key, value] of Object.entries(remembers)) localStorage.setItem(key, value);
  }, screen.remembers ?? {});
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  // The hour stands still, and nothing else: Playwright's own clock would stop timers and frames too.
  if (!screen.measures)
    await page.addInitScript((hour) => {
      globalThis.Date = class extends Date {
        constructor(...given: readonly unknown[]) {
          super(...((given.length === 0 ? [hour] : given) as [number]));
        }
        static override now(): number {
          return hour;
        }
      } as DateConstructor;
    }, Date.parse(now));
  return page;
}

/** Resolves when what is seen has come to rest: typeface, pictures, everything that was fetched. */
export async function still(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
  });
  await page.mouse.move(0, 0);
}
