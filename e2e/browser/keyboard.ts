import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

/** Where the focus is, in words; and whether it can be seen, on the element itself or on what stands around it. */
export function focus(page: Page): Promise<{ readonly at: string; readonly lost: boolean; readonly seen: boolean }> {
  return page.evaluate(async () => {
    await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
    const { activeElement: element } = document;
    const lost = element === null || element === document.body;
    const ringed = (one: Element): boolean => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1 && !/, 0\)$|transparent/.test(outlineColor);
    };
    let seen = false;
    for (let one = element, up = 0; one !== null && up < 3; one = one.parentElement, up++) seen ||= ringed(one);
    const { dataset: { testid = '' } = {}, outerHTML = '' } = (element ?? {}) as Partial<HTMLElement>;
    return { at: lost ? 'nowhere' : testid || outerHTML.slice(0, 120), lost, seen };
  });
}

/** The focus is on something, and a person sees on what. */
export async function keepsFocus(page: Page, when: string): Promise<void> {
  const { at, lost, seen } = await focus(page);
  assert.ok(!lost, `${when}: the focus is nowhere`);
  assert.ok(seen, `${when}: the focus on ${at} can't be seen`);
}

/** Goes on with Tab until the focus is on what this selects, and sees at each stop that it can be seen. */
export async function tabTo(page: Page, selector: string, key: 'Tab' | 'Shift+Tab' = 'Tab', most = 90): Promise<void> {
  const way: string[] = [];
  for (let i = 0; i < most; i++) {
    if (await page.evaluate((to) => document.activeElement?.matches(to) ?? false, selector)) return;
    await page.keyboard.press(key);
    const { at, lost, seen } = await focus(page);
    way.push(at);
    // Leaving the last element, the focus goes to the browser's own and comes back.
    assert.ok(lost || seen, `the focus on ${at} can't be seen`);
  }
  throw new Error(`${key} doesn't come to ${selector}: ${way.join(' → ')}`);
}
