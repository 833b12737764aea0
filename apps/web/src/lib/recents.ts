import type { Attachment } from '@suda/protocol';
import type { TextStorage } from './drafts.ts';

/** So many are remembered. */
const most = 12;

const keyOf = (user: string): string => `suda.gifs.${user}`;

/** A GIF that was sent, and what it was found by. */
export interface Recent {
  readonly file: Attachment;
  readonly words: string;
}

/** The GIFs that a person sent last from this device. A storage that is full or forbidden forgets them, and nothing else. */
export class Recents {
  readonly #storage: () => TextStorage;

  /** @param storage asked for each time: a browser that forbids it throws already there */
  constructor(storage: () => TextStorage) {
    this.#storage = storage;
  }

  /** The last one first. */
  read(user: string): Recent[] {
    try {
      const kept: unknown = JSON.parse(this.#storage().getItem(keyOf(user)) ?? '[]');
      return Array.isArray(kept) ? kept.filter(isRecent) : [];
    } catch {
      return [];
    }
  }

  add(user: string, recent: Recent): void {
    this.#write(user, [recent, ...this.read(user).filter(({ file }) => file.id !== recent.file.id)].slice(0, most));
  }

  /** It is no longer there. */
  drop(user: string, id: string): void {
    this.#write(
      user,
      this.read(user).filter(({ file }) => file.id !== id),
    );
  }

  forget(user: string): void {
    try {
      this.#storage().removeItem(keyOf(user));
    } catch {
      // Nothing was kept, then.
    }
  }

  #write(user: string, recents: readonly Recent[]): void {
    try {
      this.#storage().setItem(keyOf(user), JSON.stringify(recents));
    } catch {
      // It is forgotten, then.
    }
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isRecent = (value: unknown): value is Recent =>
  isObject(value) && typeof value.words === 'string' && isObject(value.file) && typeof value.file.id === 'string';
