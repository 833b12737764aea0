import type { Worker } from 'node:cluster';
import type { FromWorker, ToWorker } from './lifecycle.ts';

/** A worker that ended within so many milliseconds of its start ended early; so often in a row, and it is given up. */
const [EARLY, MOST_EARLY] = [10_000, 6] as const;
/** It is waited so many milliseconds before the next one starts: twice as many after each early end. */
const [AGAIN_AFTER, AGAIN_AT_MOST] = [100, 5_000] as const;

export interface SupervisorHost {
  /** Starts a process. */
  fork(): Worker;
  /** A worker has ended, and another one comes in so many milliseconds. */
  ended(worker: Worker, how: string, again: number): void;
  /** No worker can be kept running. */
  failed(sentence: string): void;
}

/** Keeps one worker running: starts another whenever it ends. */
export class Supervisor {
  readonly #host: SupervisorHost;
  #worker: Worker | undefined;
  #startedAt = 0;
  #early = 0;
  #served = false;
  #stopping = false;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(host: SupervisorHost) {
    this.#host = host;
  }

  /** Resolves when a worker serves for the first time. */
  begin(): Promise<void> {
    return new Promise((resolve) => {
      this.#start(resolve);
    });
  }

  #start(served: () => void): void {
    this.#startedAt = performance.now();
    const worker = this.#host.fork();
    this.#worker = worker;
    worker.on('message', (message: FromWorker) => {
      if (message.type !== 'serving') return;
      this.#served = true;
      served();
    });
    worker.once('exit', (code, signal) => this.#exited(worker, signal ?? `exit code ${code}`));
  }

  #exited(worker: Worker, how: string): void {
    this.#worker = undefined;
    if (this.#stopping) return;
    // The first try tells whether it can be done at all. What is wrong, the worker has said itself.
    if (!this.#served) {
      this.#host.failed(`A worker could not begin (${how}).`);
      return;
    }
    this.#early = performance.now() - this.#startedAt < EARLY ? this.#early + 1 : 0;
    if (this.#early >= MOST_EARLY) {
      this.#host.failed(`A worker ended ${this.#early} times soon after its start (${how}).`);
      return;
    }
    const wait = Math.min(AGAIN_AFTER * 2 ** Math.max(0, this.#early - 1), AGAIN_AT_MOST);
    this.#host.ended(worker, how, wait);
    this.#again = setTimeout(() => this.#start(() => {}), wait);
  }

  /** Has its worker send everyone away. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#again);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    if (worker.isConnected()) worker.send({ type: 'stop' } satisfies ToWorker);
    await ended;
  }
}
