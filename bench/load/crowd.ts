import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { RealClients } from '../peers/peer.ts';

/** What a process of clients is told to do. */
export type Wish =
  | { readonly do: 'open'; readonly clients: RealClients; readonly atOnce: number }
  /** So many messages were sent so far: numbers 0 to this. */
  | { readonly do: 'sent'; readonly count: number }
  | { readonly do: 'cut'; readonly forMs: number }
  | { readonly do: 'jitter'; readonly everyMs: number; readonly forMs: number }
  | { readonly do: 'calm' }
  | { readonly do: 'report' };

export interface Report {
  /** Clients that are connected and in their room. */
  readonly up: number;
  /** Messages that came, each counted once for each client. */
  readonly distinct: number;
  /** Messages that came to a client that had them. */
  readonly doubles: number;
  /** Clients that have not got all that was sent. */
  readonly lacking: number;
  /** Of each client, on the clock that all processes share (`performance.timeOrigin`); 0: not yet. */
  readonly backAt: readonly number[];
  readonly completeAt: readonly number[];
}

interface Child {
  readonly process: ChildProcess;
  ask(wish: Wish): Promise<unknown>;
}

/** Many real clients, in processes of their own on the load's cores. */
export class Crowd {
  readonly #children: readonly Child[];

  private constructor(children: readonly Child[]) {
    this.#children = children;
  }

  static async open(clients: RealClients): Promise<Crowd> {
    const count = Math.max(1, availableParallelism() - 1);
    const children = Array.from({ length: count }, start);
    const crowd = new Crowd(children);
    const share = Math.ceil(clients.tokens.length / count);
    try {
      await Promise.all(
        children.map((child, i) =>
          child.ask({ do: 'open', clients: { ...clients, tokens: clients.tokens.slice(i * share, (i + 1) * share) }, atOnce: 50 }),
        ),
      );
      return crowd;
    } catch (error) {
      crowd.close();
      throw error;
    }
  }

  async tell(wish: Wish): Promise<void> {
    await Promise.all(this.#children.map((child) => child.ask(wish)));
  }

  /** Cuts all lines at once. @returns when, on the clock that all processes share */
  async cut(forMs: number): Promise<number> {
    return Math.min(...((await Promise.all(this.#children.map((child) => child.ask({ do: 'cut', forMs })))) as number[]));
  }

  async report(): Promise<Report> {
    const reports = (await Promise.all(this.#children.map((child) => child.ask({ do: 'report' })))) as Report[];
    const sum = (pick: (report: Report) => number): number => reports.reduce((total, report) => total + pick(report), 0);
    return {
      up: sum(({ up }) => up),
      distinct: sum(({ distinct }) => distinct),
      doubles: sum(({ doubles }) => doubles),
      lacking: sum(({ lacking }) => lacking),
      backAt: reports.flatMap(({ backAt }) => backAt),
      completeAt: reports.flatMap(({ completeAt }) => completeAt),
    };
  }

  /** Seconds of CPU that the clients used so far. */
  cpu(): number {
    return this.#children.reduce((sum, { process: { pid } }) => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return sum + (Number(fields[11]) + Number(fields[12])) / 100;
    }, 0);
  }

  close(): void {
    for (const { process: child } of this.#children) child.kill('SIGKILL');
  }
}

function start(): Child {
  const child = fork(fileURLToPath(new URL('client-process.ts', import.meta.url)), { execArgv: [] });
  const waiting = new Map<number, { resolve: (answer: unknown) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, answer, error }: { id: number; answer?: unknown; error?: string }) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(answer);
    else one?.reject(new Error(error));
  });
  // Whoever asks hears of it.
  child.on('error', () => {});
  child.once('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the clients' process ended with ${code}`));
    waiting.clear();
  });
  return {
    process: child,
    ask: (wish) =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        if (!child.connected) {
          reject(new Error('the clients’ process is gone'));
          return;
        }
        waiting.set(id, { resolve, reject });
        child.send({ ...wish, id });
      }),
  };
}
