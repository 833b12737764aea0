import type { Page } from 'playwright-core';

/** Intervals between frames, in milliseconds, of one way of scrolling. */
export interface Scrolling {
  readonly name: string;
  readonly intervals: readonly number[];
  /** Elements in the document, the most that there were. */
  readonly elements: number;
  /** Share of frames with nothing in the middle of the screen: scrolled past before it came. */
  readonly empty: number;
}

/** Scrolls the timeline by so many pixels with every frame, as a hand does that never rests. */
export async function scroll(page: Page, name: string, step: number, frames: number): Promise<Scrolling> {
  const measured = await page.getByTestId('timeline').evaluate(
    (box, { step, frames }) =>
      new Promise<Omit<Scrolling, 'name'>>((resolve) => {
        const intervals: number[] = [];
        let last = 0;
        let elements = 0;
        let empty = 0;
        const frame = (now: number): void => {
          if (last > 0) intervals.push(now - last);
          last = now;
          if (intervals.length % 10 === 0) {
            elements = Math.max(elements, document.querySelectorAll('*').length);
            const { left, top, width, height } = box.getBoundingClientRect();
            if (document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-gap]')) empty += 1;
          }
          if (intervals.length >= frames) {
            resolve({ intervals, elements, empty: (empty * 10) / frames });
            return;
          }
          box.scrollTop += step;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
    { step, frames },
  );
  return { name, ...measured };
}

/** Milliseconds from each keydown to the frame that shows it. */
export async function typing(page: Page, text: string): Promise<readonly number[]> {
  await page.getByTestId('composer').click();
  await page.evaluate(() => {
    const waits: number[] = [];
    Object.assign(globalThis, { waits });
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const painted = new MessageChannel();
          painted.port1.onmessage = () => waits.push(performance.now() - timeStamp);
          painted.port2.postMessage(null);
        });
      },
      true,
    );
  });
  await page.keyboard.type(text, { delay: 80 });
  await page.waitForFunction((count) => (globalThis as unknown as { waits: number[] }).waits.length >= count, text.length);
  return page.evaluate(() => (globalThis as unknown as { waits: number[] }).waits);
}

/** When a page load came to what, in milliseconds from its beginning. */
export interface Opening {
  readonly painted: number;
  /** The first messages stood there. */
  readonly messages: number;
  /** The last task of more than 50 ms was over: from then on it answers at once. */
  readonly interactive: number;
}

/** Call before the page is opened. */
export async function watchOpening(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { messages: 0, busy: 0 };
    Object.assign(globalThis, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.busy = Math.max(seen.busy, task.startTime + task.duration);
    }).observe({ type: 'longtask', buffered: true });
    const look = (): void => {
      if (document.querySelector('[data-testid=message]')) seen.messages = performance.now();
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** How it was opened, once nothing has kept it busy for two seconds. */
export async function opening(page: Page): Promise<Opening> {
  await page.waitForFunction(() => {
    const { seen } = globalThis as unknown as { seen: { messages: number; busy: number } };
    return seen.messages > 0 && performance.now() - Math.max(seen.messages, seen.busy) > 2_000;
  });
  return page.evaluate(() => {
    const { seen } = globalThis as unknown as { seen: { messages: number; busy: number } };
    const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
    return { painted, messages: seen.messages, interactive: Math.max(seen.messages, seen.busy) };
  });
}

/** Scripts and styles that were fetched so far, by the last part of their address. */
export function fetched(page: Page): Promise<readonly string[]> {
  return page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name).pathname)
      .filter((path) => /\.(js|css)$/.test(path)),
  );
}
