import type { DatabaseSync } from 'node:sqlite';
import { type GifRecord, gramsOf } from '@suda/chat';
import type { FileId, RoomId } from '@suda/protocol';
import { type GifRow, gifColumns, gifOf } from './rows.ts';
import { command, query } from './sqlite.ts';

/** The library of GIFs with its search index, as the writer sees them. */
export class GifTables {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: DatabaseSync) {
    this.#sql = statements(db);
  }

  /** The GIF that has the bytes of this file. */
  ofFile(file: FileId): GifRecord | null {
    const row = this.#sql.ofFile.get(file);
    return row ? gifOf(row) : null;
  }

  put({ file, hash, by, words, from, uses, rank }: GifRecord): void {
    const there = this.#sql.words.get(hash);
    this.#sql.put.run(file, hash, by, words, from?.room ?? null, from?.pos ?? null, uses, rank);
    if (there?.[0] === words) return;
    if (there !== undefined) this.#sql.unindex.run(hash);
    const grams = gramsOf(words);
    if (grams.length > 0) this.#sql.index.run(hash, grams.join(' '));
  }

  drop(file: FileId): void {
    this.#drop(this.#sql.hashOf.all(file));
  }

  /** Those that a room, or one message of it, brought in. */
  forget(room: RoomId, pos: number | null): void {
    this.#drop(pos === null ? this.#sql.fromRoom.all(room) : this.#sql.fromMessage.all(room, pos));
  }

  #drop(hashes: readonly (readonly [hash: string])[]): void {
    for (const [hash] of hashes) {
      this.#sql.unindex.run(hash);
      this.#sql.drop.run(hash);
    }
  }
}

function statements(db: DatabaseSync) {
  return {
    ofFile: query<GifRow>(
      db,
      `SELECT ${gifColumns} FROM files AS asked CROSS JOIN gifs AS g ON g.hash = asked.hash CROSS JOIN files AS f ON f.id = g.file
       WHERE asked.id = ?`,
    ),
    words: query<[words: string]>(db, 'SELECT words FROM gifs WHERE hash = ?'),
    hashOf: query<[hash: string]>(db, 'SELECT hash FROM gifs WHERE file = ?'),
    fromRoom: query<[hash: string]>(db, 'SELECT hash FROM gifs WHERE room = ?'),
    fromMessage: query<[hash: string]>(db, 'SELECT hash FROM gifs WHERE room = ? AND pos = ?'),
    put: command(
      db,
      `INSERT INTO gifs (file, hash, brought_by, words, room, pos, uses, rank) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (hash) DO UPDATE SET file = excluded.file, brought_by = excluded.brought_by, words = excluded.words,
         room = excluded.room, pos = excluded.pos, uses = excluded.uses, rank = excluded.rank`,
    ),
    drop: command(db, 'DELETE FROM gifs WHERE hash = ?'),
    index: command(db, 'INSERT INTO gifs_fts (rowid, grams) SELECT key, ?2 FROM gifs WHERE hash = ?1'),
    unindex: command(db, 'DELETE FROM gifs_fts WHERE rowid = (SELECT key FROM gifs WHERE hash = ?)'),
  };
}

/** Fills a library that is new from what was shown in open rooms before: each content once, by its first message. */
export function buildLibrary(db: DatabaseSync): void {
  const gifs = new GifTables(db);
  const shown = query<readonly [...GifRow]>(
    db,
    `SELECT f.id, f.hash, f.owner, f.attachment ->> 'name', r.id, min(m.pos), 1, m.at, f.attachment
     FROM files AS f JOIN attachments AS a ON a.file = f.id JOIN rooms AS r ON r.key = a.room
       JOIN messages AS m ON m.room = a.room AND m.pos = a.pos AND m.sender = f.owner
     WHERE f.attachment ->> 'animated' = 1 AND r.kind = 'public' AND r.password_hash IS NULL GROUP BY f.hash`,
  );
  for (const row of shown.all()) {
    const gif = gifOf(row);
    gifs.put({ ...gif, words: gif.words.replace(/\.\w{1,5}$/, '').slice(0, 100) });
  }
}
