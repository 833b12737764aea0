import { shortcodeAt, type Token, tokenAt } from '../lib/completion.ts';
import { insertText } from '../lib/insert.ts';
import { isImeKey } from '../lib/keys.ts';
import { type Match, match } from '../lib/match.ts';
import { roomName } from '../lib/names.ts';
import { byRecency } from '../lib/rooms.ts';
import { emojis } from './emoji.svelte.ts';
import { knownRooms } from './known-rooms.svelte.ts';
import { linkTo } from './navigation.svelte.ts';
import { say } from './preferences.svelte.ts';
import type { Scene } from './scene.svelte.ts';
import { session } from './session.svelte.ts';

const most = 8;

export interface Choice {
  readonly kind: 'person' | 'room' | 'emoji';
  readonly id: string;
  readonly label: string;
  readonly ranges: Match['ranges'];
  /** What is written in place of the sign and what stands behind it. */
  readonly insert: string;
}

/** The list under the caret of one text box: people behind `@`, rooms behind `#`, emoji behind `:`. */
export class Completion {
  readonly listId: string;
  readonly #scene: Scene;
  #box: HTMLTextAreaElement | undefined;
  #token: Token | null = null;
  /** The sign for which Esc was pressed: no list for it any more. */
  #dismissed = -1;
  #composing = false;
  choices = $state.raw<readonly Choice[]>([]);
  active = $state(0);

  constructor(scene: Scene, listId: string) {
    this.#scene = scene;
    this.listId = listId;
  }

  get open(): boolean {
    return this.choices.length > 0;
  }
  /** For `aria-activedescendant`. */
  get activeId(): string | undefined {
    return this.open ? this.idOf(this.active) : undefined;
  }
  idOf(index: number): string {
    return `${this.listId}-${index}`;
  }

  /** Watches a text box; an attachment. */
  readonly watch = (box: HTMLTextAreaElement): (() => void) => {
    this.#box = box;
    const stop = new AbortController();
    const on = (type: string, run: (event: Event) => void) => box.addEventListener(type, run, { signal: stop.signal });
    on('input', (event) => this.#input(event as InputEvent));
    on('keyup', (event) => {
      if (/^(?:Arrow(?:Left|Right)|Home|End)$/u.test((event as KeyboardEvent).key)) this.#look();
    });
    on('pointerup', () => this.#look());
    // Not at once: a box that is taken away with its room loses the focus in the middle of the page's own change.
    on('blur', () => queueMicrotask(() => this.close()));
    on('compositionstart', () => {
      this.#composing = true;
    });
    on('compositionend', () => {
      this.#composing = false;
    });
    return () => stop.abort();
  };

  close(): void {
    this.choices = [];
    this.#token = null;
  }

  /** Takes the keys that belong to an open list. @returns whether it took this one */
  keydown(event: KeyboardEvent): boolean {
    if (!this.open || isImeKey(event) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const { length } = this.choices;
    if (event.key === 'ArrowDown') this.active = (this.active + 1) % length;
    else if (event.key === 'ArrowUp') this.active = (this.active + length - 1) % length;
    else if (event.key === 'Enter' || event.key === 'Tab') this.choose(this.choices[this.active]);
    else if (event.key === 'Escape') {
      this.#dismissed = this.#token?.from ?? -1;
      this.close();
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  choose(choice: Choice | undefined): void {
    const [box, from] = [this.#box, this.#token?.from];
    if (!box || from === undefined || !choice) return;
    // Leaving the box ends a composition and keeps its text; then there is one text to be replaced.
    if (this.#composing) box.blur();
    this.close();
    if (choice.kind === 'person') this.#scene.pick(choice.label, choice.id);
    if (choice.kind === 'emoji') emojis.chose(choice.id);
    insertText(box, from, box.selectionEnd, choice.insert);
    this.close();
  }

  #input(event: InputEvent): void {
    if (event.inputType === 'insertText' && event.data === ':' && !event.isComposing) void this.#replace();
    this.#look();
  }

  /** `:smile:` becomes what it is. */
  async #replace(): Promise<void> {
    const box = this.#box;
    const caret = box?.selectionEnd ?? 0;
    const code = box && shortcodeAt(box.value, caret);
    if (!code) return;
    const before = box.value;
    const catalog = emojis.now(code.word) ?? (await emojis.get(code.word).catch(() => null));
    // Whoever wrote on meanwhile wants no change behind the caret.
    if (!catalog || this.#composing || box.value !== before || box.selectionEnd !== caret) return;
    const emoji = catalog.exact(code.word);
    if (emoji === null) return;
    emojis.chose(emoji);
    insertText(box, code.from, caret, emoji);
  }

  #look(): void {
    const box = this.#box;
    const token = box && box.selectionStart === box.selectionEnd ? tokenAt(box.value, box.selectionEnd) : null;
    if (token?.from !== this.#dismissed) this.#dismissed = -1;
    if (!token || token.from === this.#dismissed) {
      this.close();
      return;
    }
    if (token.from !== this.#token?.from || token.query !== this.#token.query) this.active = 0;
    this.#token = token;
    this.choices = this.#find(token);
  }

  #find({ sign, query }: Token): readonly Choice[] {
    if (sign === '@') return this.#people(query);
    return sign === '#' ? rooms(query) : this.#emoji(query);
  }

  #people(query: string): readonly Choice[] {
    const { members } = this.#scene.state;
    const spoke = new Map<string, number>(this.#scene.state.messages.map((message, i) => [message.sender?.id ?? '', i]));
    return best(
      query,
      members.filter(({ user }) => user.id !== session.me?.id),
      ({ user }) => user.name,
      (a, b) => (spoke.get(b.user.id) ?? -1) - (spoke.get(a.user.id) ?? -1) || Number(b.online) - Number(a.online),
    ).map(({ one, ranges }) => ({ kind: 'person', id: one.user.id, label: one.user.name, ranges, insert: `@${one.user.name} ` }));
  }

  #emoji(query: string): readonly Choice[] {
    const catalog = emojis.now(query);
    if (!catalog) {
      const asked = this.#token;
      void emojis.get(query).then(
        () => this.#token === asked && asked && this.#look(),
        () => {},
      );
      return [];
    }
    return catalog.search(query, most).map(({ emoji, label }) => ({ kind: 'emoji', id: emoji, label, ranges: [], insert: emoji }));
  }
}

function rooms(query: string): readonly Choice[] {
  return best(query, knownRooms.all, nameOf, (a, b) => Number(b.role !== null) - Number(a.role !== null) || byRecency(a, b)).map(
    ({ one, ranges }) => {
      const label = nameOf(one);
      // Two rooms of one name are told apart by their address.
      const insert = knownRooms.names.at(label, 0)?.id === one.id ? `#${label} ` : `${linkTo(one.id)} `;
      return { kind: 'room', id: one.id, label, ranges, insert };
    },
  );
}
const nameOf = (room: (typeof knownRooms.all)[number]) => roomName(room, session.me?.id ?? '', say.t);

function best<T>(
  query: string,
  all: readonly T[],
  name: (one: T) => string,
  order: (a: T, b: T) => number,
): { one: T; ranges: Match['ranges'] }[] {
  const spaced = /\s/u.test(query);
  return all
    .flatMap((one) => {
      // What has a space is no longer looked for, it is written out: else every sentence behind a name would be looked up.
      if (spaced && !name(one).toLowerCase().startsWith(query.toLowerCase())) return [];
      const found = match(query, name(one));
      return found ? [{ one, ...found }] : [];
    })
    .sort((a, b) => Math.round(b.score - a.score) || order(a.one, b.one))
    .slice(0, most);
}
