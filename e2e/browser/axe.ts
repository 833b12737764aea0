import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds on the page as it is now, a line for each element; nothing that is still moving is looked at.
 * @param rules all, unless some are named; @param part a selector of what is looked at, instead of the whole page
 */
export async function findings(page: Page, rules?: readonly string[], part?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  return page.evaluate(
    async ([only, where]) => {
      const frame = () => new Promise((painted) => requestAnimationFrame(painted));
      // A change of looks is heard in one frame, begins its transitions in the next, and is over when these are.
      for (let i = 0; i < 3; i++) await frame();
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
      const still = Promise.all(ending.map((animation) => animation.finished.catch(() => {})));
      await Promise.race([still, new Promise((enough) => setTimeout(enough, 1_000))]);
      await frame();
      const { axe: it } = window as unknown as { axe: typeof axe };
      const { violations } = await it.run(where ?? document, {
        resultTypes: ['violations'],
        ...(only === undefined ? {} : { runOnly: { type: 'rule', values: [...only] } }),
      });
      return violations.flatMap(({ id, help, nodes }) =>
        nodes.map((node) => `${id} (${help}): ${node.html.slice(0, 200)} — ${node.any[0]?.message ?? node.failureSummary}`),
      );
    },
    [rules, part] as const,
  );
}

/** How the same page can look. Words and roles are the same in all of them, so only the first is asked everything. */
export const looks = [
  { name: 'light', media: { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' }, rules: undefined },
  {
    name: 'dark',
    media: { colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'none' },
    rules: ['color-contrast', 'link-in-text-block'],
  },
  {
    name: 'high contrast',
    media: { colorScheme: 'light', contrast: 'more', forcedColors: 'none' },
    rules: ['color-contrast-enhanced', 'link-in-text-block'],
  },
  {
    name: 'high contrast, dark',
    media: { colorScheme: 'dark', contrast: 'more', forcedColors: 'none' },
    rules: ['color-contrast-enhanced', 'link-in-text-block'],
  },
] as const satisfies readonly { name: string; media: Parameters<Page['emulateMedia']>[0]; rules: readonly string[] | undefined }[];
