import type { Gif } from '@suda/protocol';
import type { Recent } from '../lib/recents.ts';
import { recents, session, suda } from './session.svelte.ts';

/** After the last key, so many milliseconds, the search is asked for. */
const SETTLED = 180;

/** One that a provider has. */
export interface Found {
  readonly id: string;
  readonly words: string;
  readonly width: number;
  readonly height: number;
}

/** What the picker looks at: the library of the server, and what a provider finds, if there is one. */
export class GifSearch {
  q = $state('');
  gifs = $state.raw<readonly Gif[]>([]);
  state = $state<'coming' | 'there' | 'failed'>('coming');
  /** Of the provider: `off` where there is none. */
  outside = $state<'off' | 'idle' | 'coming' | 'there' | 'failed'>('idle');
  provider = $state<string | null>(null);
  found = $state.raw<readonly Found[]>([]);
  recent = $state.raw<readonly Recent[]>(recents.read(session.me?.id ?? ''));
  #next: string | undefined;
  #asked = 0;
  #loading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    void this.#ask();
  }

  /** Searches when typing has settled. */
  type(text: string): void {
    this.q = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), SETTLED);
  }

  again(): void {
    void this.#ask();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  async #ask(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const q = this.q.trim();
    this.#next = undefined;
    void this.#askOutside(q, asked);
    try {
      const page = await suda.command('gif.list', q === '' ? {} : { q });
      if (asked !== this.#asked) return;
      this.gifs = page.gifs;
      this.#next = page.next;
      this.state = 'there';
    } catch {
      if (asked === this.#asked) this.state = 'failed';
    }
  }

  /** The next page, when one comes near the end of this one. */
  async more(): Promise<void> {
    const [asked, before, q] = [this.#asked, this.#next, this.q.trim()];
    if (before === undefined || this.#loading) return;
    this.#loading = true;
    try {
      const page = await suda.command('gif.list', { before, ...(q === '' ? {} : { q }) });
      if (asked !== this.#asked) return;
      const known = new Set(this.gifs.map(({ file }) => file.id));
      this.gifs = [...this.gifs, ...page.gifs.filter(({ file }) => !known.has(file.id))];
      this.#next = page.next;
    } catch {
      // Coming near the end again asks again.
    } finally {
      this.#loading = false;
    }
  }

  async #askOutside(q: string, asked: number): Promise<void> {
    if (this.outside === 'off') return;
    if (q === '') {
      this.found = [];
      this.outside = 'idle';
      return;
    }
    this.outside = 'coming';
    try {
      const page = await suda.command('gif.find', { q });
      if (asked !== this.#asked) return;
      this.provider = page.provider.toUpperCase();
      this.found = page.gifs;
      this.outside = 'there';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.found = [];
      this.outside = error instanceof Error && 'code' in error && error.code === 'not_allowed' ? 'off' : 'failed';
    }
  }

  add(gif: Gif): void {
    this.gifs = [gif, ...this.gifs.filter(({ file }) => file.id !== gif.file.id)];
    this.state = 'there';
  }

  async remove(gif: Gif): Promise<void> {
    await suda.command('gif.remove', { file: gif.file.id });
    this.gifs = this.gifs.filter((one) => one !== gif);
    this.missing(gif.file.id);
  }

  /** One that was sent before is no longer there. */
  missing(id: string): void {
    recents.drop(session.me?.id ?? '', id);
    this.recent = this.recent.filter(({ file }) => file.id !== id);
  }
}
