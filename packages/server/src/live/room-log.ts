import { type MessageRecord, type Store, toMessage } from '@suda/chat';
import type { RoomId } from '@suda/protocol';
import type { LogEntry, LogPage, Log as TopicLog } from '@suda/realtime';

export const roomTopic = (room: string): string => `room:${room}`;
export const activityTopic = (room: string): string => `activity:${room}`;
/** Of everyone who is signed in: that the list of public rooms changed. */
export const listTopic = 'rooms';
export const userTopic = (user: string): string => `user:${user}`;

/** A message as an entry of its room's log. */
export const entryOf = (message: MessageRecord): LogEntry => ({
  seq: message.rev,
  key: message.pos,
  first: message.firstRev,
  json: JSON.stringify(toMessage(message)),
});

/** A room's changes as the log of its topic. */
export class RoomLog implements TopicLog {
  readonly names = { fresh: 'message', changed: 'message.changed' };
  readonly room: RoomId;
  /** Known once the log was read. */
  epoch = '';
  readonly #store: Store;

  constructor(room: RoomId, store: Store) {
    this.room = room;
    this.#store = store;
  }

  async read(after: number, limit: number): Promise<LogPage | null> {
    const page = await this.#store.changes(this.room, after, limit);
    if (page === null) return null;
    this.epoch = page.epoch;
    return { head: page.head, entries: page.messages.map(entryOf) };
  }
}
