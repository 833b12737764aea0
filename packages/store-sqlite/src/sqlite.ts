import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A statement whose rows come as arrays, in the order of its columns. */
export interface Query<Row extends readonly unknown[]> {
  get(...parameters: SQLInputValue[]): Row | undefined;
  all(...parameters: SQLInputValue[]): Row[];
  /** Row by row. Leaving the loop early ends the statement. */
  iterate(...parameters: SQLInputValue[]): Iterable<Row>;
}

/**
 * Prepares a query. The one place where the type of a row is claimed rather than checked: the schema's STRICT tables stand for it.
 */
export function query<Row extends readonly unknown[]>(db: DatabaseSync, sql: string): Query<Row> {
  const statement: StatementSync = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement as unknown as Query<Row>;
}

/**
 * Prepares a statement that writes. Its result comes as 64-bit integers: `run` always looks at the last row id, and those of
 * the search index don't fit a number, which would be an error after the deed.
 */
export function command(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReadBigInts(true);
  return statement;
}

/** The first column of the first row of a statement that has one. */
export function pragma(db: DatabaseSync, sql: string): unknown {
  return query<[unknown]>(db, sql).get()?.[0];
}

export interface ConnectionOptions {
  readonly readOnly?: boolean;
  /** Pages kept in memory, in MiB. */
  readonly cacheMiB?: number;
  /** The largest the database file may become, in bytes. */
  readonly maxBytes?: number;
  /** `delete`: one file that is complete by itself, for what is to be carried elsewhere. */
  readonly journal?: 'wal' | 'delete';
}

/**
 * Opens a connection as Suda uses it: write-ahead log, and every commit synced to the disk before it counts (P1).
 *
 * The file is not mapped into memory: through a map, an I/O error is a SIGBUS that kills the process instead of an error that fails one batch.
 */
export function connect(
  file: string,
  { readOnly = false, cacheMiB = 16, maxBytes, journal = 'wal' }: ConnectionOptions = {},
): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: 5_000, enableForeignKeyConstraints: false });
  try {
    if (!readOnly) db.exec(`PRAGMA journal_mode = ${journal}; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 2000`);
    db.exec(`PRAGMA synchronous = FULL; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY; PRAGMA cache_size = ${-1024 * cacheMiB}`);
    if (maxBytes !== undefined) db.exec(`PRAGMA max_page_count = ${Math.ceil(maxBytes / Number(pragma(db, 'PRAGMA page_size')))}`);
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}
