import type { DatabaseSync } from 'node:sqlite';
import type { MemberRecord, MessageRecord, RoomFields, UserRecord } from '@suda/chat';
import type { Epoch, Pos, RoomId, UserId } from '@suda/protocol';
import { FileTables } from './file-tables.ts';
import { GifTables } from './gif-tables.ts';
import { MemberNames } from './member-names.ts';
import { MentionTable } from './mention-table.ts';
import { PlaceTables } from './place-tables.ts';
import {
  type KeptRoom,
  keptAttachments,
  keptMentions,
  keptPreview,
  keptReactions,
  type MemberRow,
  type MessageRow,
  memberColumns,
  memberOf,
  messageColumns,
  messageOf,
  type RoomRow,
  roomColumns,
  roomOf,
  type UserRow,
  userColumns,
  userOf,
} from './rows.ts';
import { SearchIndex } from './search-index.ts';
import { command, query } from './sqlite.ts';

/** A room in the cache, with the places in it that were asked for. */
export interface CachedRoom extends KeptRoom {
  newestAt: number;
  slip: number;
  record: KeptRoom['record'];
  readonly members: Map<UserId, CachedMember>;
  /** Who of its members has which name; made when it is first asked. */
  names: MemberNames | null;
}

export interface CachedMember {
  record: MemberRecord;
}

/** Above this many cached users and places the cache begins anew: some tens of MB. */
const cacheLimit = 200_000;

/**
 * The tables as the writer sees them: through a cache, which may be trusted because nobody else writes.
 *
 * What every message would change (the room's counters, its sender's readPos) is changed in the cache, and written once by `flush` at the end
 * of the batch. Everything else is written at once. After a transaction that failed, `forget` must be called: the cache is ahead of the disk then.
 */
export class WriterTables {
  readonly #users = new Map<UserId, UserRecord>();
  readonly #rooms = new Map<RoomId, CachedRoom>();
  #cached = 0;
  readonly #dirtyRooms = new Set<CachedRoom>();
  readonly #dirtyMembers = new Map<CachedMember, number>();
  readonly #sql: ReturnType<typeof statements>;
  /** The rooms whose members' names were asked for. */
  readonly #named = new Set<CachedRoom>();
  readonly index: SearchIndex;
  readonly files: FileTables;
  readonly gifs: GifTables;
  readonly place: PlaceTables;
  readonly mentions: MentionTable;

  constructor(db: DatabaseSync) {
    this.#sql = statements(db);
    this.index = new SearchIndex(db);
    this.files = new FileTables(db);
    this.gifs = new GifTables(db);
    this.place = new PlaceTables(db);
    this.mentions = new MentionTable(db);
  }

  user(id: UserId): UserRecord | null {
    const cached = this.#users.get(id);
    if (cached) return cached;
    const row = this.#sql.user.get(id);
    if (!row) return null;
    const user = userOf(row);
    this.#users.set(id, user);
    this.#cached++;
    return user;
  }

  putUser(user: UserRecord): void {
    this.#sql.putUser.run(user.id, user.name, Number(user.guest), user.createdAt);
    const before = this.#users.get(user.id);
    if (before !== undefined) for (const { names } of this.#named) names?.rename(user.id, before.name, user.name);
    this.#users.set(user.id, user);
    this.#cached++;
  }

  room(id: RoomId): CachedRoom | null {
    const cached = this.#rooms.get(id);
    if (cached) return cached;
    const row = this.#sql.room.get(id);
    if (!row) return null;
    const room: CachedRoom = { ...roomOf(row), members: new Map(), names: null };
    this.#rooms.set(id, room);
    this.#cached++;
    return room;
  }

  insertRoom(fields: RoomFields, epoch: Epoch): CachedRoom {
    const { id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt } = fields;
    const { lastInsertRowid } = this.#sql.insertRoom.run(
      id,
      kind,
      name,
      owner,
      capacity,
      passwordHash,
      Number(ephemeral),
      createdAt,
      epoch,
    );
    const record = { id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt, epoch, head: 0, pos: 0, memberCount: 0 };
    const room: CachedRoom = { key: Number(lastInsertRowid), newestAt: 0, slip: 0, record, members: new Map(), names: null };
    this.#rooms.set(id, room);
    this.#cached++;
    return room;
  }

