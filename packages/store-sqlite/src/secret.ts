import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { command, pragma } from './sqlite.ts';

/**
 * The secret that signs sessions, made once and kept with the data: so a backup brings people their sessions back, without which
 * a guest would lose their rooms. 256 random bits in base64url.
 */
export function keptSecret(db: DatabaseSync): string {
  const kept = pragma(db, "SELECT value FROM meta WHERE key = 'secret'");
  if (kept !== undefined) return String(kept);
  const made = randomBytes(32).toString('base64url');
  command(db, "INSERT INTO meta (key, value) VALUES ('secret', ?)").run(made);
  return made;
}
