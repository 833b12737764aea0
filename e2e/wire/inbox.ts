/** How long a test waits for something that should come at once. */
export const SOON = 10_000;

/** Rejects when a promise takes too long, and says what was waited for. */
export async function within<T>(what: string, promise: Promise<T>, ms = SOON): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at every turn of the event loop until something of this process holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + SOON;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${SOON} ms: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Everything that came, in its order; whoever waits for something is told when it comes. */
export class Inbox<T> {
  readonly all: T[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  push(item: T): void {
    this.all.push(item);
    for (const look of this.#waiting) look();
  }

  /** Nothing comes any more. */
  end(): void {
    this.#ended = true;
    for (const look of this.#waiting) look();
  }

  /** The first that fits, come already or still to come. @param from how many at the beginning are passed over */
  first(what: string, fits: (item: T) => boolean, from = 0): Promise<T> {
    let next = from;
    let look = (): void => {};
    const found = new Promise<T>((resolve, reject) => {
      look = () => {
        for (; next < this.all.length; next++) {
          const item = this.all[next] as T;
          if (fits(item)) return resolve(item);
        }
        if (this.#ended) reject(new Error(`nothing more comes, and there was no ${what} in ${JSON.stringify(this.all).slice(0, 2_000)}`));
      };
      this.#waiting.add(look);
      look();
    });
    return within(what, found).finally(() => this.#waiting.delete(look));
  }

  /** So many, come already or still to come. */
  async count(count: number, fits: (item: T) => boolean = () => true): Promise<T[]> {
    await this.first(`${count} of them`, () => this.all.filter(fits).length >= count);
    return this.all.filter(fits);
  }
}
