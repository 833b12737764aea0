/** Goes on, or, with an error, refuses. */
export type Next = (error?: Error) => void;

/** Functions that look at something one after the other, each of which may refuse it. */
export class Middleware<T> {
  readonly #functions: ((value: T, next: Next) => void)[];

  constructor(functions: readonly ((value: T, next: Next) => void)[] = []) {
    this.#functions = [...functions];
  }

  add(run: (value: T, next: Next) => void): void {
    this.#functions.push(run);
  }

  get functions(): readonly ((value: T, next: Next) => void)[] {
    return this.#functions;
  }

  /** Resolves when all let it pass. Rejects with what the first that refused gave, or threw. */
  async run(value: T): Promise<void> {
    for (const look of [...this.#functions]) {
      await new Promise<void>((resolve, reject) => {
        const next: Next = (error) => (error === undefined || error === null ? resolve() : reject(error));
        // One that is asynchronous and fails would be waited for in vain.
        Promise.resolve()
          .then(() => look(value, next))
          .catch(reject);
      });
    }
  }
}
