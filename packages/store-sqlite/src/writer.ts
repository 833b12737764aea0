import { workerData } from 'node:worker_threads';
import { BatchExecutor, type Job } from './batch.ts';
import type { Failure } from './messages.ts';
import { serve } from './serve.ts';
import { type ConnectionOptions, connect } from './sqlite.ts';
import { diskFailure } from './sqlite-errors.ts';

/** The worker that writes. It alone does; see serve.ts for how commands gather, batch.ts for how they are executed. */
export interface WriterData extends ConnectionOptions {
  readonly file: string;
}

/** So that the first command of a burst doesn't wait for all of it. */
const batchLimit = 1_000;

const data = workerData as WriterData;
let db = connect(data.file, data);
let executor = new BatchExecutor(db);

/** After an error that even the rollback didn't survive, the connection is of no use any more. */
function reconnect(): void {
  if (db.isOpen && !db.isTransaction) return;
  if (db.isOpen) db.close();
  db = connect(data.file, data);
  executor = new BatchExecutor(db);
}

function execute(jobs: readonly Job[]): readonly unknown[] {
  try {
    reconnect();
    return executor.execute(jobs);
  } catch (error) {
    const failure: Failure = {
      failed: diskFailure(error) ?? 'internal',
      cause: error instanceof Error ? String(error.stack) : String(error),
    };
    return jobs.map(() => failure);
  }
}

serve(
  batchLimit,
  (requests) => execute(requests as readonly Job[]),
  () => db.close(),
);
