import { readFileSync } from 'node:fs';

/** The four ways that the page looks. */
export type Look = 'light' | 'dark' | 'light, high contrast' | 'dark, high contrast';

const selectors: Readonly<Record<Look, readonly string[]>> = {
  light: [':root'],
  dark: [':root', ':root[data-theme="dark"]'],
  'light, high contrast': [':root', ':root[data-contrast="more"]'],
  'dark, high contrast': [
    ':root',
    ':root[data-theme="dark"]',
    ':root[data-contrast="more"]',
    ':root[data-contrast="more"][data-theme="dark"]',
  ],
};

/** For tests: the custom properties of a style sheet as each look has them, later blocks over earlier ones. @param path beside this file */
export function looksOf(...paths: string[]): ReadonlyMap<Look, ReadonlyMap<string, string>> {
  const css = paths.map((path) => readFileSync(new URL(path, import.meta.url), 'utf8')).join('\n');
  const blocks = [...css.matchAll(/^(:root[^{\n]*) \{([^}]*)\}/gm)].map(([, selector = '', body = '']) => ({ selector, body }));
  return new Map(
    (Object.keys(selectors) as Look[]).map((look) => [
      look,
      new Map(
        selectors[look].flatMap((wanted) =>
          blocks
            .filter(({ selector }) => selector === wanted)
            .flatMap(({ body }) =>
              [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((match) => [String(match[1]), String(match[2])] as const),
            ),
        ),
      ),
    ]),
  );
}
