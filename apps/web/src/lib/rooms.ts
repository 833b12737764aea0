import type { Message, RoomSummary, User } from '@suda/protocol';

/** The other person of a direct room; null for the room with oneself, or while the people aren't known. */
export function peerOf(room: RoomSummary, me: string): User | null {
  return room.people?.find((person) => person.id !== me) ?? null;
}

/** The id of the other person of a direct room, from the room's own id (`directRoomId` in the protocol). */
export function peerIdOf(room: string, me: string): string | null {
  const [prefix, a, b, ...rest] = room.split('_');
  if (prefix !== 'd' || a === undefined || b === undefined || rest.length > 0) return null;
  return a === me ? b : b === me ? a : null;
}

/** Most recently spoken in first. A room in which nothing was said yet stands by its birth. */
export function byRecency(a: RoomSummary, b: RoomSummary): number {
  return lastAt(b) - lastAt(a) || (a.id < b.id ? -1 : 1);
}

export function lastAt(room: { readonly last: Message | null; readonly createdAt: number }): number {
  return room.last?.at ?? room.createdAt;
}

/** `(3) 로비 · 수다` */
export function pageTitle(unread: number, room: string | null, app: string): string {
  const place = room ? `${room} · ${app}` : app;
  return unread > 0 ? `(${unread > 999 ? '999+' : unread}) ${place}` : place;
}

export function badge(unread: number): string {
  return unread > 99 ? '99+' : String(unread);
}
