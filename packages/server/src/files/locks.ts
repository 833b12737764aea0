/** One at a time for each name. A name that nobody waits for costs nothing. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs when everything that was given under this name before has ended. @returns what it gives */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name);
    const mine = (before ?? Promise.resolve()).then(work, work);
    this.#last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (this.#last.get(name) === mine) this.#last.delete(name);
    }
  }
}
