import type { DatabaseSync } from 'node:sqlite';
import { gramsOf, wordsOf } from '@suda/chat';
import type { Findings } from './findings.ts';
import { keptList } from './rows.ts';
import { query } from './sqlite.ts';

/** A message by its place in the index: room key and pos. */
type Key = string;

/**
 * Verifies that the search index holds the terms of the messages' present texts, each at its place, and nothing else.
 *
 * The index can be read only term by term, the messages only one by one, and neither fits in memory. So both sides are reduced to sums over
 * (message, term, place), which don't depend on the order. Only if the sums differ, both are read once more, to say which messages it is.
 */
export function checkIndex(db: DatabaseSync, findings: Findings): void {
  db.exec("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'messages_fts', 'instance')");
  const [wanted, kept] = [new Sum(), new Sum()];
  for (const [room, pos, grams] of texts(db)) for (const [place, gram] of grams.entries()) wanted.add(hash(room, pos, gram, place));
  for (const [room, pos, gram, place] of instances(db)) kept.add(hash(room, pos, gram, place));
  if (!wanted.equals(kept)) for (const message of differing(db)) findings.add('search', `The search index does not fit ${message}.`);
  for (const [id] of rowIdsWithoutTerms(db)) findings.add('search', `The search index has an entry without terms: ${id}.`);
}

function differing(db: DatabaseSync): string[] {
  const sums = new Map<Key, Sum>();
  const add = (room: number, pos: number, gram: string, place: number, sign: 1 | -1) => {
    const key = `${room}/${pos}`;
    const sum = sums.get(key) ?? new Sum();
    sums.set(key, sum);
    sum.add(hash(room, pos, gram, place), sign);
  };
  for (const [room, pos, grams] of texts(db)) for (const [place, gram] of grams.entries()) add(room, pos, gram, place, 1);
  for (const [room, pos, gram, place] of instances(db)) add(room, pos, gram, place, -1);
  const roomId = query<[id: string]>(db, 'SELECT id FROM rooms WHERE key = ?');
  const nothing = new Sum();
  return [...sums]
    .filter(([, sum]) => !sum.equals(nothing))
    .map(([key]) => {
      const [room, pos] = key.split('/').map(Number);
      const id = roomId.get(room ?? 0)?.[0];
      return id === undefined ? `a room that is gone (key ${room}, message ${pos})` : `room ${id}, message ${pos}`;
    });
}

/** Every message that belongs into the index, with its terms. */
function* texts(db: DatabaseSync): Iterable<[room: number, pos: number, grams: string[]]> {
  const rows = query<readonly [number, number, string, string | null]>(
    db,
    "SELECT room, pos, text, attachments FROM messages WHERE kind = 'text' AND deleted = 0",
  );
  for (const [room, pos, text, kept] of rows.iterate()) yield [room, pos, gramsOf(wordsOf({ text, attachments: keptList(kept) }))];
}

/** Every occurrence that the index knows. */
function instances(db: DatabaseSync): Iterable<readonly [room: number, pos: number, gram: string, place: number]> {
  return query<readonly [number, number, string, number]>(
    db,
    'SELECT doc >> 32, doc & 4294967295, term, "offset" FROM temp.terms',
  ).iterate();
}

/** Entries of messages that should have none: deleted ones, notices, or no messages at all. */
function rowIdsWithoutTerms(db: DatabaseSync): readonly (readonly [id: string])[] {
  return query<readonly [string]>(
    db,
    `SELECT (id >> 32) || '/' || (id & 4294967295) FROM messages_fts_docsize
     WHERE NOT EXISTS (SELECT 1 FROM messages WHERE room = id >> 32 AND pos = id & 4294967295 AND kind = 'text' AND deleted = 0)`,
  ).all();
}

/** FNV-1a over the term, mixed with its place. */
function hash(room: number, pos: number, gram: string, place: number): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < gram.length; i++) h = Math.imul(h ^ gram.charCodeAt(i), 0x01000193);
  for (const part of [room, pos, place]) {
    h = Math.imul(h ^ part, 0x85ebca6b);
    h = (h << 13) | (h >>> 19);
  }
  return h >>> 0;
}

/** A sum of hashes, modulo 2^32, together with one of their scrambled values: 64 bits in all. */
class Sum {
  #plain = 0;
  #mixed = 0;

  add(value: number, sign: 1 | -1 = 1): void {
    this.#plain = (this.#plain + sign * value) | 0;
    this.#mixed = (this.#mixed + sign * Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)) | 0;
  }

  equals(other: Sum): boolean {
    return this.#plain === other.#plain && this.#mixed === other.#mixed;
  }
}
