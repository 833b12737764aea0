import type { DatabaseSync } from 'node:sqlite';
import type {
  FileRecord,
  GifRecord,
  GifRequest,
  InvitationRecord,
  LogPage,
  MemberRecord,
  MemberView,
  MessagePlace,
  MessageRecord,
  PageRequest,
  PlaceRecord,
  RoomRecord,
  RoomView,
  UserRecord,
} from '@suda/chat';
import { matchOf } from '@suda/chat';
import { type FileId, type InvitationCode, limits, type Pos, type RoomId, type UserId } from '@suda/protocol';
import { placeQueries } from './place-tables.ts';
import {
  type FileRow,
  fileColumns,
  fileOf,
  type GifRow,
  gifColumns,
  gifOf,
  invitationOf,
  type KeptRoom,
  type MemberRow,
  type MessageRow,
  memberColumns,
  memberOf,
  messageColumns,
  messageOf,
  placeOf,
  type RoomRow,
  roomColumns,
  roomOf,
  type UserRow,
  userColumns,
  userOf,
} from './rows.ts';
import { ftsQuery } from './search-index.ts';
import { query } from './sqlite.ts';

/** The store's reads, on a connection of their own. Each sees one moment: whoever needs several queries wraps them in a transaction (see reader.ts). */
export class Reads {
  readonly #sql: ReturnType<typeof statements>;

  constructor(db: DatabaseSync) {
    this.#sql = statements(db);
  }

  user(id: UserId): UserRecord | null {
    const row = this.#sql.user.get(id);
    return row ? userOf(row) : null;
  }

  keptRoom(id: RoomId): KeptRoom | null {
    const row = this.#sql.room.get(id);
    return row ? roomOf(row) : null;
  }

  room(id: RoomId): RoomRecord | null {
    return this.keptRoom(id)?.record ?? null;
  }

  member(id: RoomId, user: UserId): MemberRecord | null {
    const room = this.keptRoom(id);
    return room && this.#member(room, user);
  }

  members(id: RoomId): MemberView[] {
    const room = this.keptRoom(id);
    return room ? this.#views(room) : [];
  }

  roomsOf(user: UserId): RoomId[] {
    return this.#sql.roomIdsOf.all(user).map(([id]) => id);
  }

  roomView(id: RoomId, user: UserId, few: number): RoomView | null {
    const room = this.keptRoom(id);
    return room && this.#view(room, user, few);
  }

