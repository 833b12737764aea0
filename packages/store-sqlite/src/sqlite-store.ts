import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Outcome, RoomCommand, Store } from '@suda/chat';
import { SudaError } from '@suda/protocol';
import type { Job } from './batch.ts';
import { beginGeneration, syncFolder } from './epoch.ts';
import { type FolderLock, lockFolder } from './lock.ts';
import type { ReadRequest } from './reader.ts';
import { migrate, migrations } from './schema.ts';
import { keptSecret } from './secret.ts';
import { connect } from './sqlite.ts';
import { isNotADatabase } from './sqlite-errors.ts';
import { databaseFile, SqliteReads, startReader } from './sqlite-reads.ts';
import { Thread } from './thread.ts';
import type { WriterData } from './writer.ts';

export interface SqliteStoreOptions {
  /** The data folder. It is made if it isn't there, and belongs to this store until it is closed. */
  readonly folder: string;
  /** Memory for pages, in MiB, for each of the two connections. 64 unless told. */
  readonly cacheMiB?: number;
  /** The largest the database may become, in bytes; beyond it, commands are refused as `storage_full`. */
  readonly maxBytes?: number;
  /** Hears, in sentences for the log, what an operator should know: a failed commit, a worker that had to be restarted. */
  readonly report?: (sentence: string) => void;
}

/**
 * The store of one machine: SQLite (WAL, synchronous=FULL) in a data folder. One worker writes, another reads.
 */
export class SqliteStore extends SqliteReads implements Store {
  /** Whether the database was found to be restored from a backup, so that every room's log got a new epoch. */
  readonly restored: boolean;
  /** A secret that belongs to the data: made with the database, and in its backups. For signing sessions. */
  readonly secret: string;
  readonly #lock: FolderLock;
  readonly #writer: Thread<Job, Outcome>;
  #closed: Promise<void> | null = null;

  constructor(lock: FolderLock, writer: Thread<Job, Outcome>, reader: Thread<ReadRequest, unknown>, restored: boolean, secret: string) {
    super(reader);
    this.#lock = lock;
    this.#writer = writer;
    this.restored = restored;
    this.secret = secret;
  }

  execute(command: RoomCommand, now: number): Promise<Outcome> {
    return this.#closed === null ? this.#writer.ask([command, now]) : Promise.reject(new SudaError('unavailable'));
  }

  /** Waits for what was asked, closes the database and gives the folder free. */
  override close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // The writer last: the last connection to close tidies the log into the database, which the reader may not.
    await super.close();
    await this.#writer.close();
    this.#lock.release();
  }
}

/**
 * Opens the store in a data folder: takes the folder's lock, brings the database to the newest schema, and starts the workers.
 * @throws Error with a sentence for the operator: the folder cannot be made or written, is in use by another server, or holds a newer or foreign database
 */
export async function openSqliteStore({ folder, cacheMiB = 64, maxBytes, report = () => {} }: SqliteStoreOptions): Promise<SqliteStore> {
  const path = resolve(folder);
  const file = join(path, databaseFile);
  const lock = takeFolder(path);
  try {
    const { restored, secret } = prepare(file, path, report);
    if (restored) report(`${file} was restored from a backup: every room begins a new epoch, and clients read it afresh.`);
    const limit = maxBytes === undefined ? {} : { maxBytes };
    const writerData: WriterData = { file, cacheMiB, ...limit };
    const starting = [
      Thread.start<Job, Outcome>(new URL('./writer.ts', import.meta.url), writerData, report),
      startReader({ file, cacheMiB }, report),
    ] as const;
    try {
      const [writer, reader] = await Promise.all(starting);
      return new SqliteStore(lock, writer, reader, restored, secret);
    } catch (error) {
      for (const thread of await Promise.allSettled(starting)) if (thread.status === 'fulfilled') await thread.value.close();
      throw error;
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

function takeFolder(path: string): FolderLock {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`The data folder ${path} cannot be made: ${reason(error)}. Choose another with --data.`, { cause: error });
  }
  try {
    return lockFolder(path);
  } catch (error) {
    if (error instanceof Error && error.message.includes('in use by another Suda')) throw error;
    throw new Error(`The data folder ${path} cannot be written: ${reason(error)}. Choose another with --data.`, { cause: error });
  }
}

/** @returns whether the database was restored, and the secret that it keeps */
function prepare(file: string, folder: string, report: (sentence: string) => void): { restored: boolean; secret: string } {
  try {
    const db = connect(file);
    try {
      migrate(db, migrations, (version) =>
        // Measured: 5 s for a million messages, from version 3 to 7. Nobody should think that it hangs.
        report(`${file} is brought from schema ${version} to ${migrations.length}: a few seconds for each million messages.`),
      );
      // It holds what people said, and the secret: for its owner's eyes.
      chmodSync(file, 0o600);
      return { restored: beginGeneration(db, folder), secret: keptSecret(db) };
    } finally {
      db.close();
      syncFolder(folder);
    }
  } catch (error) {
    const why = isNotADatabase(error) ? 'it is not a database' : reason(error);
    throw new Error(`${file} cannot be opened: ${why}`, { cause: error });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
