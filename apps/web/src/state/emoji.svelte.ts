import { type Emoji, readCatalog } from '../lib/emoji/catalog.ts';
import { preferences } from './preferences.svelte.ts';

type Language = 'ko' | 'en';
const key = 'suda.emoji';
const kept = 24;
const files = { ko: () => import('virtual:emoji/ko'), en: () => import('virtual:emoji/en') };

let loaded = $state.raw<Partial<Record<Language, readonly Emoji[]>>>({});
const loading: Partial<Record<Language, Promise<readonly Emoji[]>>> = {};
let recent = $state.raw<readonly string[]>(read());

function read(): readonly string[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string').slice(0, kept) : [];
  } catch {
    return [];
  }
}

function languageFor(query: string): Language {
  return preferences.language === 'ko' || /\p{Script=Hangul}/u.test(query) ? 'ko' : 'en';
}

/** The emoji that one can look for: their words come when they are first wanted. */
export const emojis = {
  /** Those whose words may answer the query, if they are here. */
  now(query: string): readonly Emoji[] | null {
    return loaded[languageFor(query)] ?? null;
  },
  /** @throws when they can't be had now: without a connection, the first time */
  async get(query: string): Promise<readonly Emoji[]> {
    const language = languageFor(query);
    const coming = loading[language] ?? files[language]().then((file) => readCatalog(file.default));
    loading[language] = coming;
    try {
      const catalog = await coming;
      loaded = { ...loaded, [language]: catalog };
      return catalog;
    } catch (error) {
      delete loading[language];
      throw error;
    }
  },
  /** What this person chose, the latest first: kept on the device. */
  get recent(): readonly string[] {
    return recent;
  },
  chose(emoji: string): void {
    recent = [emoji, ...recent.filter((one) => one !== emoji)].slice(0, kept);
    try {
      localStorage.setItem(key, JSON.stringify(recent));
    } catch {
      // A browser that forbids storage forgets it, and nothing else.
    }
  },
};
