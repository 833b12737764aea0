import { en } from './en.ts';
import { ko } from './ko.ts';
import type { Words } from './words.ts';

export type { Words } from './words.ts';

export const languages = { ko, en } satisfies Record<string, Words>;
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
