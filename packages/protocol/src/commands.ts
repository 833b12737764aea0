import { z } from 'zod';
import {
  Attachment,
  FoundGif,
  Gif,
  GifProvider,
  GifWords,
  Invitation,
  InvitationView,
  Member,
  Message,
  NotifyLevel,
  Place,
  PlaceName,
  Room,
  RoomName,
  RoomSummary,
  Timestamp,
  User,
  UserName,
} from './entities.ts';
import type { ErrorCode } from './errors.ts';
import { ClientId, Epoch, FileId, InvitationCode, Pos, Rev, RoomId, UserId } from './ids.ts';
import { limits } from './limits.ts';
import type { CommandName } from './routes.ts';

/** One thing a client may ask for. From this come every door, the OpenAPI page and the SDK's typed method. */
export interface CommandDefinition {
  /** One line for the reference. */
  readonly summary: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodType;
  /** The refusals that belong to this command, beside those that any command may meet (`commonErrors`). */
  readonly errors: readonly ErrorCode[];
}

/** Commands that one need be nobody for. */
export const openCommands: ReadonlySet<CommandName> = new Set<CommandName>(['hello', 'place.get', 'invitation.get']);

/** Refusals that any command may meet. */
export const commonErrors = [
  'malformed',
  'invalid',
  'payload_too_large',
  'unauthenticated',
  'origin_refused',
  'rate_limited',
  'internal',
  'unavailable',
  'storage_full',
] as const satisfies readonly ErrorCode[];

const Done = z.object({});
const capacity = z.number().int().min(1).max(limits.roomMembers).nullable();
const password = z
  .string()
  .min(1)
  .max(limits.roomPasswordLength)
  .refine((text) => text.isWellFormed(), 'not well-formed Unicode');
/** With files, nothing need be said. */
const TextOrNone = z
  .string()
  .max(limits.textLength)
  .refine((text) => text === '' || text.trim() !== '', 'there is nothing in it')
  .refine((text) => text.isWellFormed(), 'not well-formed Unicode');
const Files = z
  .array(FileId)
  .max(limits.attachmentsPerMessage)
  .refine((files) => new Set(files).size === files.length, 'the same file twice');
/** Whom a message is to mention. */
const Mentions = z
  .array(UserId)
  .max(limits.mentionsPerMessage)
  .describe('Who is no member of the room is left out. Absent: every member whose exact name stands behind an `@` in the text.');
const Emoji = z
  .string()
  .min(1)
  .max(limits.emojiLength)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  .regex(/^[^\s\u0000-\u001f\u007f-\u009f]+$/, 'an emoji has no spaces or control characters')
  .refine((emoji) => emoji.isWellFormed(), 'not well-formed Unicode');
/** Where a page goes on that is ordered by time. */
const Next = z
  .string()
  .max(120)
  .regex(/^\d+\.[a-z0-9_]+\.\d+$/)
  .describe('`next` of the page before.');
const SearchText = z
  .string()
  .trim()
  .min(1)
  .max(limits.searchLength)
  .refine((q) => q.isWellFormed(), 'not well-formed Unicode');
const pageLimit = z.number().int().min(1).max(limits.pageSize);
const inRoom = { room: RoomId };
const byCode = { code: InvitationCode };
const ClaimKey = z.string().max(64);
const inMessage = { room: RoomId, pos: Pos };
const roomErrors = ['no_such_room', 'not_member', 'banned'] as const;

/** The latest page, when a cursor cannot be continued: throw away what you have of this room and begin here. */
export const ResetPage = z.object({
  reset: z.literal(true),
  room: RoomSummary,
  epoch: Epoch,
  head: Rev,
  messages: z.array(Message).describe('The latest messages, ascending by pos.'),
});
export type ResetPage = z.infer<typeof ResetPage>;

/** Every change since the cursor: each message once, in its present form, ascending by rev. */
export const ChangesPage = z.object({
  room: RoomSummary,
  epoch: Epoch,
  head: Rev,
  changes: z.array(Message),
});
export type ChangesPage = z.infer<typeof ChangesPage>;

const Sent = z.object({ pos: Pos, rev: Rev, at: Timestamp });

