import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isBusy } from './sqlite-errors.ts';

/** A data folder that is ours until released. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes a data folder for this process.
 *
 * The lock is an exclusive transaction on a tiny database of its own, which is to say a lock of the kernel (fcntl) under SQLite's care: it ends with the
 * process, however that ends, and also keeps out a second opening in the same process. The file must never be opened by other means here: with
 * POSIX locks, closing any handle of a file gives up all of them. Hence the pid, which only helps people, stands in another file.
 * @throws Error with a sentence when someone else has it
 */
export function lockFolder(folder: string): FolderLock {
  const pidFile = join(folder, 'suda.pid');
  const db = new DatabaseSync(join(folder, 'suda.lock'), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw error;
    throw new Error(`The data folder ${folder} is in use by another Suda${who(pidFile)}. Stop it first, or choose another with --data.`);
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidFile, { force: true });
      db.close();
    },
  };
}

function who(pidFile: string): string {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return Number.isNaN(pid) ? '' : ` (pid ${pid})`;
  } catch {
    return '';
  }
}
