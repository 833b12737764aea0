import type { DatabaseSync } from 'node:sqlite';
import { gramsOf, type MatchPart, type MessageRecord, matches, matchOf, newestFirst, type SearchRequest, wordsOf } from '@suda/chat';
import type { RoomId } from '@suda/protocol';
import { type KeptRoom, type MessageRow, messageColumns, messageOf } from './rows.ts';
import { ftsQuery } from './search-index.ts';
import { type Query, query } from './sqlite.ts';

/** Up to so many messages are read rather than looked up. */
const FEW = 64;

/**
 * Finds messages, newest first by (at, room, pos), without reading every match.
 *
 * Each room's matches come by falling pos. While the clock goes forward that is also falling `at`, and the first `limit` are enough. A clock that
 * was set back makes an older message newer than a later one, but never by more than the room's `slip`; so reading goes on until
 * the matches are older than the last find by more than that. Rooms are taken by their newest message, and the rest is left once none of it can be newer.
 *
 * Once there are `limit` finds, only those messages of a room count that are no older than the last of them. Where these are few they are
 * read and looked at: to ask the index costs as much as some dozens of them (0.2 to 2 ms), for each of a hundred rooms.
 */
export class Search {
  readonly #matches: Query<MessageRow>;
  readonly #texts: Query<MessageRow>;
  readonly #at: Query<[at: number]>;

  constructor(db: DatabaseSync) {
    const columns = messageColumns.replace(/\w+/g, 'm.$&');
    this.#matches = query(
      db,
      `SELECT ${columns} FROM messages_fts AS f CROSS JOIN messages AS m ON m.room = ?1 AND m.pos = (f.rowid & 4294967295)
       WHERE f.messages_fts MATCH ?2 AND f.rowid BETWEEN (?1 << 32) AND ((?1 << 32) | ?3) ORDER BY f.rowid DESC`,
    );
    this.#texts = query(
      db,
      `SELECT ${messageColumns} FROM messages WHERE room = ? AND pos <= ? AND kind = 'text' AND deleted = 0 ORDER BY pos DESC`,
    );
    this.#at = query(db, 'SELECT at FROM messages WHERE room = ? AND pos = ?');
  }

  search({ q, rooms, limit, before }: SearchRequest, roomOf: (id: RoomId) => KeptRoom | null): MessageRecord[] {
    const parts = matchOf(q);
    if (parts.length === 0 || limit < 1) return [];
    const kept = [...new Set(rooms)].flatMap((id) => roomOf(id) ?? []);
    kept.sort((a, b) => b.newestAt - a.newestAt);
    const found: MessageRecord[] = [];
    for (const room of kept) {
      const last = found.length < limit ? undefined : found.at(-1);
      if (last !== undefined && room.newestAt < last.at) break;
      this.#searchRoom(room, parts, limit, before, found);
    }
    return found;
  }

  #searchRoom(room: KeptRoom, parts: readonly MatchPart[], limit: number, before: SearchRequest['before'], found: MessageRecord[]): void {
    const top = before === undefined ? room.record.pos : this.#lastNotNewer(room, before.at);
    const least = found.length < limit ? undefined : found.at(-1);
    const few = least !== undefined && this.#isOlder(room, top - FEW, least.at);
    for (const message of few ? this.#looked(room, parts, top, least.at) : this.#matching(room, parts, top)) {
      if (before !== undefined && newestFirst(before, message) >= 0) continue;
      const last = found.length < limit ? undefined : found.at(-1);
      if (last === undefined || newestFirst(message, last) < 0) {
        insert(found, message);
        if (found.length > limit) found.pop();
      } else if (room.slip === 0 || message.at + room.slip < last.at) {
        return;
      }
    }
  }

  *#matching({ key, record: { id } }: KeptRoom, parts: readonly MatchPart[], top: number): Generator<MessageRecord> {
    for (const row of this.#matches.iterate(key, ftsQuery(parts), top)) yield messageOf(id, row);
  }

  /** The same without the index: for the few messages that are not older than `at`. */
  *#looked({ key, slip, record: { id } }: KeptRoom, parts: readonly MatchPart[], top: number, at: number): Generator<MessageRecord> {
    for (const row of this.#texts.iterate(key, top)) {
      const message = messageOf(id, row);
      if (message.at + slip < at) return;
      if (matches(gramsOf(wordsOf(message)), parts)) yield message;
    }
  }

  /** Whether every message up to this pos is older than `at`. */
  #isOlder({ key, slip }: KeptRoom, pos: number, at: number): boolean {
    return pos < 1 || (this.#at.get(key, pos)?.[0] ?? at) + slip < at;
  }

  /** A pos above which every message of the room is newer than `at`: a binary search that allows for the room's slip. */
  #lastNotNewer({ key, slip, record }: KeptRoom, at: number): number {
    let low = 1;
    let high = record.pos + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#at.get(key, middle)?.[0] ?? 0) > at + slip) high = middle;
      else low = middle + 1;
    }
    return high - 1;
  }
}

/** Into its place in the order. */
function insert(found: MessageRecord[], message: MessageRecord): void {
  let place = found.length;
  for (let before = found[place - 1]; before !== undefined && newestFirst(message, before) < 0; before = found[place - 1]) place--;
  found.splice(place, 0, message);
}
