import type { Change } from '@suda/chat';
import type { Realtime } from '@suda/realtime';
import { listTopic } from './room-log.ts';

/** Everyone hears it, so a thousand rooms made in a second are told like one. Milliseconds. */
const LIST_EVERY = 1_000;

/** Whether this changes the list that everyone has of the public rooms. What only their own members know is not of it. */
export function isOfList(change: Change): boolean {
  if (change.type === 'room') return change.before === 'public' || change.room.kind === 'public';
  return change.type === 'room.dropped' && change.kind === 'public';
}

/** Says to whoever is signed in that the list of public rooms changed: at once, then once for all that comes within a second. */
export class PublicList {
  readonly #realtime: Realtime;
  #resting = false;
  #changed = false;

  constructor(realtime: Realtime) {
    this.#realtime = realtime;
  }

  change(): void {
    if (this.#resting) {
      this.#changed = true;
      return;
    }
    this.#resting = true;
    this.#changed = false;
    this.#realtime.to(listTopic).emit('rooms.changed', {});
    this.#realtime.clock.after(LIST_EVERY, () => {
      this.#resting = false;
      if (this.#changed) this.change();
    });
  }
}
