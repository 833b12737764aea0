import cluster, { type Worker } from 'node:cluster';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Store } from '@suda/chat';
import type { Logger } from 'pino';
import { Contents, FILES, incomingOf } from '../files/contents.ts';
import { Hub } from './hub.ts';
import { type Beginning, type FromWorker, LINE_FD, stopReading, type ToWorker } from './lifecycle.ts';
import { Line } from './line.ts';
import type { Down, Up } from './messages.ts';
import { socketOf } from './passing.ts';
import { Supervisor } from './supervisor.ts';

/** A worker whose line has ended is given so many milliseconds to end too. */
const END_WITHIN = 2_000;

export interface PrimaryOptions {
  readonly store: Pick<Store, 'execute'>;
  readonly count: number;
  readonly beginning: Omit<Beginning, 'sockets'>;
  readonly logger: Logger;
}

/** The process that starts the workers, and ends them. It serves nobody: it has the store, and is the hub between them. */
export class Primary {
  /** Resolves when a worker can't be kept running. */
  readonly failed: Promise<Error>;
  readonly #options: PrimaryOptions;
  readonly #sockets: string;
  readonly #hub: Hub;
  readonly #supervisors: readonly Supervisor[];

  private constructor(options: PrimaryOptions, sockets: string) {
    const { store, count, logger } = options;
    this.#options = options;
    this.#sockets = sockets;
    this.#hub = new Hub(store);
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.failed = promise;
    const host = {
      fork: () => this.#fork(),
      failed: (sentence: string) => resolve(new Error(sentence)),
      ended: ({ id, process: { pid } }: Worker, how: string, again: number) =>
        logger.error({ worker: id, pid, how, again }, 'a worker ended; another one is started'),
    };
    this.#supervisors = Array.from({ length: count }, () => new Supervisor(host));
  }

  /** Resolves when all of them serve. @throws Error when one can't */
  static async start(options: PrimaryOptions): Promise<Primary> {
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      args: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'overlapped'],
      windowsHide: true,
    });
    // What was under way when the last process ended is thrown away, once for all of them.
    await Contents.open(join(options.beginning.folder, FILES));
    const primary = new Primary(options, await mkdtemp(join(tmpdir(), 'suda-')));
    const begun = Promise.all(primary.#supervisors.map((supervisor) => supervisor.begin()));
    const failed = await Promise.race([begun.then(() => undefined), primary.failed]);
    if (failed === undefined) return primary;
    await primary.stop();
    throw failed;
  }

  /** Has everyone sent away. Resolves when the last worker has ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#supervisors.map((supervisor) => supervisor.stop()));
    await rm(this.#sockets, { recursive: true, force: true });
  }

  #fork(): Worker {
    const { beginning, logger } = this.#options;
    const worker = cluster.fork();
    const name = String(worker.id);
    const line = new Line<Up, Down>(
      (worker.process.stdio as unknown as Duplex[])[LINE_FD] as Duplex,
      (message) => take(message),
      () => {
        // It serves nobody without its line. Usually that is because it is about to end.
        setTimeout(() => worker.process.kill('SIGKILL'), END_WITHIN).unref();
        this.#gone(name);
      },
    );
    const take = this.#hub.join(name, line);
    worker.on('message', (message: FromWorker, socket: Socket | undefined) => {
      if (message.type === 'move') this.#move(message.owner, message.head, socket);
    });
    // A worker that can't be told any more has ended, which is noticed elsewhere.
    worker.on('error', (error) => logger.debug({ err: error, worker: worker.id }, 'a worker could not be told'));
    worker.send({ type: 'begin', beginning: { ...beginning, sockets: this.#sockets } } satisfies ToWorker);
    logger.info({ worker: worker.id, pid: worker.process.pid }, 'worker started');
    return worker;
  }

  /** All that it said has been heard. */
  #gone(name: string): void {
    this.#hub.leave(name);
    if (process.platform !== 'win32') rmSync(socketOf(this.#sockets, name), { force: true });
    void rm(incomingOf(join(this.#options.beginning.folder, FILES), name), { recursive: true, force: true }).catch(() => {});
  }

  #move(owner: string, head: string, socket: Socket | undefined): void {
    // It may be closed by now.
    if (socket === undefined) return;
    stopReading(socket);
    const worker = cluster.workers?.[owner];
    if (worker?.isConnected()) worker.send({ type: 'moved', head } satisfies ToWorker, socket, { keepOpen: false });
    else socket.destroy();
  }
}
