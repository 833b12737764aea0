import type { Page } from 'playwright-core';

/**
 * What is wrong with how the page lies: it scrolls sideways, something that one reads or presses is cut off or out of sight, a text is too
 * small to read, a target is too small for a finger. Each in a sentence; none when all is well.
 */
export function faults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const width = document.documentElement.clientWidth;
    const name = (element: Element): string =>
      `${element.tagName.toLowerCase()}${element instanceof HTMLElement && element.dataset.testid ? `[${element.dataset.testid}]` : `.${String(element.getAttribute('class')).split(' ')[0]}`} “${(element.textContent ?? '').trim().slice(0, 40)}”`;

    const across = (document.scrollingElement?.scrollWidth ?? 0) - width;
    if (across > 0) found.push(`the page scrolls ${across} px sideways`);

    /** Inside something that scrolls sideways, what is outside can be brought in. */
    const scrolls = (element: Element): boolean => {
      for (let up: Element | null = element; up && up !== document.body; up = up.parentElement) {
        const { overflowX } = getComputedStyle(up);
        if ((overflowX === 'auto' || overflowX === 'scroll') && up.scrollWidth > up.clientWidth + 1) return true;
      }
      return false;
    };
    const modal = document.querySelector('dialog[open]');
    for (const element of (modal ?? document.body).querySelectorAll<HTMLElement>(
      'a, button, label, legend, h1, h2, h3, [role="option"], input, select, textarea, small, time, p',
    )) {
      if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('.unseen, [hidden]')) continue;
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) continue;
      const style = getComputedStyle(element);
      if ((box.left < -1 || box.right > width + 1) && !scrolls(element))
        found.push(`${name(element)} reaches out of the page: ${box.left.toFixed(0)} to ${box.right.toFixed(0)}`);
      const says = (element.textContent ?? '').trim() !== '';
      const clips = style.overflowX !== 'visible' || element instanceof HTMLButtonElement;
      const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
      if (
        says &&
        clips &&
        !field &&
        style.textOverflow !== 'ellipsis' &&
        style.display !== 'inline' &&
        element.scrollWidth > element.clientWidth + 1
      )
        found.push(`${name(element)} is cut off: ${element.scrollWidth} px in ${element.clientWidth}`);
      if (says && element instanceof HTMLButtonElement && style.overflowY !== 'auto' && element.scrollHeight > element.clientHeight + 2)
        found.push(`${name(element)} is cut off below: ${element.scrollHeight} px in ${element.clientHeight}`);
      if (
        (element instanceof HTMLButtonElement || element instanceof HTMLInputElement) &&
        element.type !== 'radio' &&
        element.type !== 'checkbox' &&
        // A name within a sentence is as high as its line (WCAG 2.2, 2.5.8: inline).
        element.dataset.testid !== 'mention' &&
        (box.width < 24 || box.height < 24)
      )
        found.push(`${name(element)} is too small to hit: ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
      if (element.textContent?.trim() && Number.parseFloat(style.fontSize) < 10.5 && style.fontSize !== '0px')
        found.push(`${name(element)} is too small to read: ${style.fontSize}`);
    }
    return found;
  });
}
