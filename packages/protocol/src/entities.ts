import { z } from 'zod';
import { ClientId, Epoch, FileId, InvitationCode, Pos, Rev, RoomId, UserId } from './ids.ts';
import { limits } from './limits.ts';

/** Milliseconds since 1970 by the server's clock. For people to read; no order hangs on it (P9). */
export const Timestamp = z.number().int();

/** Something that leaves ink: not only spaces, joiners and fillers. */
const visible = /[^\s\p{Cf}\p{Mn}\u115f\u1160\u3164\uffa0\u2800]/u;

/** A printable line: no control characters, no line breaks, something to see, cut to its edges. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/, 'no control characters or line breaks')
    .refine((text) => text.isWellFormed(), 'not well-formed Unicode')
    .refine((text) => visible.test(text), 'there is nothing to see in it');

export const UserName = line(limits.nameLength);
export const RoomName = line(limits.roomNameLength);
export const PlaceName = line(limits.placeNameLength);

export const User = z.object({
  id: UserId,
  name: z.string(),
  guest: z.boolean(),
});
export type User = z.infer<typeof User>;

export const RoomKind = z.enum(['public', 'private', 'direct']);
export type RoomKind = z.infer<typeof RoomKind>;

export const Role = z.enum(['owner', 'member']);
export type Role = z.infer<typeof Role>;

/** A room as everyone who may see it sees it. */
export const Room = z.object({
  id: RoomId,
  kind: RoomKind,
  name: z.string().describe('The title; empty for a direct room, which is called after the other person.'),
  owner: UserId.nullable(),
  capacity: z.number().int().nullable().describe('The most members it takes; null: the server’s limit.'),
  locked: z.boolean().describe('Whether joining asks for a password.'),
  ephemeral: z.boolean().describe('Whether it disappears with its last member.'),
  memberCount: z.number().int(),
  createdAt: Timestamp,
});
export type Room = z.infer<typeof Room>;

export const Reaction = z.object({ emoji: z.string(), users: z.array(UserId) });
export type Reaction = z.infer<typeof Reaction>;

/** Who said it, by the name they had when they said it. */
export const Sender = z.object({ id: UserId, name: z.string() });
export type Sender = z.infer<typeof Sender>;

/**
 * What a notice tells. Membership, ownership and title change only together with their notice, so a client
 * that has every change of a room's log also knows these.
 */
export const Notice = z.discriminatedUnion('type', [
  z.object({ type: z.literal('created') }),
  z.object({ type: z.literal('joined'), user: Sender }),
  z.object({ type: z.literal('invited'), user: Sender }),
  z.object({ type: z.literal('left'), user: Sender }),
  z.object({ type: z.literal('kicked'), user: Sender, banned: z.boolean() }),
  z.object({ type: z.literal('owner'), user: Sender }),
  z.object({ type: z.literal('renamed'), name: z.string() }),
]);
export type Notice = z.infer<typeof Notice>;

/** Where GIFs can be looked for outside, if the server is set up with it. */
export const GifProvider = z.enum(['giphy', 'klipy']);

/** A file of a message, with what a page needs to keep its place before it has come. */
export const Attachment = z.object({
  id: FileId,
  name: z.string().describe('What whoever uploaded it called it.'),
  type: z.string().describe('What it is by its bytes: an IANA media type. A picture shows if this is `image/…` and it has a `width`.'),
  size: z.number().int().describe('Bytes.'),
  width: z.number().int().optional().describe('Of a picture or a video, as it is to be shown: pixels.'),
  height: z.number().int().optional(),
  animated: z.literal(true).optional(),
  duration: z.number().int().optional().describe('Of an animated picture, once through, of a video, of a sound: milliseconds.'),
  placeholder: z.string().optional().describe('The picture in a few blurred pixels, as a data URI.'),
  source: GifProvider.optional().describe('The provider of GIFs that it was taken from: say so beside it.'),
});
export type Attachment = z.infer<typeof Attachment>;

/** What people call a GIF, to find it by. */
export const GifWords = line(limits.gifWordsLength);

