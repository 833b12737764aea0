import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Epoch } from '@suda/protocol';
import { command, pragma, query } from './sqlite.ts';

/** A name for one life of a room's log: 80 random bits, so that none ever comes twice. */
export function newEpoch(): Epoch {
  return randomBytes(10).toString('hex');
}

/** The key in `meta` under which a copy made by `backup` says that it is one. */
export const backupMark = 'backup';

/**
 * Finds out whether the database went back in time, and if so gives every room a new epoch.
 *
 * A restored log has, say, revs 1 to 900, while clients have seen 1 to 1000 of the old one. If they kept their cursors, what is said next
 * under 901 to 1000 would never reach them, and what they show would be wrong. With a new epoch their cursors are worth nothing, and they begin anew.
 *
 * Each opening raises a counter, in the database first and then in a file beside it. So the file is never ahead of the database, unless
 * the database is an older one than the file knew; and a database that was opened before always has the file beside it, unless it was brought from
 * elsewhere. A crash between the two leaves the database ahead, which means nothing. A copy that `backup` made carries a mark besides.
 *
 * What this cannot see: a whole folder put back as it was, counter file included. Then the clients' cursors are ahead of the rooms' heads.
 * @returns whether the database was restored
 */
export function beginGeneration(db: DatabaseSync, folder: string): boolean {
  const file = join(folder, 'generation');
  const kept = readGeneration(file);
  const generation = Number(pragma(db, "SELECT value FROM meta WHERE key = 'generation'") ?? 0);
  const isBackup = pragma(db, `SELECT value FROM meta WHERE key = '${backupMark}'`) !== undefined;
  const restored = isBackup || (kept === null ? generation > 0 : generation < kept);
  const next = Math.max(generation, kept ?? 0) + 1;
  db.exec('BEGIN IMMEDIATE');
  try {
    if (restored) {
      const setEpoch = command(db, 'UPDATE rooms SET epoch = ? WHERE key = ?');
      for (const [key] of query<[key: number]>(db, 'SELECT key FROM rooms').all()) setEpoch.run(newEpoch(), key);
      command(db, 'DELETE FROM meta WHERE key = ?').run(backupMark);
    }
    command(db, "INSERT OR REPLACE INTO meta (key, value) VALUES ('generation', ?)").run(String(next));
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
  writeDurably(folder, 'generation', `${next}\n`);
  return restored;
}

function readGeneration(file: string): number | null {
  try {
    const generation = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isSafeInteger(generation) ? generation : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces a file so that after a power cut it is the old one or the new one, whole. */
function writeDurably(folder: string, name: string, text: string): void {
  const temporary = join(folder, `${name}.new`);
  const handle = openSync(temporary, 'w');
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, join(folder, name));
  syncFolder(folder);
}

/** Makes the names in a folder durable. Where a folder cannot be opened (Windows), its file system does so by itself. */
export function syncFolder(folder: string): void {
  let handle: number;
  try {
    handle = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
