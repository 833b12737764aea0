import type { DatabaseSync } from 'node:sqlite';
import { type MessageRecord, matchOf, newestFirst, type SearchRequest } from '@suda/chat';
import type { RoomId } from '@suda/protocol';
import { type KeptRoom, type MessageRow, messageColumns, messageOf } from './rows.ts';
import { ftsQuery } from './search-index.ts';
import { type Query, query } from './sqlite.ts';

/**
 * Finds messages, newest first by (at, room, pos), without reading every match.
 *
 * Each room's matches come by falling pos. While the clock goes forward that is also falling `at`, and the first `limit` are enough. A clock that
 * was set back makes an older message newer than a later one, but never by more than the room's `slip`; so reading goes on until
 * the matches are older than the last find by more than that. Rooms are taken by their newest message, and the rest is left once none of it can be newer.
 */
export class Search {
  readonly #matches: Query<MessageRow>;
  readonly #at: Query<[at: number]>;

  constructor(db: DatabaseSync) {
    const columns = messageColumns.replace(/\w+/g, 'm.$&');
    this.#matches = query(
      db,
      `SELECT ${columns} FROM messages_fts AS f CROSS JOIN messages AS m ON m.room = ?1 AND m.pos = (f.rowid & 4294967295)
       WHERE f.messages_fts MATCH ?2 AND f.rowid BETWEEN (?1 << 32) AND ((?1 << 32) | ?3) ORDER BY f.rowid DESC`,
    );
    this.#at = query(db, 'SELECT at FROM messages WHERE room = ? AND pos = ?');
  }

  search({ q, rooms, limit, before }: SearchRequest, roomOf: (id: RoomId) => KeptRoom | null): MessageRecord[] {
    const expression = ftsQuery(matchOf(q));
    if (expression === '' || limit < 1) return [];
    const kept = [...new Set(rooms)].flatMap((id) => roomOf(id) ?? []);
    kept.sort((a, b) => b.newestAt - a.newestAt);
    const found: MessageRecord[] = [];
    for (const room of kept) {
      const last = found.length < limit ? undefined : found.at(-1);
      if (last !== undefined && room.newestAt < last.at) break;
      this.#searchRoom(room, expression, limit, before, found);
    }
    return found;
  }

  #searchRoom(room: KeptRoom, expression: string, limit: number, before: SearchRequest['before'], found: MessageRecord[]): void {
    const top = before === undefined ? room.record.pos : this.#lastNotNewer(room, before.at);
    for (const row of this.#matches.iterate(room.key, expression, top)) {
      const message = messageOf(room.record.id, row);
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
