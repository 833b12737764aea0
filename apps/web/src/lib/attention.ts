import type { Message, NotifyLevel, RoomSummary } from '@suda/protocol';

/** How much of a room calls for one. */
type Calling = Pick<RoomSummary, 'kind' | 'unread' | 'mentions' | 'notify' | 'muted' | 'role'>;

/** What one wants to be told of a room (PROTOCOL R16.4). */
export function levelOf({ kind, notify }: Pick<Calling, 'kind' | 'notify'>): NotifyLevel {
  return notify ?? (kind === 'direct' ? 'all' : 'mentions');
}

/** Unread messages that count: none of a muted room, nor of one that one is not in. */
export function countOf({ unread, muted, role }: Calling): number {
  return muted || role === null ? 0 : Math.max(0, unread);
}

export const totalOf = (rooms: readonly Calling[]): number => rooms.reduce((sum, room) => sum + countOf(room), 0);

/** Unread messages that mention one or answer one, also in a muted room. */
export const mentionsOf = ({ mentions }: Pick<Calling, 'mentions'>): number => mentions?.length ?? 0;

/** `call`: somebody means me. `more`: there is something new. `quiet`: there is, and I don't want to be told. */
export type Tone = 'call' | 'more' | 'quiet' | null;

export function toneOf(room: Calling): Tone {
  if (room.role === null || room.unread <= 0) return null;
  if (room.muted) return 'quiet';
  return mentionsOf(room) > 0 || room.kind === 'direct' ? 'call' : 'more';
}

/**
 * Whether a message is worth a notification while one looks elsewhere.
 * @param message new; @param concerns whether it mentions or answers me
 */
export function isWorthTelling(
  message: Pick<Message, 'kind' | 'deleted' | 'pos' | 'sender' | 'editedAt'>,
  concerns: boolean,
  room: Calling & Pick<RoomSummary, 'readPos'>,
  me: string,
): boolean {
  if (message.kind !== 'text' || message.deleted || message.sender === null || message.sender.id === me) return false;
  // Who was told of it once is not told again because it was edited.
  if (message.editedAt !== undefined || message.pos <= room.readPos || room.muted || room.role === null) return false;
  const level = levelOf(room);
  return level === 'all' || (level === 'mentions' && concerns);
}
