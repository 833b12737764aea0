import { z } from 'zod';
import { ResetPage } from './commands.ts';
import { Member, Message, NotifyLevel, Place, Room, Sender, User } from './entities.ts';
import type { ErrorCode } from './errors.ts';
import { Epoch, Pos, Rev, RoomId, UserId } from './ids.ts';

/**
 * A message as an event. `after` says which rev comes before it in this stream; without it, rev − 1. They differ
 * while a reader catches up, where each message comes once, in its present form. A client whose cursor is below
 * `after` has missed something and opens the room again.
 */
export const MessageEvent = Message.extend({ after: Rev.optional() });
export type MessageEvent = z.infer<typeof MessageEvent>;

export const events = {
  message: MessageEvent.describe('A new message.'),
  'message.changed': MessageEvent.describe('A message was edited, deleted, or its reactions changed.'),
  reset: ResetPage.describe('This stream cannot go on from where it was: throw away what you have of this room and begin here.'),
  'room.changed': z.object({ room: Room }).describe('A room of mine is new, or its title, owner, kind or limits changed.'),
  'rooms.changed': z
    .object({})
    .describe('The list of public rooms is another one: `room.list` says which. At most once a second, to whoever is signed in.'),
  'room.removed': z
    .object({ room: RoomId, reason: z.enum(['left', 'kicked', 'banned', 'vanished']) })
    .describe('I am no longer a member. Nothing of this room follows.'),
  'room.activity': z
    .object({ room: RoomId, epoch: Epoch, head: Rev, pos: z.number().int(), last: Message })
    .describe('Something was said in a room of mine that this session has not opened. At most a few a second for each room.'),
  members: z
    .object({ room: RoomId, put: z.array(Member), removed: z.array(UserId) })
    .describe('Members that are new or changed, and members that went.'),
  presence: z.object({ room: RoomId, online: z.array(UserId), offline: z.array(UserId) }).describe('Who came and who went. Ephemeral.'),
  typing: z.object({ room: RoomId, user: Sender, typing: z.boolean() }).describe('Ephemeral; fades after `limits.typingMs`.'),
  read: z
    .object({
      room: RoomId,
      user: UserId,
      pos: z.number().int(),
      back: z.literal(true).optional().describe('They made it unread again from after this pos; otherwise it only moves forward.'),
    })
    .describe('How far someone has read.'),
  'place.changed': z.object({ place: Place }).describe('This place has another name, or a keeper.'),
  mention: z
    .object({ room: RoomId, mentions: z.array(Pos), message: Message })
    .describe(
      'A message that mentions me or answers one of mine is new, was edited or deleted, or no longer mentions me. `mentions` stands as in my list.',
    ),
  notify: z
    .object({ room: RoomId, notify: NotifyLevel, muted: z.boolean() })
    .describe('What I want to be told of a room, changed on any device of mine.'),
  'user.changed': z.object({ user: User }).describe('I changed, on another device of mine.'),
  drain: z.object({ reconnectIn: z.number().int() }).describe('The server is stopping: come back after this many milliseconds.'),
  error: z
    .object({
      // Any text, not an enumeration: a server may know more codes than its client.
      code: z.string() as unknown as z.ZodType<ErrorCode, string>,
      message: z.string(),
      retry: z.boolean(),
      retryAfter: z.number().optional(),
      command: z.string().optional(),
      room: RoomId.optional(),
    })
    .describe('A frame without an `id` was refused, or a subscription ended.'),
} as const;

export type EventName = keyof typeof events;
export type EventData<E extends EventName> = z.output<(typeof events)[E]>;
