import type { FileId, InvitationCode, NotifyLevel, Pos, RoomId, RoomKind, UserId } from '@suda/protocol';
import type {
  FileRecord,
  GifRecord,
  InvitationRecord,
  MemberRecord,
  MessageRecord,
  PlaceRecord,
  RoomFields,
  RoomRecord,
  UserRecord,
} from './records.ts';

/** What a message says, before the store gives it its pos and rev. */
export type NewMessage = Pick<
  MessageRecord,
  'kind' | 'sender' | 'clientId' | 'text' | 'at' | 'replyTo' | 'via' | 'notice' | 'attachments' | 'mentions'
>;

/** What may become of a message. Absent fields stay. */
export type MessagePatch = Partial<
  Pick<MessageRecord, 'text' | 'editedAt' | 'deleted' | 'reactions' | 'attachments' | 'mentions' | 'preview'>
>;

/**
 * What a rule decided, in words that every store understands. A store applies a decision's effects in their
 * order, inside one transaction, all or none.
 *
 * - `user.put`, `member.put`: insert or replace. `room.put`: insert (with a new epoch, head and pos 0) or replace the fields and
 *   leave the counters. A store keeps `memberCount` itself: members whose role isn't `banned`.
 * - `member.drop`: remove; nothing happens if there is none.
 * - `place.put`: replace; there is one place.
 * - `room.drop`: remove the room with its members, messages, index entries and invitations; nothing happens if there is none.
 * - `message.append`: takes the next pos and the next rev. The sender, if a member, has read it: their readPos moves to its pos.
 * - `message.change`: applies the patch and takes the next rev; the pos stays. The search index follows the text and the names of the files,
 *   and which files it carries its attachments and its preview.
 *   A patch of the mentions is also one of whom the message concerns (see concerns.ts).
 * - `notify.put`: replaces what a member wants to be told of.
 * - `read.put`: moves a member's readPos forward, never back; with `back`, back and never forward.
 * - `gif.put`: insert, or replace the one of the same hash; the library's search follows its words. `gif.drop`: remove that of this file.
 *   `gif.forget`: remove those that came from this room, or from this message of it. A room that is dropped takes those along that came from it.
 * - `file.put`: insert. `file.drop`: remove; nothing happens if there is none. `invitation.put`: insert or replace. `invitation.drop` as
 *   `file.drop`. None of these is a change that anybody hears of.
 *
 * An effect on a room, message or user that isn't there (other than a drop) is a mistake of the rules: the command fails as `internal`.
 */
export type Effect =
  | { readonly type: 'user.put'; readonly user: UserRecord }
  | { readonly type: 'room.put'; readonly room: RoomFields }
  | { readonly type: 'room.drop'; readonly room: RoomId }
  | { readonly type: 'member.put'; readonly member: MemberRecord }
  | { readonly type: 'member.drop'; readonly room: RoomId; readonly user: UserId }
  | { readonly type: 'message.append'; readonly room: RoomId; readonly message: NewMessage }
  | { readonly type: 'message.change'; readonly room: RoomId; readonly pos: Pos; readonly patch: MessagePatch }
  | { readonly type: 'gif.put'; readonly gif: GifRecord }
  | { readonly type: 'gif.drop'; readonly file: FileId }
  | { readonly type: 'gif.forget'; readonly room: RoomId; readonly pos: Pos | null }
  | { readonly type: 'file.put'; readonly file: FileRecord }
  | { readonly type: 'file.drop'; readonly file: FileId }
  | { readonly type: 'place.put'; readonly place: PlaceRecord }
  | { readonly type: 'invitation.put'; readonly invitation: InvitationRecord }
  | { readonly type: 'invitation.drop'; readonly code: InvitationCode }
  | {
      readonly type: 'notify.put';
      readonly room: RoomId;
      readonly user: UserId;
      readonly notify: NotifyLevel | null;
      readonly muted: boolean;
    }
  | { readonly type: 'read.put'; readonly room: RoomId; readonly user: UserId; readonly pos: number; readonly back?: true };

/**
 * What became true: the effects as the store carried them out, with the counters that it gave. In commit order these are
 * what the bus carries and the sessions hear. Each shows its record as that effect left it, not as the command's later effects did. An
 * effect that changed nothing has no change here, and neither has the sender's readPos, which follows from the message.
 */
export type Change =
  | { readonly type: 'user'; readonly user: UserRecord }
  | { readonly type: 'place'; readonly place: PlaceRecord }
  /** `before`: what kind of room it was; null when it is new. */
  | { readonly type: 'room'; readonly room: RoomRecord; readonly before: RoomKind | null }
  | { readonly type: 'room.dropped'; readonly room: RoomId; readonly kind: RoomKind; readonly members: readonly UserId[] }
  | { readonly type: 'member'; readonly member: MemberRecord; readonly user: UserRecord; readonly before: MemberRecord['role'] | null }
  | { readonly type: 'member.dropped'; readonly room: RoomId; readonly user: UserId; readonly before: MemberRecord['role'] }
  /**
   * `concerns`: whom it mentions or answers, and whom it did before this change. Absent when there is nobody, and when the change
   * leaves that as it is (a reaction).
   */
  | { readonly type: 'message'; readonly message: MessageRecord; readonly concerns?: readonly UserId[] }
  | {
      readonly type: 'notify';
      readonly room: RoomId;
      readonly user: UserId;
      readonly notify: NotifyLevel | null;
      readonly muted: boolean;
    }
  | { readonly type: 'read'; readonly room: RoomId; readonly user: UserId; readonly pos: number; readonly back?: true };
