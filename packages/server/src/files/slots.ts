import { SudaError } from '@suda/protocol';

/** So many at once; so many more wait their turn; who comes then is told to come back. */
export class Slots {
  readonly #most: number;
  readonly #queue: number;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number, queue: number) {
    this.#most = most;
    this.#queue = queue;
  }

  /** @throws SudaError `unavailable` when too many wait already */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy < this.#most) this.#busy++;
    else if (this.#waiting.length < this.#queue) await new Promise<void>((go) => this.#waiting.push(go));
    else throw new SudaError('unavailable', 'Too many files come at once. Try again in a moment.', 2_000);
    try {
      return await work();
    } finally {
      // The place goes from hand to hand: nobody comes between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy--;
    }
  }
}