/** A picture that moves, of the library that everyone here may take from. */
export const Gif = z.object({
  file: Attachment,
  words: z.string().describe('What it is found by.'),
  by: UserId.describe('Who brought it in, and may take it out.'),
});
export type Gif = z.infer<typeof Gif>;
/** What the server found behind an address of a message. Nobody who reads it asks anyone but this server. */
export const Preview = z.object({
  address: z.string().describe('The address of the text that it is of.'),
  url: z.string().describe('Where that led: what to open.'),
  host: z.string().describe('Of `url`, as it may be shown; in punycode where its letters could be taken for others.'),
  title: z.string(),
  description: z.string().optional(),
  site: z.string().optional().describe('What the page calls its site: its own word, which `host` is not.'),
  picture: Attachment.optional(),
});
export type Preview = z.infer<typeof Preview>;

/** A GIF that a provider has. It is looked at under `/v1/gifs/found/ID`, with `?still=1` its first frame. */
export const FoundGif = z.object({
  id: z.string().regex(/^[\w-]{1,100}$/),
  words: z.string(),
  width: z.number().int().describe('Of the picture to look at.'),
  height: z.number().int(),
});
export type FoundGif = z.infer<typeof FoundGif>;

export const Message = z.object({
  room: RoomId,
  pos: Pos,
  rev: Rev.describe('The room’s rev at which the message took its present form.'),
  kind: z.enum(['text', 'notice']),
  sender: Sender.nullable().describe('Who said it or did it; null when the server did.'),
  clientId: ClientId.optional(),
  text: z.string().describe('Empty for a notice and for a deleted message.'),
  at: Timestamp,
  editedAt: Timestamp.optional(),
  deleted: z.literal(true).optional(),
  replyTo: Pos.optional(),
  via: RoomId.optional().describe('For a whisper: the room in which it was said.'),
  notice: Notice.optional(),
  reactions: z.array(Reaction).optional(),
  attachments: z.array(Attachment).optional(),
  mentions: z.array(Sender).optional().describe('Whom it mentions, by the names they had then: the text says `@` and the name.'),
  preview: Preview.optional(),
});
export type Message = z.infer<typeof Message>;

export const Member = z.object({
  user: User,
  role: Role,
  joinedAt: Timestamp,
  readPos: z.number().int(),
  online: z.boolean(),
});
export type Member = z.infer<typeof Member>;

/** What of a room one is told of while one looks elsewhere. */
export const NotifyLevel = z.enum(['all', 'mentions', 'nothing']);
export type NotifyLevel = z.infer<typeof NotifyLevel>;

/** A room in one user's list. `unread` is `pos - readPos`. */
export const RoomSummary = Room.extend({
  role: Role.nullable().describe('Mine; null when I am not a member.'),
  epoch: Epoch,
  head: Rev,
  pos: z.number().int().describe('The last message’s pos; 0 in an empty room.'),
  readPos: z.number().int(),
  unread: z.number().int(),
  last: Message.nullable().describe('The last message; null to those who may not read.'),
  mentions: z
    .array(Pos)
    .optional()
    .describe('The unread messages that mention me or answer one of mine, ascending; of very many the latest. Absent: none.'),
  notify: NotifyLevel.optional().describe('What I am told of. Absent: `all` in a direct room, `mentions` elsewhere.'),
  muted: z.boolean().optional().describe('Whether I want what is unread here not to be counted. Absent: no.'),
  people: z.array(User).optional().describe('The members, when they are eight or fewer and I am one.'),
});
export type RoomSummary = z.infer<typeof RoomSummary>;

/** This server, as the people on it know it. */
export const Place = z.object({
  name: z.string().nullable().describe('What it is called; null while nobody has named it.'),
  keeper: UserId.nullable().describe('Who may name it; null while nobody has claimed it, or where a host application does.'),
});
export type Place = z.infer<typeof Place>;

/** An invitation, as those see it who may hand it on. */
export const Invitation = z.object({
  code: InvitationCode,
  room: RoomId,
  by: Sender.describe('Who made it. It holds while they themselves could bring someone in.'),
  createdAt: Timestamp,
  expiresAt: Timestamp.nullable().describe('By the server’s clock; null: it doesn’t.'),
  uses: z.number().int().nullable().describe('How many people it may let in; null: any number.'),
  used: z.number().int().describe('How many it has let in.'),
});
export type Invitation = z.infer<typeof Invitation>;

/** What an invitation says to whoever holds it and isn't in yet. */
export const InvitationView = z.object({
  room: z.object({ id: RoomId, kind: RoomKind, name: z.string(), memberCount: z.number().int() }),
  by: Sender,
  place: z.string().nullable().describe('What this place is called.'),
});
export type InvitationView = z.infer<typeof InvitationView>;
