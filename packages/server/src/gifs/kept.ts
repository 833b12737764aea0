/** Answers that are kept for a while, the least lately kept forgotten first. Asked twice at once, one question goes out. */
export class Kept<T> {
  readonly #most: number;
  readonly #during: number;
  readonly #kept = new Map<string, { readonly value: T; readonly until: number }>();
  readonly #coming = new Map<string, Promise<T>>();

  /** @param most how many; @param during milliseconds */
  constructor(most: number, during: number) {
    this.#most = most;
    this.#during = during;
  }

  read(key: string, now: number): T | undefined {
    const kept = this.#kept.get(key);
    return kept && kept.until > now ? kept.value : undefined;
  }

  put(key: string, value: T, now: number): void {
    this.#kept.delete(key);
    this.#kept.set(key, { value, until: now + this.#during });
    const oldest = this.#kept.keys().next();
    if (this.#kept.size > this.#most && !oldest.done) this.#kept.delete(oldest.value);
  }

  /** What is kept, or what `ask` gives now. A failure is not kept. */
  async get(key: string, now: number, ask: () => Promise<T>): Promise<T> {
    const kept = this.read(key, now);
    if (kept !== undefined) return kept;
    const under = this.#coming.get(key);
    if (under) return under;
    const asked = ask();
    this.#coming.set(key, asked);
    try {
      const value = await asked;
      this.put(key, value, now);
      return value;
    } finally {
      this.#coming.delete(key);
    }
  }
}
