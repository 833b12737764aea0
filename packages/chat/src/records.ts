import type {
  Attachment,
  Epoch,
  FileId,
  InvitationCode,
  Notice,
  NotifyLevel,
  Pos,
  Preview,
  Reaction,
  Rev,
  RoomId,
  RoomKind,
  Sender,
  UserId,
} from '@suda/protocol';

/** A user as it is kept. */
export interface UserRecord {
  readonly id: UserId;
  readonly name: string;
  readonly guest: boolean;
  readonly createdAt: number;
}

/** What of a room the rules decide. The counters beside it belong to the store. */
export interface RoomFields {
  readonly id: RoomId;
  readonly kind: RoomKind;
  readonly name: string;
  readonly owner: UserId | null;
  readonly capacity: number | null;
  /** Never leaves the server. */
  readonly passwordHash: string | null;
  readonly ephemeral: boolean;
  readonly createdAt: number;
}

/** A room as it is kept. The store counts: only it knows what else is in the same commit. */
export interface RoomRecord extends RoomFields {
  readonly epoch: Epoch;
  readonly head: Rev;
  /** The last message's pos; 0 when nothing was said. */
  readonly pos: number;
  readonly memberCount: number;
}

/** A user's place in a room. A ban is kept as a place too, which doesn't count as a member. */
export interface MemberRecord {
  readonly room: RoomId;
  readonly user: UserId;
  readonly role: 'owner' | 'member' | 'banned';
  readonly joinedAt: number;
  readonly readPos: number;
  /** What they want to be told of; null: they never said. */
  readonly notify: NotifyLevel | null;
  readonly muted: boolean;
}

/** What the people here call this server, and who may say so. */
export interface PlaceRecord {
  readonly name: string | null;
  readonly keeper: UserId | null;
}

/** An invitation as it is kept. Whether it holds is found out when somebody comes with it. */
export interface InvitationRecord {
  readonly code: InvitationCode;
  readonly room: RoomId;
  readonly by: UserId;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** How many people it may let in. */
  readonly uses: number | null;
  readonly used: number;
}

/** A message as it is kept. */
export interface MessageRecord {
  readonly room: RoomId;
  readonly pos: Pos;
  readonly rev: Rev;
  /** The rev with which it was first said. */
  readonly firstRev: Rev;
  readonly kind: 'text' | 'notice';
  readonly sender: Sender | null;
  readonly clientId: string | null;
  readonly text: string;
  readonly at: number;
  readonly editedAt: number | null;
  readonly deleted: boolean;
  readonly replyTo: Pos | null;
  readonly via: RoomId | null;
  readonly notice: Notice | null;
  readonly reactions: readonly Reaction[];
  /** As they were when it was said: a file never changes. */
  readonly attachments: readonly Attachment[];
  /** Members it mentions, by the names they had then. */
  readonly mentions: readonly Sender[];
  /** `off`: its author wants none. */
  readonly preview: Preview | 'off' | null;
}

/** The files that a message carries, its preview's picture among them. */
export function filesOf({ attachments, preview }: Pick<MessageRecord, 'attachments' | 'preview'>): readonly Attachment[] {
  const picture = preview === null || preview === 'off' ? undefined : preview.picture;
  return picture === undefined ? attachments : [...attachments, picture];
}

/**
 * A GIF of the library. One for each content: the same bytes that come again are the same GIF, whoever brings them.
 */
export interface GifRecord {
  /** The file that stands for it: of whoever brought it in. */
  readonly file: FileId;
  readonly hash: string;
  readonly by: UserId;
  readonly words: string;
  /** The message in an open room that brought it in, and takes it along; null when it was given on purpose. */
  readonly from: { readonly room: RoomId; readonly pos: Pos } | null;
  readonly uses: number;
  /** Where it stands, the highest first: see `rankOf`. */
  readonly rank: number;
  readonly attachment: Attachment;
}

/** A file as it is kept; its bytes are elsewhere, under their hash. */
export interface FileRecord {
  readonly id: FileId;
  /** Who uploaded it. */
  readonly owner: UserId;
  /** SHA-256 of the bytes that are kept, in hexadecimal. */
  readonly hash: string;
  readonly createdAt: number;
  /** What messages that carry it say of it. */
  readonly attachment: Attachment;
}