  updateRoom(room: CachedRoom, fields: RoomFields): void {
    const { kind, name, owner, capacity, passwordHash, ephemeral, createdAt } = fields;
    this.#sql.updateRoom.run(kind, name, owner, capacity, passwordHash, Number(ephemeral), createdAt, room.key);
    const { id, epoch, head, pos, memberCount } = room.record;
    room.record = { id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt, epoch, head, pos, memberCount };
  }

  /** The room's counters changed in the cache. */
  touch(room: CachedRoom): void {
    this.#dirtyRooms.add(room);
  }

  dropRoom(room: CachedRoom): void {
    this.index.removeRoom(room.key);
    this.files.detachRoom(room.key);
    this.gifs.forget(room.record.id, null);
    this.place.dropInvitationsOf(room.key);
    this.mentions.dropRoom(room.key);
    for (const statement of this.#sql.dropRoom) statement.run(room.key);
    for (const member of room.members.values()) this.#dirtyMembers.delete(member);
    this.#dirtyRooms.delete(room);
    this.#named.delete(room);
    this.#rooms.delete(room.record.id);
  }

  member(room: CachedRoom, user: UserId): CachedMember | null {
    const cached = room.members.get(user);
    if (cached) return cached;
    const row = this.#sql.member.get(room.key, user);
    if (!row) return null;
    const member: CachedMember = { record: memberOf(room.record.id, row) };
    room.members.set(user, member);
    this.#cached++;
    return member;
  }

  putMember(room: CachedRoom, record: MemberRecord): void {
    this.#sql.putMember.run(room.key, record.user, record.role, record.joinedAt, record.readPos, record.notify, Number(record.muted));
    const name = this.user(record.user)?.name;
    if (name !== undefined) room.names?.put(record.user, name, record.role !== 'banned');
    const cached = room.members.get(record.user);
    if (cached) {
      cached.record = record;
      this.#dirtyMembers.delete(cached);
    } else {
      room.members.set(record.user, { record });
      this.#cached++;
    }
  }

  dropMember(room: CachedRoom, user: UserId): void {
    this.#sql.dropMember.run(room.key, user);
    room.names?.put(user, this.user(user)?.name ?? '', false);
    const cached = room.members.get(user);
    if (cached) this.#dirtyMembers.delete(cached);
    room.members.delete(user);
  }

  /** Moves a member's readPos in the cache. */
  setReadPos(room: CachedRoom, member: CachedMember, readPos: number): void {
    const { room: id, user, role, joinedAt, notify, muted } = member.record;
    member.record = { room: id, user, role, joinedAt, readPos, notify, muted };
    this.#dirtyMembers.set(member, room.key);
  }

  /** Who is in the room, bans excluded, in the order of joining. */
  memberIds(room: CachedRoom): UserId[] {
    return this.#sql.memberIds.all(room.key).map(([user]) => user);
  }

  /** Who in the room has this name, bans excluded, by id. */
  named(room: CachedRoom, name: string): readonly UserId[] {
    if (room.names === null) {
      room.names = new MemberNames(this.#sql.memberNames.all(room.key));
      this.#named.add(room);
      this.#cached += room.record.memberCount;
    }
    return room.names.of(name);
  }

  successor(room: CachedRoom, of: UserId): UserId | null {
    return this.#sql.successor.get(room.key, of)?.[0] ?? null;
  }

  roomCount(user: UserId): number {
    return this.#sql.roomCount.get(user)?.[0] ?? 0;
  }

  message(room: CachedRoom, pos: Pos): MessageRecord | null {
    const row = this.#sql.message.get(room.key, pos);
    return row ? messageOf(room.record.id, row) : null;
  }

  said(room: CachedRoom, sender: UserId, clientId: string): MessageRecord | null {
    const row = this.#sql.said.get(room.key, sender, clientId);
    return row ? messageOf(room.record.id, row) : null;
  }

  insertMessage(room: CachedRoom, m: MessageRecord): void {
    const { pos, rev, firstRev, kind, sender, clientId, text, at, replyTo, via, notice } = m;
    const told = notice === null ? null : JSON.stringify(notice);
    const [id, name] = sender === null ? [null, null] : [sender.id, sender.name];
    const files = keptAttachments(m);
    const mentions = keptMentions(m);
    this.#sql.insertMessage.run(room.key, pos, rev, firstRev, kind, id, name, clientId, text, at, replyTo, via, told, files, mentions);
  }

  updateMessage(room: CachedRoom, m: MessageRecord): void {
    const { rev, text, editedAt, deleted, pos } = m;
    const kept = [keptReactions(m), keptAttachments(m), keptMentions(m), keptPreview(m)];
    this.#sql.updateMessage.run(rev, text, editedAt, Number(deleted), ...kept, room.key, pos);
  }

  /** Writes what the batch changed in the cache only. */
  flush(): void {
    for (const { key, newestAt, slip, record } of this.#dirtyRooms) {
      this.#sql.flushRoom.run(record.head, record.pos, record.memberCount, newestAt, slip, key);
    }
    for (const [{ record }, key] of this.#dirtyMembers) this.#sql.flushMember.run(record.readPos, key, record.user);
    this.#dirtyRooms.clear();
    this.#dirtyMembers.clear();
  }

  /** Forgets everything that was cached. */
  forget(): void {
    this.#dirtyRooms.clear();
    this.#dirtyMembers.clear();
    this.#rooms.clear();
    this.#named.clear();
    this.#users.clear();
    this.#cached = 0;
  }

  /** After a commit, when nothing is dirty: bounds the cache. */
  trim(): void {
    if (this.#cached > cacheLimit) this.forget();
  }
}

function statements(db: DatabaseSync) {
  const message = `SELECT ${messageColumns} FROM messages WHERE room = ?`;
  return {
    user: query<UserRow>(db, `SELECT ${userColumns} FROM users WHERE id = ?`),
    putUser: command(db, 'INSERT OR REPLACE INTO users (id, name, guest, created_at) VALUES (?, ?, ?, ?)'),
    room: query<RoomRow>(db, `SELECT ${roomColumns} FROM rooms WHERE id = ?`),
    insertRoom: command(
      db,
      'INSERT INTO rooms (id, kind, name, owner, capacity, password_hash, ephemeral, created_at, epoch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    updateRoom: command(
      db,
      'UPDATE rooms SET kind = ?, name = ?, owner = ?, capacity = ?, password_hash = ?, ephemeral = ?, created_at = ? WHERE key = ?',
    ),
    flushRoom: command(db, 'UPDATE rooms SET head = ?, pos = ?, member_count = ?, newest_at = ?, slip = ? WHERE key = ?'),
    dropRoom: ['DELETE FROM messages WHERE room = ?', 'DELETE FROM members WHERE room = ?', 'DELETE FROM rooms WHERE key = ?'].map((sql) =>
      command(db, sql),
    ),
    member: query<MemberRow>(db, `SELECT ${memberColumns} FROM members WHERE room = ? AND user = ?`),
    putMember: command(
      db,
      'INSERT OR REPLACE INTO members (room, user, role, joined_at, read_pos, notify, muted) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    dropMember: command(db, 'DELETE FROM members WHERE room = ? AND user = ?'),
    flushMember: command(db, 'UPDATE members SET read_pos = ? WHERE room = ? AND user = ?'),
    memberIds: query<[user: UserId]>(db, "SELECT user FROM members WHERE room = ? AND role <> 'banned' ORDER BY joined_at, user"),
    memberNames: query<[user: UserId, name: string]>(
      db,
      "SELECT user, name FROM members CROSS JOIN users ON id = user WHERE room = ? AND role <> 'banned'",
    ),
    successor: query<[user: UserId]>(
      db,
      "SELECT user FROM members WHERE room = ? AND role <> 'banned' AND user <> ? ORDER BY joined_at, user LIMIT 1",
    ),
    roomCount: query<[count: number]>(db, "SELECT count(*) FROM members WHERE user = ? AND role <> 'banned'"),
    message: query<MessageRow>(db, `${message} AND pos = ?`),
    said: query<MessageRow>(db, `${message} AND sender = ? AND client_id = ?`),
    insertMessage: command(
      db,
      `INSERT INTO messages (room, pos, rev, first_rev, kind, sender, sender_name, client_id, text, at, reply_to, via, notice, attachments, mentions)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    updateMessage: command(
      db,
      'UPDATE messages SET rev = ?, text = ?, edited_at = ?, deleted = ?, reactions = ?, attachments = ?, mentions = ?, preview = ? WHERE room = ? AND pos = ?',
    ),
  };
}
