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
    attempt(() => (text === '' ? this.#storage().removeItem(keyOf(user, room)) : this.#storage().setItem(keyOf(user, room), text)));
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

const keyOf = (user: string, room: string) => `suda.draft.${user}.${room}`;

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
