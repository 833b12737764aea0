import type { Words } from './words.ts';

export type { Words } from './words.ts';

/** The languages, and how to fetch the words of each: a page speaks one of them. */
export const languages = {
  ko: () => import('./ko.ts').then(({ ko }) => ko),
  en: () => import('./en.ts').then(({ en }) => en),
} satisfies Record<string, () => Promise<Words>>;
/** What the lobby is called in each of them. */
export const lobbies = ['로비', 'Lobby'] as const;
export type Language = keyof typeof languages;

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(languages, value);
}

/**
 * The language to speak: what was chosen before, else the first of the browser's that we know, else English.
 * @param chosen what was remembered, if anything
 * @param preferred as in `navigator.languages`
 */
export function pickLanguage(chosen: string | null, preferred: readonly string[]): Language {
  if (isLanguage(chosen)) return chosen;
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'en';
}
