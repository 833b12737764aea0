import type { FileRecord, GifRecord, InvitationRecord, MemberRecord, MessageRecord, PlaceRecord, RoomRecord, UserRecord } from '@suda/chat';
import type { FileId, InvitationCode, RoomId, UserId } from '@suda/protocol';

/** The columns of each table as queries name them, and what a row of them means. */

export const userColumns = 'id, name, guest, created_at';
export type UserRow = readonly [id: UserId, name: string, guest: number, createdAt: number];

export const userOf = ([id, name, guest, createdAt]: UserRow): UserRecord => ({ id, name, guest: guest === 1, createdAt });

export const roomColumns =
  'key, id, kind, name, owner, capacity, password_hash, ephemeral, created_at, epoch, head, pos, member_count, newest_at, slip';
export type RoomRow = readonly [
  key: number,
  id: RoomId,
  kind: RoomRecord['kind'],
  name: string,
  owner: UserId | null,
  capacity: number | null,
  passwordHash: string | null,
  ephemeral: number,
  createdAt: number,
  epoch: string,
  head: number,
  pos: number,
  memberCount: number,
  newestAt: number,
  slip: number,
];

/** A room with what only this store knows of it. */
export interface KeptRoom {
  readonly key: number;
  readonly newestAt: number;
  readonly slip: number;
  readonly record: RoomRecord;
}

export function roomOf(row: RoomRow): KeptRoom {
  const [key, id, kind, name, owner, capacity, passwordHash, ephemeral, createdAt, epoch, head, pos, memberCount, newestAt, slip] = row;
  const record: RoomRecord = {
    id,
    kind,
    name,
    owner,
    capacity,
    passwordHash,
    ephemeral: ephemeral === 1,
    createdAt,
    epoch,
    head,
    pos,
    memberCount,
  };
  return { key, newestAt, slip, record };
}

export const memberColumns = 'user, role, joined_at, read_pos, notify, muted';
export type MemberRow = readonly [
  user: UserId,
  role: MemberRecord['role'],
  joinedAt: number,
  readPos: number,
  notify: MemberRecord['notify'],
  muted: number,
];

export const memberOf = (room: RoomId, [user, role, joinedAt, readPos, notify, muted]: MemberRow): MemberRecord => ({
  room,
  user,
  role,
  joinedAt,
  readPos,
  notify,
  muted: muted === 1,
});

export const messageColumns =
  'pos, rev, first_rev, kind, sender, sender_name, client_id, text, at, edited_at, deleted, reply_to, via, notice, reactions, attachments, mentions, preview';
export type MessageRow = readonly [
  pos: number,
  rev: number,
  firstRev: number,
  kind: MessageRecord['kind'],
  sender: UserId | null,
  senderName: string | null,
  clientId: string | null,
  text: string,
  at: number,
  editedAt: number | null,
  deleted: number,
  replyTo: number | null,
  via: RoomId | null,
  notice: string | null,
  reactions: string | null,
  attachments: string | null,
  mentions: string | null,
  preview: string | null,
];

export function messageOf(room: RoomId, row: MessageRow): MessageRecord {
  const [
    pos,
    rev,
    firstRev,
    kind,
    sender,
    senderName,
    clientId,
    text,
    at,
    editedAt,
    deleted,
    replyTo,
    via,
    notice,
    reactions,
    attachments,
    mentions,
    preview,
  ] = row;
  return {
    room,
    pos,
    rev,
    firstRev,
    kind,
    sender: sender === null ? null : { id: sender, name: senderName ?? '' },
    clientId,
    text,
    at,
    editedAt,
    deleted: deleted === 1,
    replyTo,
    via,
    notice: notice === null ? null : (JSON.parse(notice) as MessageRecord['notice']),
    reactions: reactions === null ? [] : (JSON.parse(reactions) as MessageRecord['reactions']),
    attachments: keptList(attachments),
    mentions: mentions === null ? [] : (JSON.parse(mentions) as MessageRecord['mentions']),
    preview: preview === null ? null : (JSON.parse(preview) as MessageRecord['preview']),
  };
}

/** A message's files as they were kept: null for none, which is nearly every message. */
export const keptList = (attachments: string | null): MessageRecord['attachments'] =>
  attachments === null ? [] : (JSON.parse(attachments) as MessageRecord['attachments']);

export const keptAttachments = ({ attachments }: MessageRecord): string | null =>
  attachments.length === 0 ? null : JSON.stringify(attachments);

export const keptMentions = ({ mentions }: MessageRecord): string | null => (mentions.length === 0 ? null : JSON.stringify(mentions));
export const keptPreview = ({ preview }: MessageRecord): string | null => (preview === null ? null : JSON.stringify(preview));

export const fileColumns = 'id, owner, hash, created_at, attachment';
export type FileRow = readonly [id: FileId, owner: UserId, hash: string, createdAt: number, attachment: string];

export const fileOf = ([id, owner, hash, createdAt, attachment]: FileRow): FileRecord => ({
  id,
  owner,
  hash,
  createdAt,
  attachment: JSON.parse(attachment) as FileRecord['attachment'],
});

/** Of `gifs AS g` and the file that stands for each, `files AS f`. */
export const gifColumns = 'g.file, g.hash, g.brought_by, g.words, g.room, g.pos, g.uses, g.rank, f.attachment';
export type GifRow = readonly [
  file: FileId,
  hash: string,
  by: UserId,
  words: string,
  room: RoomId | null,
  pos: number | null,
  uses: number,
  rank: number,
  attachment: string,
];

export const gifOf = ([file, hash, by, words, room, pos, uses, rank, attachment]: GifRow): GifRecord => ({
  file,
  hash,
  by,
  words,
  from: room === null || pos === null ? null : { room, pos },
  uses,
  rank,
  attachment: JSON.parse(attachment) as GifRecord['attachment'],
});

/** Reactions as they are kept: null for none, which is nearly every message. */
export const keptReactions = ({ reactions }: MessageRecord): string | null => (reactions.length === 0 ? null : JSON.stringify(reactions));

export type PlaceRow = readonly [name: string | null, keeper: UserId | null];

/** Nobody has named it, and nobody keeps it, while there is no row. */
export const placeOf = ([name, keeper]: PlaceRow = [null, null]): PlaceRecord => ({ name, keeper });

/** With the room's id from `rooms`. */
export const invitationColumns = 'code, id, maker, invitations.created_at, expires_at, uses, used';
export type InvitationRow = readonly [
  code: InvitationCode,
  room: RoomId,
  by: UserId,
  createdAt: number,
  expiresAt: number | null,
  uses: number | null,
  used: number,
];

export const invitationOf = ([code, room, by, createdAt, expiresAt, uses, used]: InvitationRow): InvitationRecord => ({
  code,
  room,
  by,
  createdAt,
  expiresAt,
  uses,
  used,
});
