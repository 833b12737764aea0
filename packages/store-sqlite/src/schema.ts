import type { DatabaseSync } from 'node:sqlite';
import { buildLibrary } from './gif-tables.ts';
import { buildIndex } from './search-index.ts';
import { pragma } from './sqlite.ts';

/** "Suda" in the file's header, so that nobody opens another program's database by mistake. */
const applicationId = 0x53756461;

/**
 * Rooms have a small integer key, because every message, index entry and member repeats it. A room's `newest_at` is the highest `at` of
 * its messages, and `slip` the most by which a later message's `at` was ever below an earlier one's: 0 while the clock
 * went forward. With them a search finds its order by time without looking at every match (see search.ts).
 *
 * `messages_once` is P2: one message for (room, sender, clientId).
 */
const tables = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    guest INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE rooms (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'private', 'direct')),
    name TEXT NOT NULL,
    owner TEXT,
    capacity INTEGER,
    password_hash TEXT,
    ephemeral INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    epoch TEXT NOT NULL,
    head INTEGER NOT NULL DEFAULT 0,
    pos INTEGER NOT NULL DEFAULT 0,
    member_count INTEGER NOT NULL DEFAULT 0,
    newest_at INTEGER NOT NULL DEFAULT 0,
    slip INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX rooms_public ON rooms (id) WHERE kind = 'public';
  CREATE INDEX rooms_ephemeral ON rooms (id) WHERE ephemeral = 1;
  CREATE TABLE members (
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'member', 'banned')),
    joined_at INTEGER NOT NULL,
    read_pos INTEGER NOT NULL,
    PRIMARY KEY (room, user)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX members_by_user ON members (user, room) WHERE role <> 'banned';
  CREATE INDEX members_by_joining ON members (room, joined_at, user) WHERE role <> 'banned';
  CREATE TABLE messages (
    room INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    rev INTEGER NOT NULL,
    first_rev INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'notice')),
    sender TEXT,
    sender_name TEXT,
    client_id TEXT,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    edited_at INTEGER,
    deleted INTEGER NOT NULL DEFAULT 0,
    reply_to INTEGER,
    via TEXT,
    notice TEXT,
    reactions TEXT,
    PRIMARY KEY (room, pos)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX messages_rev ON messages (room, rev);
  CREATE UNIQUE INDEX messages_once ON messages (room, sender, client_id) WHERE client_id IS NOT NULL;
`;

/**
 * Files, and which messages carry them. A message also keeps what it says of its files, so that reading a page looks at one table.
 * The three questions to a file are who may read it, what nobody carries, and whether its bytes are someone else's too.
 */
const files = `
  CREATE TABLE files (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    hash TEXT NOT NULL,
    size INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    attachment TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX files_by_owner ON files (owner, size);
  CREATE INDEX files_by_hash ON files (hash);
  CREATE INDEX files_by_age ON files (created_at);
  CREATE TABLE attachments (
    file TEXT NOT NULL,
    room INTEGER NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (file, room, pos)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attachments_by_message ON attachments (room, pos);
  ALTER TABLE messages ADD COLUMN attachments TEXT;
`;

/**
 * The library of GIFs: one for each content, with the file that stands for it. `room` and `pos`: the message that brought it in, null when
 * it was given on purpose. Its search index is like that of the messages: see search-index.ts.
 */
const gifs = `
  CREATE TABLE gifs (
    key INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    brought_by TEXT NOT NULL,
    words TEXT NOT NULL,
    room TEXT,
    pos INTEGER,
    uses INTEGER NOT NULL,
    rank INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX gifs_by_rank ON gifs (rank DESC, file DESC);
  CREATE INDEX gifs_by_message ON gifs (room, pos) WHERE room IS NOT NULL;
  CREATE VIRTUAL TABLE gifs_fts USING fts5(grams, content='', contentless_delete=1, tokenize='ascii', prefix='1');
`;

/** What this server is called and who keeps it: one row, or none yet. And the invitations, each of one room. */
const place = `
  CREATE TABLE place (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT, keeper TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE invitations (
    code TEXT PRIMARY KEY,
    room INTEGER NOT NULL,
    maker TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    uses INTEGER,
    used INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX invitations_by_room ON invitations (room, created_at, code);
`;
const previews = 'ALTER TABLE messages ADD COLUMN preview TEXT;';

/**
 * Whom messages concern: those they mention and those they answer. By room for what is unread, by time for the list of all. A message that
 * concerns nobody has no row here. Answers from before are entered now.
 */
const mentions = `
  ALTER TABLE messages ADD COLUMN mentions TEXT;
  ALTER TABLE members ADD COLUMN notify TEXT CHECK (notify IN ('all', 'mentions', 'nothing'));
  ALTER TABLE members ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
  CREATE TABLE mentions (
    room INTEGER NOT NULL,
    user TEXT NOT NULL,
    pos INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (room, user, pos)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX mentions_by_time ON mentions (user, at);
  INSERT INTO mentions SELECT m.room, a.sender, m.pos, m.at FROM messages AS m CROSS JOIN messages AS a ON a.room = m.room AND a.pos = m.reply_to
    WHERE m.deleted = 0 AND a.sender IS NOT NULL AND a.sender IS NOT m.sender;
`;

/** One step of the schema's history. It is never changed once released: what comes later is another step. */
export type Migration = (db: DatabaseSync) => void;

/** The step at index n leads from version n to version n + 1. Only ever forward. */
export const migrations: readonly Migration[] = [
  (db) => db.exec(tables),
  // The search index. A file of version 1 has messages already: they are indexed now.
  (db) => buildIndex(db),
  (db) => db.exec(files),
  (db) => {
    db.exec(gifs);
    buildLibrary(db);
  },
  (db) => db.exec(place),
  (db) => db.exec(mentions),
  (db) => db.exec(previews),
];

/**
 * Brings a database to the newest version, all steps in one transaction.
 * @param before is told which version a database has that isn't new and isn't the newest, before anything is done
 * @returns the version it had
 * @throws Error with a sentence when the file is not Suda's, or of a newer version than this program knows
 */
export function migrate(db: DatabaseSync, steps: readonly Migration[] = migrations, before: (version: number) => void = () => {}): number {
  db.exec('BEGIN IMMEDIATE');
  try {
    const version = Number(pragma(db, 'PRAGMA user_version'));
    const tableCount = Number(pragma(db, 'SELECT count(*) FROM sqlite_schema'));
    if (tableCount > 0 && pragma(db, 'PRAGMA application_id') !== applicationId) throw new Error('This is not a database of Suda.');
    if (version > steps.length) {
      throw new Error(
        `This database was written by a newer version of Suda (its schema is ${version}, this version knows up to ${steps.length}). Start the newer version, or restore a backup that was made before.`,
      );
    }
    if (version > 0 && version < steps.length) before(version);
    for (const step of steps.slice(version)) step(db);
    db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${steps.length}`);
    db.exec('COMMIT');
    return version;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