  roomViews(user: UserId, publicToo: boolean, few: number): RoomView[] {
    const rows = publicToo ? this.#sql.roomsOfAndPublic.all(user) : this.#sql.roomsOf.all(user);
    return rows.map((row) => this.#view(roomOf(row), user, few));
  }

  ephemeralMembers(): MemberRecord[] {
    return this.#sql.ephemeralMembers.all().map(([room, ...row]) => memberOf(room, row));
  }

  changes(id: RoomId, after: number, limit: number): LogPage | null {
    const room = this.keptRoom(id);
    return room && pageOf(room, this.#sql.changes.all(room.key, after, limit));
  }

  page(id: RoomId, request: PageRequest): LogPage | null {
    const room = this.keptRoom(id);
    if (!room) return null;
    const { limit } = request;
    const upTo = (pos: number, count: number) => this.#sql.before.all(room.key, pos, count).reverse();
    const from = (pos: number, count: number) => this.#sql.after.all(room.key, pos, count);
    switch (request.type) {
      case 'latest':
        return pageOf(room, upTo(Number.MAX_SAFE_INTEGER, limit));
      case 'before':
        return pageOf(room, upTo(request.pos, limit));
      case 'after':
        return pageOf(room, from(request.pos + 1, limit));
      case 'around': {
        const half = Math.floor(limit / 2);
        return pageOf(room, [...upTo(request.pos, half), ...from(request.pos, limit - half)]);
      }
    }
  }

  place(): PlaceRecord {
    return placeOf(this.#sql.place.get());
  }

  invitation(code: InvitationCode): InvitationRecord | null {
    const row = this.#sql.invitation.get(code);
    return row ? invitationOf(row) : null;
  }

  invitations(id: RoomId): InvitationRecord[] {
    const room = this.keptRoom(id);
    return room ? this.#sql.invitations.all(room.key).map(invitationOf) : [];
  }

  /** The room's id stands before the message's columns. */
  mentions(user: UserId, limit: number, before?: MessagePlace): MessageRecord[] {
    const { at, room, pos } = before ?? { at: Number.MAX_SAFE_INTEGER, room: '', pos: 0 };
    return this.#sql.mentions.all(user, at, room, pos, limit).map(([id, ...row]) => messageOf(id, row));
  }

  readableFile(id: FileId, user: UserId): FileRecord | null {
    const row = this.#sql.readableFile.get(id, user);
    return row ? fileOf(row) : null;
  }

  strayFiles(before: number, limit: number): FileRecord[] {
    return this.#sql.strayFiles.all(before, limit).map(fileOf);
  }

  gifs({ q, before, limit }: GifRequest): GifRecord[] {
    const { rank, file } = before ?? { rank: Number.MAX_SAFE_INTEGER, file: '' };
    if (q === undefined) return this.#sql.gifs.all(rank, file, limit).map(gifOf);
    const expression = ftsQuery(matchOf(q));
    return expression === '' ? [] : this.#sql.gifsCalled.all(rank, file, limit, expression).map(gifOf);
  }

  gifOf(hash: string): GifRecord | null {
    const row = this.#sql.gifOf.get(hash);
    return row ? gifOf(row) : null;
  }

  hasContent(hash: string): boolean {
    return this.#sql.hasContent.get(hash) !== undefined;
  }

  #member(room: KeptRoom, user: UserId): MemberRecord | null {
    const row = this.#sql.member.get(room.key, user);
    return row ? memberOf(room.record.id, row) : null;
  }

  #views(room: KeptRoom): MemberView[] {
    return this.#sql.members.all(room.key).map(([id, name, guest, createdAt, ...place]) => ({
      member: memberOf(room.record.id, [id, ...place]),
      user: userOf([id, name, guest, createdAt]),
    }));
  }

  #last(room: KeptRoom): MessageRecord | null {
    const row = this.#sql.message.get(room.key, room.record.pos);
    return row ? messageOf(room.record.id, row) : null;
  }

  #unreadMentions({ key }: KeptRoom, member: MemberRecord | null): Pos[] {
    if (member === null || member.role === 'banned') return [];
    return this.#sql.unreadMentions
      .all(key, member.user, member.readPos, limits.unreadMentions)
      .map(([pos]) => pos)
      .reverse();
  }

  #view(room: KeptRoom, user: UserId, few: number): RoomView {
    const member = this.#member(room, user);
    return {
      room: room.record,
      member,
      mentions: this.#unreadMentions(room, member),
      last: this.#last(room),
      people: room.record.memberCount <= few ? this.#views(room).map((view) => view.user) : null,
    };
  }
}

function pageOf({ record }: KeptRoom, rows: readonly MessageRow[]): LogPage {
  return { epoch: record.epoch, head: record.head, pos: record.pos, messages: rows.map((row) => messageOf(record.id, row)) };
}

type MemberUserRow = readonly [...UserRow, ...(MemberRow extends readonly [UserId, ...infer Rest] ? Rest : never)];

