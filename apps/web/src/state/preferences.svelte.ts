import { type Language, languages, pickLanguage, type Words } from '../i18n/index.ts';
import { type Format, formatFor } from '../lib/format.ts';

export type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that forbids storage forgets the choice, and nothing else.
  }
}

const darkDevice = matchMedia('(prefers-color-scheme: dark)');
const savedTheme = themes.find((theme) => theme === remembered('suda.theme')) ?? 'system';

/** How this person wants the page: kept on the device. `early.js` reads the same keys before the first paint. */
class Preferences {
  #language = $state<Language>(pickLanguage(remembered('suda.language'), navigator.languages));
  #theme = $state<Theme>(savedTheme);
  readonly words: Words = $derived(languages[this.#language]);
  readonly format: Format = $derived(formatFor(this.#language, languages[this.#language]));

  constructor() {
    darkDevice.addEventListener('change', () => this.#paint());
    this.#paint();
  }

  get language(): Language {
    return this.#language;
  }
  set language(language: Language) {
    this.#language = language;
    remember('suda.language', language);
    this.#paint();
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    remember('suda.theme', theme);
    this.#paint();
  }

  nextTheme(): void {
    this.theme = themes[(themes.indexOf(this.#theme) + 1) % themes.length] ?? 'system';
  }

  #paint(): void {
    const root = document.documentElement;
    root.lang = this.#language;
    root.dataset.theme = this.#theme === 'dark' || (this.#theme === 'system' && darkDevice.matches) ? 'dark' : 'light';
  }
}

export const preferences = new Preferences();

/** The page's words in the chosen language. Reactive: use inside markup and effects. */
export const say = {
  get t(): Words {
    return preferences.words;
  },
  get format(): Format {
    return preferences.format;
  },
};
