import type { Chat } from '@suda/chat';
import { type Cursor, type RoomId, SudaError, type UserId } from '@suda/protocol';
import type { Session } from '@suda/realtime';
import type { Listening } from './listening.ts';
import type { People } from './people.ts';
import { roomTopic } from './room-log.ts';

/** What is known of a session when it begins. */
export interface Arrival {
  readonly user: UserId | undefined;
  /** Rooms that it goes on with at once, each from its cursor; without one from a `reset`. */
  readonly rooms: ReadonlyMap<RoomId, Cursor | undefined>;
}

/** What an arrival needs of the door. */
export interface ArrivalHost {
  readonly chat: Chat;
  readonly people: People;
  readonly listening: Listening;
}

/**
 * Begins a session as its user: the rooms that it named go on as events from their cursors on, of the others it hears the activity.
 * A room that may not be read is refused with the event `error`, which names it; the rest goes on.
 */
export async function arrive(
  { chat, people, listening }: ArrivalHost,
  session: Session,
  user: UserId,
  rooms: Arrival['rooms'],
  onError: (error: unknown, where: string) => void,
): Promise<void> {
  try {
    await people.bind(session, user, async () => (await chat.store.roomsOf(user)).filter((room) => !rooms.has(room)));
  } catch (error) {
    onError(error, 'greeting');
    session.close('goingAway');
    return;
  }
  for (const [room, cursor] of rooms) {
    try {
      (await listening.stream(session, user, room, cursor))();
    } catch (error) {
      session.leave(roomTopic(room));
      if (!(error instanceof SudaError)) onError(error, `beginning ${room}`);
      const refusal = error instanceof SudaError ? error : new SudaError('internal');
      session.tell('error', { ...refusal.toWire(), room });
    }
  }
}
