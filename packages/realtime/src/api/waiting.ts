import type { Clock } from '../clock.ts';

const nothing = (): void => {};

/** Takes an answer, or hears that none comes. */
export interface Asked {
  answered(answer: readonly unknown[]): void;
  /** The client is gone. */
  gone(): void;
}

/** What a client was asked and has not answered, by id. */
export class Waiting {
  readonly #asked = new Map<number, Asked>();

  ask(id: number, asked: Asked): void {
    this.#asked.set(id, asked);
  }

  forget(id: number): void {
    this.#asked.delete(id);
  }

  /** One that came too late, or twice, is nobody's. */
  answer(id: number, answer: readonly unknown[]): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.answered(answer);
  }

  end(): void {
    const all = [...this.#asked.values()];
    this.#asked.clear();
    for (const asked of all) asked.gone();
  }
}

/** How long is waited, and what is said when nothing came. */
export interface Patience {
  readonly clock: Clock;
  /** Milliseconds; undefined: for as long as the client is there. */
  readonly within: number | undefined;
}

/** Socket.IO's words for an answer that did not come in time. */
export const timedOut = (): Error => new Error('operation has timed out');

/**
 * Calls back once, with an error first: null, or that nothing came.
 * @param forget called when the time is over
 */
export function askOne(
  { clock, within }: Patience,
  callback: (error: Error | null, ...answer: unknown[]) => void,
  forget: () => void,
): Asked {
  const late = (): void => {
    forget();
    callback(timedOut());
  };
  const cancel = within === undefined ? nothing : clock.after(within, late);
  return {
    answered: (answer) => {
      cancel();
      callback(null, ...answer);
    },
    // Without a time limit nobody waits for an error: as with Socket.IO, nothing comes.
    gone: () => {
      if (within === undefined) return;
      cancel();
      callback(new Error('socket has been disconnected'));
    },
  };
}

/** Gathers the first argument of everybody's answer. Calls back once, with an error if some did not answer. */
export class Round {
  readonly #answers: unknown[] = [];
  readonly #callback: (error: Error | null, answers: unknown[]) => void;
  readonly #cancel: () => void;
  readonly #timed: boolean;
  #left: number;
  #missing: Error | null = null;
  #done = false;

  /** @param count how many are asked */
  constructor({ clock, within }: Patience, count: number, callback: (error: Error | null, answers: unknown[]) => void) {
    this.#callback = callback;
    this.#left = count;
    this.#timed = within !== undefined;
    this.#cancel = within === undefined ? nothing : clock.after(within, () => this.#finish(timedOut()));
    if (count === 0) queueMicrotask(() => this.#finish(null));
  }

  /** How one of them answers. */
  one(): Asked {
    return {
      answered: ([answer]) => {
        this.#answers.push(answer);
        this.#step();
      },
      gone: () => {
        if (this.#timed) this.#missing = new Error('a client left without an answer');
        this.#step();
      },
    };
  }

  #step(): void {
    if (--this.#left === 0) this.#finish(this.#missing);
  }

  #finish(error: Error | null): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancel();
    this.#callback(error, this.#answers);
  }
}