function statements(db: DatabaseSync) {
  const message = `SELECT ${messageColumns} FROM messages WHERE room = ?`;
  const rooms = `SELECT ${roomColumns} FROM rooms`;
  const mine = "SELECT room FROM members WHERE user = ? AND role <> 'banned'";
  return {
    ...placeQueries(db),
    user: query<UserRow>(db, `SELECT ${userColumns} FROM users WHERE id = ?`),
    room: query<RoomRow>(db, `${rooms} WHERE id = ?`),
    roomIdsOf: query<[id: RoomId]>(db, `SELECT id FROM rooms WHERE key IN (${mine})`),
    roomsOf: query<RoomRow>(db, `${rooms} WHERE key IN (${mine})`),
    roomsOfAndPublic: query<RoomRow>(db, `${rooms} WHERE key IN (${mine}) UNION ${rooms} WHERE kind = 'public'`),
    member: query<MemberRow>(db, `SELECT ${memberColumns} FROM members WHERE room = ? AND user = ?`),
    members: query<MemberUserRow>(
      db,
      `SELECT ${userColumns}, role, joined_at, read_pos, notify, muted FROM members CROSS JOIN users ON id = user
       WHERE room = ? AND role <> 'banned' ORDER BY joined_at, user`,
    ),
    ephemeralMembers: query<readonly [room: RoomId, ...MemberRow]>(
      db,
      `SELECT id, ${memberColumns} FROM rooms CROSS JOIN members ON room = key WHERE ephemeral = 1 AND role <> 'banned'`,
    ),
    message: query<MessageRow>(db, `${message} AND pos = ?`),
    changes: query<MessageRow>(db, `${message} AND rev > ? ORDER BY rev LIMIT ?`),
    before: query<MessageRow>(db, `${message} AND pos < ? ORDER BY pos DESC LIMIT ?`),
    after: query<MessageRow>(db, `${message} AND pos >= ? ORDER BY pos LIMIT ?`),
    unreadMentions: query<[pos: number]>(db, 'SELECT pos FROM mentions WHERE room = ? AND user = ? AND pos > ? ORDER BY pos DESC LIMIT ?'),
    mentions: query<readonly [room: RoomId, ...MessageRow]>(
      db,
      `SELECT r.id, ${messageColumns.replace(/\w+/g, 'm.$&')} FROM mentions AS c INDEXED BY mentions_by_time
       CROSS JOIN rooms AS r ON r.key = c.room
       CROSS JOIN members AS p ON p.room = c.room AND p.user = c.user AND p.role <> 'banned'
       CROSS JOIN messages AS m ON m.room = c.room AND m.pos = c.pos
       WHERE c.user = ?1 AND c.at <= ?2 AND (c.at < ?2 OR r.id > ?3 OR (r.id = ?3 AND c.pos < ?4))
       ORDER BY c.at DESC, r.id, c.pos DESC LIMIT ?5`,
    ),
    readableFile: query<FileRow>(
      db,
      `SELECT ${fileColumns} FROM files WHERE id = ?1 AND (owner = ?2 OR EXISTS (SELECT 1 FROM gifs WHERE file = ?1) OR EXISTS (
         SELECT 1 FROM attachments AS a CROSS JOIN members AS m ON m.room = a.room AND m.user = ?2 WHERE a.file = ?1 AND m.role <> 'banned'))`,
    ),
    strayFiles: query<FileRow>(
      db,
      `SELECT ${fileColumns} FROM files WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM attachments WHERE file = id)
         AND NOT EXISTS (SELECT 1 FROM gifs WHERE file = id) ORDER BY created_at LIMIT ?`,
    ),
    gifs: query<GifRow>(
      db,
      `SELECT ${gifColumns} FROM gifs AS g CROSS JOIN files AS f ON f.id = g.file WHERE (g.rank, g.file) < (?1, ?2)
       ORDER BY g.rank DESC, g.file DESC LIMIT ?3`,
    ),
    gifsCalled: query<GifRow>(
      db,
      `SELECT ${gifColumns} FROM gifs_fts AS x CROSS JOIN gifs AS g ON g.key = x.rowid CROSS JOIN files AS f ON f.id = g.file
       WHERE x.gifs_fts MATCH ?4 AND (g.rank, g.file) < (?1, ?2) ORDER BY g.rank DESC, g.file DESC LIMIT ?3`,
    ),
    gifOf: query<GifRow>(db, `SELECT ${gifColumns} FROM gifs AS g CROSS JOIN files AS f ON f.id = g.file WHERE g.hash = ?`),
    hasContent: query<[one: number]>(db, 'SELECT 1 FROM files WHERE hash = ? LIMIT 1'),
  };
}
