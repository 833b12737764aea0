/** Something to do at a host, for someone. */
interface Job {
  readonly who: string;
  readonly host: string;
  readonly work: () => Promise<void>;
}

export interface LineLimits {
  readonly atOnce: number;
  /** Waiting, of all together; who comes then is turned away. */
  readonly waiting: number;
  /** Waiting or under way, of one person. */
  readonly each: number;
  /** Milliseconds between two beginnings at one host, which is never asked twice at once. */
  readonly rest: number;
}

/** Work in the order in which it came, except that a host that is busy or rests is passed over. */
export class Line {
  readonly #limits: LineLimits;
  readonly #waiting: Job[] = [];
  readonly #of = new Map<string, number>();
  /** Hosts that may not be asked now. */
  readonly #resting = new Set<string>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #running = new Set<Promise<void>>();
  #closed = false;

  constructor(limits: LineLimits) {
    this.#limits = limits;
  }

  /** @returns whether it will be done */
  add(who: string, host: string, work: () => Promise<void>): boolean {
    const already = this.#of.get(who) ?? 0;
    if (this.#closed || this.#waiting.length >= this.#limits.waiting || already >= this.#limits.each) return false;
    this.#of.set(who, already + 1);
    this.#waiting.push({ who, host, work });
    this.#next();
    return true;
  }

  /** Takes nothing more and forgets what waits. Resolves when what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  #next(): void {
    while (this.#running.size < this.#limits.atOnce) {
      const i = this.#waiting.findIndex(({ host }) => !this.#resting.has(host));
      const [job] = i === -1 ? [] : this.#waiting.splice(i, 1);
      if (job === undefined) return;
      const running: Promise<void> = this.#run(job).finally(() => {
        this.#running.delete(running);
        this.#next();
      });
      this.#running.add(running);
    }
  }

  async #run({ who, host, work }: Job): Promise<void> {
    this.#resting.add(host);
    const begun = performance.now();
    // Of its failures whoever gave it has been told.
    await work().catch(() => {});
    const left = (this.#of.get(who) ?? 1) - 1;
    if (left > 0) this.#of.set(who, left);
    else this.#of.delete(who);
    this.#rest(host, this.#limits.rest - (performance.now() - begun));
  }

  #rest(host: string, ms: number): void {
    if (ms <= 0 || this.#closed) {
      this.#resting.delete(host);
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#resting.delete(host);
      this.#next();
    }, ms);
    timer.unref();
    this.#timers.add(timer);
  }
}
