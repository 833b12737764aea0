import { readFileSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { ServerProcess } from './server-process.ts';
import { Site } from './wire/stage.ts';

/** `suda start --workers N`, as it is started, and people who use it. */
export class WorkersSite extends Site {
  readonly server: ServerProcess;

  constructor(server: ServerProcess) {
    super(server.port);
    this.server = server;
  }

  /** Opens one for a test, and ends it afterwards. @param flags beside a rate of 0 */
  static async open(context: TestContext, workers: number, flags: readonly string[] = []): Promise<WorkersSite> {
    const server = await ServerProcess.start(['--rate', '0', '--workers', String(workers), ...flags]);
    context.after(() => server.remove());
    return new WorkersSite(server);
  }

  /** The workers that run now, by their process ids. */
  workers(): number[] {
    const { pid } = this.server;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  }
}
