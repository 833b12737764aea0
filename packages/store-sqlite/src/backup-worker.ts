import { chmodSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { backupMark } from './epoch.ts';
import { command, connect } from './sqlite.ts';

/** The worker that copies, so that whoever asked for a backup goes on meanwhile. */
export interface BackupData {
  readonly from: string;
  /** Must not exist. */
  readonly to: string;
}

const { from, to } = workerData as BackupData;

// VACUUM INTO reads one moment of the database and waits for nobody. SQLite's online backup would begin anew with every commit of the server.
const source = connect(from, { readOnly: true });
command(source, 'VACUUM INTO ?').run(to);
source.close();

const copy = connect(to, { journal: 'delete' });
command(copy, 'INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(backupMark, '1');
copy.close();

// It holds the secret that signs sessions.
chmodSync(to, 0o600);
const handle = openSync(to, 'r+');
fsyncSync(handle);
closeSync(handle);
parentPort?.postMessage('done');