export const commands = {
  hello: {
    summary: 'Begin or resume a session. A name makes a guest; a token, or the cookie, resumes one.',
    input: z.strictObject({ name: UserName.optional(), token: z.string().max(limits.tokenLength).optional() }),
    output: z.object({
      user: User,
      token: z
        .string()
        .describe('Bearer token of this user. Keep it secret. Empty for whom a host application recognised: go on as you came.'),
      rooms: z.array(RoomSummary).describe('The rooms I am a member of.'),
      limits: z.record(z.string(), z.number()),
    }),
    errors: [],
  },
  'user.rename': { summary: 'Take another name.', input: z.strictObject({ name: UserName }), output: User, errors: ['not_allowed'] },
  'place.get': {
    summary: 'What this place is called, and whether it waits for someone to name it.',
    input: z.strictObject({}),
    output: Place.extend({
      claimable: z.boolean().describe('Whether whoever asks may claim it without a key.'),
      addresses: z
        .array(z.string())
        .optional()
        .describe(
          'Told at the server’s own machine only: where others in its network reach it; empty where it listens to this machine alone.',
        ),
    }),
    errors: [],
  },
  'place.claim': {
    summary: 'Become its keeper, if it has none: at the server’s own machine, or with the key that it printed when it started.',
    input: z.strictObject({ key: ClaimKey.optional(), name: PlaceName.optional() }),
    output: Place,
    errors: ['not_keeper'],
  },
  'place.update': {
    summary: 'Give this place another name. Keeper only.',
    input: z.strictObject({ name: PlaceName }),
    output: Place,
    errors: ['not_keeper'],
  },
  'room.list': {
    summary: 'Public rooms and mine.',
    input: z.strictObject({}),
    output: z.object({ rooms: z.array(RoomSummary) }),
    errors: [],
  },
  'room.create': {
    summary: 'Make a room and become its owner.',
    input: z.strictObject({
      name: RoomName,
      kind: z.enum(['public', 'private']),
      capacity: capacity.optional(),
      password: password.optional(),
      ephemeral: z.boolean().optional(),
    }),
    output: RoomSummary,
    errors: ['too_many_rooms'],
  },
  'room.get': {
    summary:
      'One room, as it stands in my list. A private room shows itself to its members, and to holders of its id if it has a password.',
    input: z.strictObject(inRoom),
    output: RoomSummary,
    errors: ['no_such_room'],
  },
  'room.update': {
    summary: 'Change title, kind, capacity, password (null removes it) or whether it vanishes when empty. Owner only.',
    input: z.strictObject({
      ...inRoom,
      name: RoomName.optional(),
      kind: z.enum(['public', 'private']).optional(),
      capacity: capacity.optional(),
      password: password.nullable().optional(),
      ephemeral: z.boolean().optional(),
    }),
    output: Room,
    errors: [...roomErrors, 'not_owner', 'not_allowed'],
  },
  'room.join': {
    summary: 'Become a member. Joining again changes nothing.',
    input: z.strictObject({ ...inRoom, password: password.optional() }),
    output: RoomSummary,
    errors: ['no_such_room', 'banned', 'password_required', 'wrong_password', 'room_full', 'too_many_rooms', 'not_allowed'],
  },
  'room.leave': {
    summary: 'Stop being a member. The longest-standing other member inherits an owner’s room.',
    input: z.strictObject(inRoom),
    output: Done,
    errors: ['no_such_room', 'not_member', 'not_allowed'],
  },
  'room.invite': {
    summary: 'Bring someone in. Any member may, unless the room has a password; the owner may always, and lifts a ban by it.',
    input: z.strictObject({ ...inRoom, user: UserId }),
    output: Done,
    errors: [...roomErrors, 'no_such_user', 'not_owner', 'room_full', 'too_many_rooms', 'not_allowed'],
  },
  'room.kick': {
    summary: 'Remove someone; with `ban` they cannot return until the owner invites them. Owner only.',
    input: z.strictObject({ ...inRoom, user: UserId, ban: z.boolean().optional() }),
    output: Done,
    errors: [...roomErrors, 'not_owner', 'no_such_user', 'not_allowed'],
  },
  'room.transfer': {
    summary: 'Hand the room to another member. Owner only.',
    input: z.strictObject({ ...inRoom, user: UserId }),
    output: Done,
    errors: [...roomErrors, 'not_owner', 'no_such_user', 'not_allowed'],
  },
  'room.members': {
    summary: 'Who is in the room, how far each has read, and who is here now.',
    input: z.strictObject(inRoom),
    output: z.object({ members: z.array(Member) }),
    errors: [...roomErrors],
  },
  'invitation.create': {
    summary: 'Make an invitation that can be handed on as a link. Whoever may bring someone in may (`room.invite`).',
    input: z.strictObject({
      ...inRoom,
      expiresIn: z
        .number()
        .int()
        .min(60)
        .max(limits.invitationSeconds)
        .nullable()
        .optional()
        .describe('Seconds; null: it holds for good. Default: a week.'),
      uses: z.number().int().min(1).max(limits.invitationUses).optional().describe('How many people it lets in; any number unless given.'),
    }),
    output: Invitation,
    errors: [...roomErrors, 'not_owner', 'too_many_invitations', 'not_allowed'],
  },
  'invitation.list': {
    summary: 'The invitations of a room that hold: all of them for its owner, one’s own for anyone else.',
    input: z.strictObject(inRoom),
    output: z.object({ invitations: z.array(Invitation) }),
    errors: [...roomErrors],
  },
  'invitation.get': {
    summary: 'Where an invitation leads. For whoever holds it, also before they have a name.',
    input: z.strictObject(byCode),
    output: InvitationView,
    errors: ['no_such_invitation'],
  },
  'invitation.accept': {
    summary:
      'Become a member by an invitation. It stands for the password; a ban and a full room remain. Inside already, nothing is used up.',
    input: z.strictObject(byCode),
    output: RoomSummary,
    errors: ['no_such_invitation', 'banned', 'room_full', 'too_many_rooms'],
  },
  'invitation.revoke': {
    summary: 'Take an invitation back: whoever made it, or the room’s owner. Who came by it stays.',
    input: z.strictObject(byCode),
    output: Done,
    errors: ['no_such_invitation', 'not_owner', 'not_member', 'banned'],
  },
  'direct.open': {
    summary: 'The one direct room with this person; made if it did not exist.',
    input: z.strictObject({ user: UserId }),
    output: RoomSummary,
    errors: ['no_such_user', 'too_many_rooms'],
  },
  'room.open': {
    summary: 'Everything since my cursor, or the latest page. On a session the room also goes live: its events follow.',
    input: z.strictObject({ ...inRoom, epoch: Epoch.optional(), rev: Rev.optional() }),
    output: z.union([ChangesPage, ResetPage]),
    errors: [...roomErrors],
  },
  'room.close': { summary: 'Stop listening to a room on this session.', input: z.strictObject(inRoom), output: Done, errors: [] },
  'message.send': {
    summary: 'Say something. The same clientId is one message, however often it is sent (P2).',
    input: z
      .strictObject({
        ...inRoom,
        clientId: ClientId,
        text: TextOrNone.describe('May be empty if there are attachments.'),
        replyTo: Pos.optional(),
        via: RoomId.optional().describe('For a whisper, sent to a direct room: the room in which it is said. Both must be members of it.'),
        attachments: Files.optional().describe('Files of one’s own, by the ids that their uploads were given, and GIFs of the library.'),
        mentions: Mentions.optional(),
      })
      .refine(({ text, attachments = [] }) => text !== '' || attachments.length > 0, { path: ['text'], message: 'there is nothing in it' }),
    output: Sent,
    errors: [...roomErrors, 'too_long', 'no_such_message', 'no_such_file', 'message_deleted', 'not_allowed'],
  },
  'message.edit': {
    summary: 'Change the text of one’s own message. Its files stay.',
    input: z.strictObject({
      ...inMessage,
      text: TextOrNone.describe('May be empty if there are attachments.'),
      mentions: Mentions.optional(),
    }),
    output: Sent,
    errors: [...roomErrors, 'too_long', 'no_such_message', 'not_author', 'message_deleted', 'not_allowed'],
  },
  'message.delete': {
    summary: 'Take a message back: its author, or the room’s owner. An empty tombstone stays at its pos.',
    input: z.strictObject(inMessage),
    output: Sent,
    errors: [...roomErrors, 'no_such_message', 'not_author', 'not_allowed'],
  },
  'message.react': {
    summary: 'Put an emoji on a message.',
    input: z.strictObject({ ...inMessage, emoji: Emoji }),
    output: Sent,
    errors: [...roomErrors, 'no_such_message', 'message_deleted', 'too_many_reactions', 'not_allowed'],
  },
  'message.unreact': {
    summary: 'Take one’s emoji off again.',
    input: z.strictObject({ ...inMessage, emoji: Emoji }),
    output: Sent,
    errors: [...roomErrors, 'no_such_message', 'message_deleted', 'not_allowed'],
  },
  'message.unpreview': {
    summary: 'Take the preview off one’s own message, for good.',
    input: z.strictObject(inMessage),
    output: Sent,
    errors: [...roomErrors, 'no_such_message', 'not_author', 'message_deleted', 'not_allowed'],
  },
  'message.list': {
    summary: 'A page of history, ascending by pos: the latest, or before, after or around a pos.',
    input: z
      .strictObject({
        ...inRoom,
        before: Pos.optional(),
        after: z.number().int().min(0).optional(),
        around: Pos.optional(),
        limit: pageLimit.optional(),
      })
      .refine(
        (input) => [input.before, input.after, input.around].filter((v) => v !== undefined).length <= 1,
        'give only one of before, after, around',
      ),
    output: z.object({
      messages: z.array(Message),
      epoch: Epoch,
      head: Rev.describe('The page shows the room as of this rev.'),
      pos: z.number().int().describe('The room’s last pos: how long the history is.'),
    }),
    errors: [...roomErrors],
  },
  'message.search': {
    summary: 'Messages that contain these words, newest first: in one room or in all of mine. 회의 finds 회의는 and 내일회의자료.',
    input: z.strictObject({
      q: SearchText,
      room: RoomId.optional(),
      before: Next.optional(),
      limit: z.number().int().min(1).max(limits.searchResults).optional(),
    }),
    output: z.object({ messages: z.array(Message), next: z.string().optional() }),
    errors: [...roomErrors],
  },
  'gif.list': {
    summary: 'GIFs that everyone here may send, those of late and those sent often first; with `q`, those that are called so.',
    input: z.strictObject({
      q: SearchText.optional(),
      before: z
        .string()
        .max(60)
        .regex(/^\d+\.[a-z0-9]+$/)
        .optional()
        .describe('`next` of the page before.'),
      limit: z.number().int().min(1).max(limits.gifPage).optional(),
    }),
    output: z.object({ gifs: z.array(Gif), next: z.string().optional() }),
    errors: [],
  },
  'gif.add': {
    summary: 'Give a moving picture of one’s own to everyone here, to be found by these words. Again, of the same: other words.',
    input: z.strictObject({ file: FileId, words: GifWords }),
    output: Gif,
    errors: ['no_such_file', 'not_allowed'],
  },
  'gif.remove': {
    summary: 'Take a GIF that one brought in out of the library. Messages that carry it keep it.',
    input: z.strictObject({ file: FileId }),
    output: Done,
    errors: ['no_such_file', 'not_author'],
  },
  'mention.list': {
    summary: 'Messages that mention me or answer one of mine, newest first, of the rooms I am a member of now.',
    input: z.strictObject({ before: Next.optional(), limit: z.number().int().min(1).max(limits.searchResults).optional() }),
    output: z.object({ messages: z.array(Message), next: z.string().optional() }),
    errors: [],
  },
  'room.notify': {
    summary: 'What I want to be told of this room, and whether what is unread there counts. What is left out stays.',
    input: z.strictObject({ ...inRoom, notify: NotifyLevel.optional(), muted: z.boolean().optional() }),
    output: z.object({ notify: NotifyLevel, muted: z.boolean() }),
    errors: [...roomErrors],
  },
  'gif.find': {
    summary: 'GIFs of the provider that this server is set up with. Only the server asks there.',
    input: z.strictObject({ q: SearchText, page: z.number().int().min(0).max(20).optional().describe('`next` of the page before.') }),
    output: z.object({ provider: GifProvider, gifs: z.array(FoundGif), next: z.number().int().optional() }),
    errors: ['not_allowed'],
  },
  'gif.take': {
    summary: 'Bring a GIF that was found here: as a file of one’s own, to be attached to a message.',
    input: z.strictObject({ id: FoundGif.shape.id }),
    output: Attachment,
    errors: ['no_such_file', 'not_allowed', 'unsupported_type', 'too_many_files'],
  },
  'room.read': {
    summary: 'I have read up to here. It only ever moves forward.',
    input: z.strictObject(inMessage),
    output: z.object({ readPos: z.number().int() }),
    errors: [...roomErrors],
  },
  'room.unread': {
    summary: 'From this message on it is unread again. It only ever moves back.',
    input: z.strictObject(inMessage),
    output: z.object({ readPos: z.number().int() }),
    errors: [...roomErrors],
  },
  'room.typing': {
    summary: 'I am typing, or no longer. Ephemeral.',
    input: z.strictObject({ ...inRoom, typing: z.boolean().optional() }),
    output: Done,
    errors: [...roomErrors],
  },
} as const satisfies Record<CommandName, CommandDefinition>;

export type CommandInput<N extends CommandName> = z.output<(typeof commands)[N]['input']>;
export type CommandOutput<N extends CommandName> = z.output<(typeof commands)[N]['output']>;
/** What a caller writes: the same, without the brands. */
export type CommandRequest<N extends CommandName> = z.input<(typeof commands)[N]['input']>;

/** Whether a word from outside names a command. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}
