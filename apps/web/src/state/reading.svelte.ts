import type { RoomState } from '@suda/client';

/**
 * Where one left off in a room. The line stays until one leaves the room; only who had read everything and looked away finds a
 * newer one.
 */
export class Reading {
  /** The pos up to which everything was read; what comes after it is new. Null: there is no line. */
  line = $state<number | null>(null);
  /** One wants it to stay unread: nothing is read any more until one comes back. */
  held = $state(false);
  /** The line was seen, or gone to. */
  found = $state(false);

  /** On coming in. @returns whether there is something new */
  enter({ room, messages, atLatest }: RoomState, me: string): boolean {
    if (!room || room.unread <= 0) return false;
    const { readPos } = room;
    // What only tells who came and went is no news; of what isn't loaded one can't know.
    const all = atLatest && (messages[0]?.pos ?? 1) <= readPos + 1;
    const news = !all || messages.some((one) => one.pos > readPos && one.kind === 'text' && !one.deleted && one.sender?.id !== me);
    if (news) this.line = readPos;
    return news;
  }

  /** Something new came and is not read at once. */
  left(readPos: number, looking: boolean): void {
    if (this.held || (looking && this.line !== null)) return;
    this.line = readPos;
    this.found = false;
  }

  /** From this message on it is unread again. */
  unreadFrom(pos: number): void {
    this.line = pos - 1;
    this.held = true;
    this.found = true;
  }
}
