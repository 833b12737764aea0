import { Worker } from 'node:worker_threads';
import { SudaError } from '@suda/protocol';
import { type Answers, type Failure, isFailure } from './messages.ts';

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: SudaError) => void;
}

/** A worker that keeps dying is started at most so often; meanwhile every request is refused. */
const restarts = { count: 5, within: 60_000 };

/** The same failure is reported at most so often, in milliseconds. */
const reportEvery = 10_000;

/**
 * A worker of this package and the way of asking it. Requests given in the same tick travel together; answers come in the order of the requests.
 *
 * If the worker dies, which is a mistake of ours or the machine's, whatever waits is rejected as `unavailable` (nobody knows whether it was
 * carried out; a retry finds out, P2), and the next request starts another.
 */
export class Thread<Request, Answer> {
  readonly #file: URL;
  readonly #data: unknown;
  readonly #report: (sentence: string) => void;
  readonly #starts: number[] = [];
  #worker: Worker | null = null;
  #outgoing: Request[] = [];
  #waiting: Waiting[] = [];
  #next = 0;
  #closing = false;
  /** Requests have left in this very turn of the event loop. */
  #left = false;
  /** Lately some more came in the same turn. */
  #scattered = false;
  #reported = { cause: '', at: 0 };
  #ended: () => void = () => {};

  private constructor(file: URL, data: unknown, report: (sentence: string) => void) {
    this.#file = file;
    this.#data = data;
    this.#report = report;
  }

  /**
   * Starts a worker, and waits until it is ready.
   * @param report hears what an operator should know
   * @throws Error when it cannot start
   */
  static async start<Request, Answer>(file: URL, data: unknown, report: (sentence: string) => void): Promise<Thread<Request, Answer>> {
    const thread = new Thread<Request, Answer>(file, data, report);
    const worker = thread.#start();
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('A worker of the store ended while starting.')));
    });
    return thread;
  }

  ask(request: Request): Promise<Answer> {
    if (this.#closing) return Promise.reject(new SudaError('unavailable'));
    if (this.#worker === null && !this.#mayRestart()) return Promise.reject(new SudaError('unavailable'));
    if (this.#worker === null) this.#start();
    if (this.#outgoing.length === 0) this.#sendSoon();
    this.#outgoing.push(request);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve: resolve as (answer: unknown) => void, reject });
    });
  }

  /** Waits for everything that was asked, and ends the worker. Later requests are refused as `unavailable`. */
  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    const worker = this.#worker;
    if (worker === null) return;
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
    });
    this.#send();
    worker.postMessage('null');
    await ended;
  }

  #mayRestart(): boolean {
    const now = performance.now();
    while (this.#starts.length > 0 && now - (this.#starts[0] ?? 0) > restarts.within) this.#starts.shift();
    return this.#starts.length < restarts.count;
  }

  #start(): Worker {
    this.#starts.push(performance.now());
    const worker = new Worker(this.#file, { workerData: this.#data });
    this.#worker = worker;
    worker.on('message', (message: unknown) => {
      // Under `node --watch` Node itself sends messages on this channel too: which files the worker has imported.
      if (typeof message === 'string') this.#receive(JSON.parse(message) as Answers);
    });
    worker.on('error', (error) => this.#report(`A worker of the store failed: ${error instanceof Error ? error.stack : String(error)}`));
    worker.on('exit', () => this.#exited());
    return worker;
  }

  /**
   * An idle worker begins at once. A busy one finds, when it looks up, what this turn of the event loop brought, and not first one
   * request and then the others: waking it for each costs more than a commit's worth of its time. So does an idle one while requests come from
   * many sides: those who are answered together ask again together, but each by an event of its own.
   */
  #sendSoon(): void {
    if (this.#left) this.#scattered = true;
    if (this.#scattered || this.#waiting.length > this.#next) setImmediate(this.#sendOfTurn);
    else queueMicrotask(this.#sendAtOnce);
  }

  readonly #sendAtOnce = (): void => {
    this.#send();
    this.#left = true;
    setImmediate(this.#turnEnded);
  };

  readonly #sendOfTurn = (): void => {
    if (this.#outgoing.length === 1) this.#scattered = false;
    this.#send();
  };

  readonly #turnEnded = (): void => {
    this.#left = false;
  };

  #send(): void {
    if (this.#outgoing.length === 0) return;
    const requests = this.#outgoing;
    this.#outgoing = [];
    try {
      this.#worker?.postMessage(JSON.stringify(requests));
    } catch (error) {
      // Something in it cannot be written down: a mistake of the caller. These were the last to be asked.
      const lost = this.#waiting.splice(this.#waiting.length - requests.length);
      this.#report(`The store was asked what it cannot be: ${error}`);
      for (const { reject } of lost) reject(new SudaError('internal'));
    }
  }

  #receive(answers: Answers): void {
    for (const answer of answers) {
      const waiting = this.#waiting[this.#next++];
      if (waiting === undefined) continue;
      if (isFailure(answer)) waiting.reject(this.#errorOf(answer));
      else waiting.resolve(answer);
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    } else if (this.#next > 10_000) {
      this.#waiting.splice(0, this.#next);
      this.#next = 0;
    }
  }

  #errorOf({ failed, cause }: Failure): SudaError {
    const now = performance.now();
    // A full disk fails every command; its log must not be what keeps it full.
    if (cause !== this.#reported.cause || now - this.#reported.at > reportEvery) {
      this.#reported = { cause, at: now };
      this.#report(`The store could not do what it was asked (${failed}): ${cause}`);
    }
    return Object.assign(new SudaError(failed), { cause });
  }

  #exited(): void {
    this.#worker = null;
    const lost = this.#waiting.slice(this.#next);
    this.#waiting = [];
    this.#next = 0;
    this.#outgoing = [];
    if (!this.#closing) this.#report('A worker of the store ended unexpectedly. It is started again with the next request.');
    for (const { reject } of lost) reject(new SudaError('unavailable'));
    this.#ended();
  }
}
