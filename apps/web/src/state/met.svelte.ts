import type { User } from '@suda/protocol';
import { session, suda } from './session.svelte.ts';

/** Larger rooms are not read for this: whoever looks for someone there does so in the room. */
const largest = 200;
/** So many rooms are read, the largest of them last. */
const rooms = 12;
/** What was read is new enough for so long. Milliseconds. */
const fresh = 60_000;

let people = $state.raw<readonly User[]>([]);
let readAt = Number.NEGATIVE_INFINITY;

/** Whom one has met: the people of one's rooms. */
export const met = {
  get people(): readonly User[] {
    return people;
  },
  /** Reads them again, if that was not done of late. */
  async read(): Promise<void> {
    if (!session.online || performance.now() - readAt < fresh) return;
    readAt = performance.now();
    const small = session.rooms.filter((room) => room.kind !== 'direct' && room.memberCount <= largest);
    small.sort((a, b) => a.memberCount - b.memberCount);
    const lists = await Promise.allSettled(small.slice(0, rooms).map(({ id }) => suda.command('room.members', { room: id })));
    const all = new Map<string, User>();
    for (const list of lists) if (list.status === 'fulfilled') for (const { user } of list.value.members) all.set(user.id, user);
    people = [...all.values()];
  },
};
