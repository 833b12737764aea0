import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { checkIndex } from './check-index.ts';
import { checkLibrary } from './check-library.ts';
import { checkRoom } from './check-room.ts';
import { Findings } from './findings.ts';
import { type RoomRow, roomColumns, roomOf } from './rows.ts';
import { migrations } from './schema.ts';
import { connect, pragma, query } from './sqlite.ts';
import { databaseFile } from './sqlite-reads.ts';

/** What `check` found. */
export interface CheckReport {
  /** A sentence for each thing that is wrong; empty when all is well. */
  readonly findings: readonly string[];
  readonly figures: {
    readonly users: number;
    readonly rooms: number;
    readonly members: number;
    readonly messages: number;
    /** Messages in the search index. */
    readonly indexed: number;
    /** Size of the database file. */
    readonly bytes: number;
    readonly schema: number;
    /** How often the database was opened. */
    readonly generation: number;
  };
}

/**
 * Verifies a data folder, at one moment, without writing; the server may run meanwhile.
 *
 * 1. The file: SQLite's own integrity check, which covers every index and their uniqueness (so revs and clientIds are unique).
 * 2. Each room's log and counters: see check-room.ts.
 * 3. Users, rooms, members and messages belong together: none without its room, no member without a user.
 * 4. The search index holds exactly the terms of the messages' present texts: see check-index.ts; that of the GIFs their words.
 *
 * It reads everything; some ten seconds for a million messages, and blocks the thread that called it.
 * @throws Error with a sentence when there is no database to check, or one that this version doesn't know
 */
export function check(folder: string): CheckReport {
  const file = join(resolve(folder), databaseFile);
  if (!existsSync(file)) throw new Error(`There is no database in ${resolve(folder)}.`);
  const db = connect(file, { readOnly: true });
  try {
    db.exec('BEGIN');
    const schema = Number(pragma(db, 'PRAGMA user_version'));
    if (schema !== migrations.length) {
      throw new Error(`${file} has schema ${schema}; this version of Suda checks only schema ${migrations.length}.`);
    }
    const findings = new Findings();
    checkFile(db, findings);
    for (const row of query<RoomRow>(db, `SELECT ${roomColumns} FROM rooms`).iterate()) checkRoom(db, roomOf(row), findings);
    checkBelonging(db, findings);
    checkIndex(db, findings);
    checkLibrary(db, findings);
    const count = (table: string) => Number(pragma(db, `SELECT count(*) FROM ${table}`));
    const figures = {
      users: count('users'),
      rooms: count('rooms'),
      members: count("members WHERE role <> 'banned'"),
      messages: count('messages'),
      indexed: count('messages_fts_docsize'),
      bytes: statSync(file).size,
      schema,
      generation: Number(pragma(db, "SELECT value FROM meta WHERE key = 'generation'") ?? 0),
    };
    return { findings: findings.list(), figures };
  } finally {
    db.close();
  }
}

function checkFile(db: DatabaseSync, findings: Findings): void {
  for (const [line] of query<[line: string]>(db, 'PRAGMA integrity_check').all()) {
    if (line !== 'ok') findings.add('file', `The file is damaged: ${line}`);
  }
}

/** Whom messages concern, from the messages themselves: what the table of mentions must hold. */
const concerns = `
  SELECT * FROM (
    SELECT m.room, j.value ->> 'id' AS user, m.pos, m.at FROM messages AS m, json_each(m.mentions) AS j
      WHERE m.mentions IS NOT NULL AND m.deleted = 0 AND j.value ->> 'id' IS NOT m.sender
    UNION SELECT m.room, a.sender, m.pos, m.at FROM messages AS m CROSS JOIN messages AS a ON a.room = m.room AND a.pos = m.reply_to
      WHERE m.deleted = 0 AND a.sender IS NOT NULL AND a.sender IS NOT m.sender)`;

function checkBelonging(db: DatabaseSync, findings: Findings): void {
  const strays: [sql: string, what: string][] = [
    ['SELECT count(*) FROM messages WHERE room NOT IN (SELECT key FROM rooms)', 'messages belong to no room'],
    ['SELECT count(*) FROM members WHERE room NOT IN (SELECT key FROM rooms)', 'members belong to no room'],
    ['SELECT count(*) FROM members WHERE user NOT IN (SELECT id FROM users)', 'members are no users'],
    ['SELECT count(*) FROM invitations WHERE room NOT IN (SELECT key FROM rooms)', 'invitations lead to no room'],
    ['SELECT count(*) FROM attachments WHERE file NOT IN (SELECT id FROM files)', 'messages carry a file that is not known'],
    [
      `SELECT count(*) FROM attachments AS a LEFT JOIN messages AS m ON m.room = a.room AND m.pos = a.pos
       WHERE m.preview ->> '$.picture.id' IS NOT a.file AND NOT EXISTS (SELECT 1 FROM json_each(m.attachments) WHERE value ->> 'id' = a.file)`,
      'files are said to be in messages that do not carry them',
    ],
    [
      `SELECT count(*) FROM messages AS m, json_each(m.attachments) AS j
       WHERE m.attachments IS NOT NULL AND NOT EXISTS (SELECT 1 FROM attachments WHERE file = j.value ->> 'id' AND room = m.room AND pos = m.pos)`,
      'files of messages are not counted as carried',
    ],
    [`SELECT count(*) FROM (${concerns} EXCEPT SELECT room, user, pos, at FROM mentions)`, 'mentions or answers are missing in their list'],
    [
      `SELECT count(*) FROM (SELECT room, user, pos, at FROM mentions EXCEPT ${concerns})`,
      'mentions are listed of messages that mention nobody so',
    ],
    [
      `SELECT count(*) FROM messages AS m WHERE m.preview ->> '$.picture.id' IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM attachments WHERE file = m.preview ->> '$.picture.id' AND room = m.room AND pos = m.pos)`,
      'pictures of previews are not counted as carried',
    ],
  ];
  strays.push(
    ['SELECT count(*) FROM gifs WHERE NOT EXISTS (SELECT 1 FROM files WHERE id = gifs.file AND hash = gifs.hash)', 'GIFs have no file'],
    ['SELECT count(*) FROM gifs_fts_docsize WHERE id NOT IN (SELECT key FROM gifs)', 'GIFs are found that are not there'],
    [
      `SELECT count(*) FROM gifs WHERE room IS NOT NULL AND NOT EXISTS
       (SELECT 1 FROM messages AS m WHERE m.room = (SELECT key FROM rooms WHERE id = gifs.room) AND m.pos = gifs.pos AND m.deleted = 0)`,
      'GIFs came from messages that are gone',
    ],
    ['SELECT count(*) FROM place WHERE keeper NOT IN (SELECT id FROM users)', 'keepers of the place are no users'],
  );
  for (const [sql, what] of strays) {
    const count = Number(pragma(db, sql));
    if (count > 0) findings.add('belonging', `${count} ${what}.`);
  }
}
