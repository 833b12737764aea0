import type { FileId, InvitationCode, NotifyLevel, Pos, Preview, RoomId, UserId } from '@suda/protocol';
import type { FileRecord, InvitationRecord } from './records.ts';

/**
 * A command as the rules take it: parsed, its actor known, ids and hashes made. Everything random or slow was done
 * before, so that deciding is a pure function of (facts, command, now).
 */
export type RoomCommand =
  | { readonly type: 'user.create'; readonly actor: UserId; readonly name: string; readonly guest: boolean }
  /** Whether this person may was found out before: it is the machine, or a key, that says so. */
  | { readonly type: 'place.claim'; readonly actor: UserId; readonly name?: string }
  /** The operator's own. */
  | { readonly type: 'place.release'; readonly actor: UserId }
  | { readonly type: 'place.update'; readonly actor: UserId; readonly name: string }
  | { readonly type: 'user.rename'; readonly actor: UserId; readonly name: string }
  | {
      readonly type: 'room.create';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly name: string;
      readonly kind: 'public' | 'private';
      readonly capacity: number | null;
      readonly passwordHash: string | null;
      readonly ephemeral: boolean;
    }
  /** A room without an owner or members, made by the server: the lobby. Does nothing if it is there. */
  | { readonly type: 'room.found'; readonly actor: UserId; readonly room: RoomId; readonly name: string }
  | {
      readonly type: 'room.update';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly name?: string;
      readonly kind?: 'public' | 'private';
      readonly capacity?: number | null;
      readonly passwordHash?: string | null;
      readonly ephemeral?: boolean;
    }
  /** `verifiedHash`: the password hash that the given password was found to match; null when none was given, `wrong` when it didn't match. */
  | { readonly type: 'room.join'; readonly actor: UserId; readonly room: RoomId; readonly verifiedHash: string | null }
  | { readonly type: 'room.leave'; readonly actor: UserId; readonly room: RoomId }
  | { readonly type: 'room.invite'; readonly actor: UserId; readonly room: RoomId; readonly user: UserId }
  | { readonly type: 'room.kick'; readonly actor: UserId; readonly room: RoomId; readonly user: UserId; readonly ban: boolean }
  | { readonly type: 'room.transfer'; readonly actor: UserId; readonly room: RoomId; readonly user: UserId }
  | { readonly type: 'invitation.create'; readonly actor: UserId; readonly room: RoomId; readonly invitation: InvitationRecord }
  /** `room` and `by` are the invitation's, as they were when it was looked up. */
  | {
      readonly type: 'invitation.accept';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly by: UserId;
      readonly code: InvitationCode;
    }
  | { readonly type: 'invitation.revoke'; readonly actor: UserId; readonly room: RoomId; readonly code: InvitationCode }
  | { readonly type: 'direct.open'; readonly actor: UserId; readonly room: RoomId; readonly user: UserId }
  | {
      readonly type: 'message.send';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly clientId: string;
      readonly text: string;
      readonly replyTo?: Pos;
      readonly via?: RoomId;
      readonly attachments?: readonly FileId[];
      /** Absent: whom the text names. */
      readonly mentions?: readonly UserId[];
    }
  | {
      readonly type: 'message.edit';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly pos: Pos;
      readonly text: string;
      readonly mentions?: readonly UserId[];
    }
  | { readonly type: 'message.delete'; readonly actor: UserId; readonly room: RoomId; readonly pos: Pos }
  | {
      readonly type: 'message.react' | 'message.unreact';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly pos: Pos;
      readonly emoji: string;
    }
  /** The server's own: what it found behind the message's first address, if that is still its first, and the picture of it. */
  | {
      readonly type: 'message.preview';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly pos: Pos;
      readonly preview: Preview;
      readonly file: FileRecord | null;
    }
  | { readonly type: 'message.unpreview'; readonly actor: UserId; readonly room: RoomId; readonly pos: Pos }
  | { readonly type: 'file.put'; readonly actor: UserId; readonly file: FileRecord }
  | { readonly type: 'gif.add'; readonly actor: UserId; readonly file: FileId; readonly words: string }
  | { readonly type: 'gif.remove'; readonly actor: UserId; readonly file: FileId }
  /** The server's own: whoever it was, nobody refers to the file any more. */
  | { readonly type: 'file.drop'; readonly actor: UserId; readonly file: FileId }
  | {
      readonly type: 'room.notify';
      readonly actor: UserId;
      readonly room: RoomId;
      readonly notify?: NotifyLevel;
      readonly muted?: boolean;
    }
  | { readonly type: 'room.read'; readonly actor: UserId; readonly room: RoomId; readonly pos: Pos }
  | { readonly type: 'room.unread'; readonly actor: UserId; readonly room: RoomId; readonly pos: Pos };

export type RoomCommandType = RoomCommand['type'];
export type RoomCommandOf<T extends RoomCommandType> = Extract<RoomCommand, { readonly type: T }>;
