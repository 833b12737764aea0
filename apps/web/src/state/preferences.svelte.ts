import { type Language, languages, pickLanguage, type Words } from '../i18n/index.ts';
import { type Format, formatFor } from '../lib/format.ts';

export type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];
/** `system`: more where the device asks for it. */
export type Contrast = 'system' | 'more';
/** Bubbles as in a messenger, or lines with time and name. */
export type Density = 'bubbles' | 'lines';

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
const sharpDevice = matchMedia('(prefers-contrast: more)');
const savedTheme = themes.find((theme) => theme === remembered('suda.theme')) ?? 'system';

const first = pickLanguage(remembered('suda.language'), navigator.languages);
/** Without words there is no page: everything waits for them. `early.js` has asked for them long before. */
const firstWords = await languages[first]();

/** How this person wants the page: kept on the device. `early.js` reads the same keys before the first paint. */
class Preferences {
  #language = $state<Language>(first);
  #words = $state.raw<Words>(firstWords);
  #theme = $state<Theme>(savedTheme);
  #contrast = $state<Contrast>(remembered('suda.contrast') === 'more' ? 'more' : 'system');
  #readCounts = $state(remembered('suda.readCounts') !== 'off');
  #density = $state<Density>(remembered('suda.density') === 'lines' ? 'lines' : 'bubbles');
  #previews = $state(remembered('suda.previews') !== 'off');
  readonly format: Format = $derived(formatFor(this.#language, this.#words));

  constructor() {
    for (const device of [darkDevice, sharpDevice]) device.addEventListener('change', () => this.#paint());
    this.#paint();
  }

  get language(): Language {
    return this.#language;
  }
  /** Takes effect when its words are there. */
  set language(language: Language) {
    remember('suda.language', language);
    languages[language]().then(
      (words) => {
        this.#words = words;
        this.#language = language;
        this.#paint();
      },
      () => {
        // Without a network it is the language of the next visit.
      },
    );
  }
  get words(): Words {
    return this.#words;
  }

  get theme(): Theme {
    return this.#theme;
  }
  set theme(theme: Theme) {
    this.#theme = theme;
    remember('suda.theme', theme);
    this.#paint();
  }

  get contrast(): Contrast {
    return this.#contrast;
  }
  set contrast(contrast: Contrast) {
    this.#contrast = contrast;
    remember('suda.contrast', contrast);
    this.#paint();
  }

  get readCounts(): boolean {
    return this.#readCounts;
  }
  set readCounts(shown: boolean) {
    this.#readCounts = shown;
    remember('suda.readCounts', shown ? 'on' : 'off');
  }

  get density(): Density {
    return this.#density;
  }
  set density(density: Density) {
    this.#density = density;
    remember('suda.density', density);
    this.#paint();
  }

  /** Whether cards stand below links. */
  get previews(): boolean {
    return this.#previews;
  }
  set previews(shown: boolean) {
    this.#previews = shown;
    remember('suda.previews', shown ? 'on' : 'off');
  }

  nextTheme(): void {
    this.theme = themes[(themes.indexOf(this.#theme) + 1) % themes.length] ?? 'system';
  }

  #paint(): void {
    const root = document.documentElement;
    root.lang = this.#language;
    root.dataset.theme = this.#theme === 'dark' || (this.#theme === 'system' && darkDevice.matches) ? 'dark' : 'light';
    if (this.#contrast === 'more' || sharpDevice.matches) root.dataset.contrast = 'more';
    else delete root.dataset.contrast;
    root.dataset.density = this.#density;
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
