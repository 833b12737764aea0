import type { Change } from './effects.ts';

/**
 * How processes tell each other what changed.
 *
 * It is only a hint: a hint may be lost, doubled or late, and whoever listens repairs that by rev. Within one process
 * hints arrive in the order in which they were published, before `publish` returns.
 */
export interface Bus {
  publish(changes: readonly Change[]): void;
  /** @returns a function that ends the subscription */
  subscribe(listener: (changes: readonly Change[]) => void): () => void;
  close(): Promise<void>;
}

/** The bus of a single process. */
export class InProcessBus implements Bus {
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();

  publish(changes: readonly Change[]): void {
    for (const listener of this.#listeners) listener(changes);
  }

  subscribe(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
