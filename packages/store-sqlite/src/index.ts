export { type BackupProgress, backup } from './backup.ts';
export { type CheckReport, check } from './check.ts';
export { type KeptContent, keptContents } from './kept-files.ts';
export { openSqliteReads, SqliteReads, type SqliteReadsOptions } from './sqlite-reads.ts';
export { openSqliteStore, SqliteStore, type SqliteStoreOptions } from './sqlite-store.ts';
