import type { FileId, InvitationCode, Pos, RoomId, Sender, UserId } from '@suda/protocol';
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

/** What a rule must know before it decides. Each field asks for the fact of the same meaning in `Facts`. */
export interface FactRequest {
  readonly actor: UserId;
  readonly room?: RoomId;
  /** The other person of the command. Asks for both `target` and `targetUser`. */
  readonly target?: UserId;
  /** The message that is edited, reacted to, answered. */
  readonly pos?: Pos;
  /** Whether the actor already said something with this clientId in `room`. */
  readonly clientId?: string;
  /** The room in which a whisper is said. Asks for `viaMember` and, with `target`, `viaTarget`. */
  readonly via?: RoomId;
  /** Asks for who would inherit `room` from the actor: its longest-standing other member, ties by user id, with their place and user. */
  readonly successor?: true;
  /** Asks for how many rooms `actor` (and `target`) are members of. */
  readonly roomCounts?: true;
  readonly place?: true;
  readonly invitation?: InvitationCode;
  /** Asks for every invitation of `room`. */
  readonly invitations?: true;
  /** The files that a message is to carry. */
  readonly files?: readonly FileId[];
  /** Asks for the GIFs of the library that have the bytes of these files. */
  readonly gifsOf?: readonly FileId[];
  /** Asks for how much `actor` has uploaded that is kept. */
  readonly fileBytes?: true;
  /** Asks for how many messages carry this file. */
  readonly fileUses?: FileId;
  /** Whom a message may be about: members of `room` with these ids, or of exactly these names. */
  readonly mentions?: { readonly ids: readonly UserId[] } | { readonly names: readonly string[] };
}

/** What the store found, all of it as of the same moment inside the commit. Null: there is none, or it was not asked for. */
export interface Facts {
  readonly actor: UserRecord | null;
  readonly room: RoomRecord | null;
  readonly member: MemberRecord | null;
  readonly target: MemberRecord | null;
  readonly targetUser: UserRecord | null;
  readonly message: MessageRecord | null;
  readonly duplicate: MessageRecord | null;
  readonly viaMember: MemberRecord | null;
  readonly viaTarget: MemberRecord | null;
  readonly successor: UserId | null;
  readonly successorMember: MemberRecord | null;
  readonly successorUser: UserRecord | null;
  readonly actorRooms: number;
  readonly targetRooms: number;
  readonly place: PlaceRecord | null;
  readonly invitation: InvitationRecord | null;
  /** In the order in which they were made, ties by code. */
  readonly invitations: readonly InvitationRecord[];
  /** Of the files asked for, those that there are, in that order. */
  readonly files: readonly FileRecord[];
  /** Each once, in no promised order. */
  readonly gifs: readonly GifRecord[];
  readonly fileBytes: number;
  readonly fileUses: number;
  /** Members, bans excluded: in the order of the ids or names asked for, those of one name by id. */
  readonly mentioned: readonly Sender[];
}
