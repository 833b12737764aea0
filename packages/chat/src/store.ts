import type { Epoch, ErrorCode, FileId, InvitationCode, Pos, Rev, RoomId, UserId } from '@suda/protocol';
import type { RoomCommand } from './commands.ts';
import type { Change } from './effects.ts';
import type {
  FileRecord,
  GifRecord,
  InvitationRecord,
  MemberRecord,
  MessageRecord,
  PlaceRecord,
  RoomRecord,
  UserRecord,
} from './records.ts';

/** What became of one command. */
export type Outcome =
  | { readonly status: 'done'; readonly changes: readonly Change[] }
  /** The same (room, sender, clientId) is there already (P2). Nothing was changed. */
  | { readonly status: 'duplicate'; readonly message: MessageRecord }
  | { readonly status: 'refused'; readonly code: ErrorCode; readonly message?: string };

/** A room with one user's place in it, for lists. */
export interface RoomView {
  readonly room: RoomRecord;
  /** The asker's place, a ban included; null without one. */
  readonly member: MemberRecord | null;
  readonly last: MessageRecord | null;
  /** The members' users when there are `few` or fewer, otherwise null. Bans are not members. */
  readonly people: readonly UserRecord[] | null;
  /** Where messages concern the asker that they haven't read, ascending: the latest `limits.unreadMentions`. Empty for non-members. */
  readonly mentions: readonly Pos[];
}

export interface MemberView {
  readonly member: MemberRecord;
  readonly user: UserRecord;
}

/** Messages of one room with the counters of the very same moment. */
export interface LogPage {
  readonly epoch: Epoch;
  readonly head: Rev;
  readonly pos: number;
  readonly messages: readonly MessageRecord[];
}

export type PageRequest =
  | { readonly type: 'latest'; readonly limit: number }
  | { readonly type: 'before' | 'after'; readonly pos: number; readonly limit: number }
  /** Half of `limit` before the pos, the rest from it on. */
  | { readonly type: 'around'; readonly pos: Pos; readonly limit: number };

export interface SearchRequest {
  readonly q: string;
  readonly rooms: readonly RoomId[];
  readonly limit: number;
  /** Only messages that stand after this place. */
  readonly before?: MessagePlace;
}

/** Where a message stands in the newest-first order: `at` falling, then room, then pos falling. */
export interface MessagePlace {
  readonly at: number;
  readonly room: RoomId;
  readonly pos: Pos;
}

export interface GifRequest {
  /** Words that it is called by; without them, all. A query without a letter or number finds nothing. */
  readonly q?: string;
  /** Only those after this place in the order: `rank` falling, then `file` falling. */
  readonly before?: { readonly rank: number; readonly file: FileId };
  readonly limit: number;
}

/**
 * Where rooms and messages are kept.
 *
 * A store guarantees:
 * 1. **Atomic, durable.** `execute` resolves only after the command's effects are on disk, all of them; if it rejects, nothing
 *    of the command is there (P1). It rejects with a `SudaError` `storage_full` or `unavailable` when the disk won't take it, and goes on serving.
 * 2. **Decided inside.** The facts are read, the rule (`decide`) is run and its effects are applied in one transaction, so no
 *    other command comes between. Commands of one room are decided one after the other.
 * 3. **Counted inside.** pos and rev are given in the transaction: 1, 2, 3 … without a hole, also after a crash (P3).
 * 4. **In order.** The promises of two commands to one room resolve in the order of their revs.
 * 5. **Seen.** A read that begins after `execute` resolved sees its effects. A read is of one moment: a page's messages and its head belong together.
 *
 * Many commands may share one transaction (group commit); one that is refused takes nothing from the others.
 */
export interface Store {
  /** Executes one command. @throws SudaError `storage_full`, `unavailable` */
  execute(command: RoomCommand, now: number): Promise<Outcome>;

  user(id: UserId): Promise<UserRecord | null>;
  room(id: RoomId): Promise<RoomRecord | null>;
  member(room: RoomId, user: UserId): Promise<MemberRecord | null>;
  /** All members of a room, bans excluded, in the order of joining. */
  members(room: RoomId): Promise<readonly MemberView[]>;
  /** The rooms that a user is a member of (not banned from). */
  roomsOf(user: UserId): Promise<readonly RoomId[]>;
  /** One room as this user's list shows it; null when there is no such room. `few`: up to how many people are named. */
  roomView(room: RoomId, user: UserId, few: number): Promise<RoomView | null>;
  /** The rooms this user is a member of and, if `publicToo`, every public room. Newest activity is not looked at: the page sorts. */
  roomViews(user: UserId, publicToo: boolean, few: number): Promise<readonly RoomView[]>;
  /** Every ephemeral room that has members: who would have to leave after a restart. */
  ephemeralMembers(): Promise<readonly MemberRecord[]>;

  /** What this server is called, and by whom it is kept. */
  place(): Promise<PlaceRecord>;
  invitation(code: InvitationCode): Promise<InvitationRecord | null>;
  /** Of a room, in the order in which they were made, also those that have run out. */
  invitations(room: RoomId): Promise<readonly InvitationRecord[]>;

  /** Messages whose rev is above `after`, ascending by rev, at most `limit`. Null when there is no such room. */
  changes(room: RoomId, after: Rev, limit: number): Promise<LogPage | null>;
  /** A page of history, ascending by pos. Null when there is no such room. */
  page(room: RoomId, request: PageRequest): Promise<LogPage | null>;
  /** By the words of the text and of the files' names, newest first. Deleted messages and notices are not found. */
  search(request: SearchRequest): Promise<readonly MessageRecord[]>;

  /** Messages that concern this user (see concerns.ts), of the rooms they are a member of now, newest first. */
  mentions(user: UserId, limit: number, before?: MessagePlace): Promise<readonly MessageRecord[]>;

  /** The file, if this user uploaded it or is now a member (not banned) of a room in which a message carries it, or if it is a GIF of the library; null otherwise (P7). */
  readableFile(file: FileId, user: UserId): Promise<FileRecord | null>;
  /** GIFs of the library, the highest rank first. */
  gifs(request: GifRequest): Promise<readonly GifRecord[]>;
  /** The GIF of the library that has these bytes. */
  gifOf(hash: string): Promise<GifRecord | null>;
  /** Files that were uploaded before this time, that no message carries and that are not in the library, at most `limit`. */
  strayFiles(before: number, limit: number): Promise<readonly FileRecord[]>;
  /** Whether any file has these bytes. */
  hasContent(hash: string): Promise<boolean>;

  close(): Promise<void>;
}
