import { existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { BackupData } from './backup-worker.ts';
import { syncFolder } from './epoch.ts';
import { databaseFile } from './sqlite-reads.ts';

/** How far a backup is, in bytes. The whole is an estimate: the copy has no free pages, and becomes somewhat smaller. */
export interface BackupProgress {
  readonly done: number;
  readonly total: number;
}

/** How often progress is told, in milliseconds. */
const progressEvery = 200;

/**
 * Copies the database of a data folder into one file, as it is at this moment, while the server runs (in this process or another).
 *
 * To restore: put the file as `suda.db` into an empty folder and start there. The copy carries a mark, by which the store then knows that its logs
 * went back in time, and gives every room a new epoch.
 * @param folder the data folder
 * @param file where the copy goes; must not exist yet. It appears there whole or not at all.
 * @param progress is told now and then how far it is
 * @returns the copy's size in bytes
 * @throws Error with a sentence for the operator
 */
export async function backup(folder: string, file: string, progress: (progress: BackupProgress) => void = () => {}): Promise<number> {
  const from = join(resolve(folder), databaseFile);
  const target = resolve(file);
  if (!existsSync(from)) throw new Error(`There is no database in ${resolve(folder)}.`);
  if (existsSync(target)) throw new Error(`${target} exists already. A backup overwrites nothing.`);
  const temporary = `${target}.${process.pid}.part`;
  rmSync(temporary, { force: true });
  const total = statSync(from).size;
  const timer = setInterval(() => {
    const done = statSync(temporary, { throwIfNoEntry: false })?.size ?? 0;
    progress({ done: Math.min(done, total), total });
  }, progressEvery);
  try {
    await copy({ from, to: temporary });
    publish(temporary, target);
  } catch (error) {
    throw new Error(`The backup to ${target} failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    clearInterval(timer);
    rmSync(temporary, { force: true });
    rmSync(`${temporary}-journal`, { force: true });
  }
  const { size } = statSync(target);
  progress({ done: size, total: size });
  return size;
}

async function copy(workerData: BackupData): Promise<void> {
  const worker = new Worker(new URL('./backup-worker.ts', import.meta.url), { workerData });
  let done = false;
  worker.on('message', (message: unknown) => {
    if (message === 'done') done = true;
  });
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', () => (done ? resolve() : reject(new Error('the worker ended too early'))));
  });
}

/** Gives the finished copy its name. A link is made only if the name is free, where a rename would overwrite what came there meanwhile. */
function publish(temporary: string, target: string): void {
  try {
    linkSync(temporary, target);
  } catch (error) {
    if (existsSync(target)) throw error;
    renameSync(temporary, target); // A file system without links, such as a memory stick's.
  }
  syncFolder(dirname(target));
}
