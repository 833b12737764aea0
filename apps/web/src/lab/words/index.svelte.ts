import { preferences } from '../../state/preferences.svelte.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';

type Shape<T> = {
  [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : T[K] extends readonly string[]
        ? readonly string[]
        : Shape<T[K]>;
};

/** The lab's words, apart from the chat's, so that the chat doesn't carry them. English is the measure. */
export type LabWords = Shape<typeof en>;

const languages = { ko, en } satisfies Record<string, LabWords>;

/** In the language that was chosen on the chat page, or here. Reactive. */
export const lab = {
  get t(): LabWords {
    return languages[preferences.language];
  },
  get language(): string {
    return preferences.language;
  },
};
