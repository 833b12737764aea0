/** What drafts need of `localStorage`. */
export interface TextStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Unsent text, one for each user and room. A storage that is full or forbidden loses drafts, and nothing else. */
export class Drafts {
  readonly #storage: () => TextStorage;

  /** @param storage asked for each time: a browser that forbids it throws already there */
  constructor(storage: () => TextStorage) {
    this.#storage = storage;
  }

  read(user: string, room: string): string {
    return attempt(() => this.#storage().getItem(keyOf(user, room))) ?? '';
  }

  write(user: string, room: string, text: string): void {
    attempt(() => {
      if (text !== '') return this.#storage().setItem(keyOf(user, room), text);
      this.#storage().removeItem(keyOf(user, room));
      return this.#storage().removeItem(namesOf(user, room));
    });
  }

  /** Remembers whom a name in a draft means. */
  pick(user: string, room: string, name: string, id: string): void {
    const all = [...this.picked(user, room)].filter(([one]) => one !== name);
    attempt(() => this.#storage().setItem(namesOf(user, room), JSON.stringify([...all, [name, id]].slice(-mostNames))));
  }

  /** The ids of those who were picked, by the names that were written. */
  picked(user: string, room: string): ReadonlyMap<string, string> {
    const kept: unknown = attempt(() => JSON.parse(this.#storage().getItem(namesOf(user, room)) ?? '[]'));
    const pairs = Array.isArray(kept) ? kept : [];
    return new Map(
      pairs.filter(
        (pair): pair is [string, string] => Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string'),
      ),
    );
  }

  /** Forgets all drafts of a user: for signing out. */
  forget(user: string): void {
    attempt(() => {
      const storage = this.#storage();
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i));
      for (const key of keys) if (key?.startsWith(keyOf(user, ''))) storage.removeItem(key);
    });
  }
}

/** Names that are remembered for a room: beyond a text's own they only tell two people of one name apart. */
const mostNames = 50;
const keyOf = (user: string, room: string) => `suda.draft.${user}.${room}`;
const namesOf = (user: string, room: string) => `${keyOf(user, room)}.names`;

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
