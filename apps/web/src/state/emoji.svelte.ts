import type { Emoji } from '../lib/emoji/catalog.ts';
import { preferences } from './preferences.svelte.ts';

type Language = 'ko' | 'en';
const key = 'suda.emoji';
const kept = 24;

/** Emoji and how they are found: both come when they are first wanted. */
export interface Catalog {
  readonly list: readonly Emoji[];
  search(query: string, most: number): readonly Emoji[];
  /** The one that `:word:` is. */
  exact(word: string): string | null;
}

async function load(language: Language): Promise<Catalog> {
  const [{ emojiFor, readCatalog, searchEmoji }, file] = await Promise.all([
    import('../lib/emoji/catalog.ts'),
    language === 'ko' ? import('virtual:emoji/ko') : import('virtual:emoji/en'),
  ]);
  const list = readCatalog(file.default);
  return { list, search: (query, most) => searchEmoji(list, query, most), exact: (word) => emojiFor(list, word) };
}

let loaded = $state.raw<Partial<Record<Language, Catalog>>>({});
const loading: Partial<Record<Language, Promise<Catalog>>> = {};
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

/** The emoji that one can look for. */
export const emojis = {
  /** Those whose words may answer the query, if they are here. */
  now(query: string): Catalog | null {
    return loaded[languageFor(query)] ?? null;
  },
  /** @throws when they can't be had now: without a connection, the first time */
  async get(query: string): Promise<Catalog> {
    const language = languageFor(query);
    const coming = loading[language] ?? load(language);
    loading[language] = coming;
    try {
      const catalog = await coming;
      if (!loaded[language]) loaded = { ...loaded, [language]: catalog };
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
