import type { User } from '@suda/protocol';
import { session, suda } from './session.svelte.ts';

/** Larger rooms are not read for this: whoever looks for someone there does so in the room. */
const largest = 200;
/** So many rooms are read, the largest of them last. */
const rooms = 12;
/** After so long, names may have changed. Milliseconds. */
const fresh = 60_000;

/** Who was in a room, and how far the room was then: whoever comes is told of by a message. */
interface Read {
  readonly pos: number;
  readonly at: number;
  readonly users: readonly User[];
}
const read = new Map<string, Read>();
let people = $state.raw<readonly User[]>([]);

/** Whom one has met: the people of one's rooms. */
export const met = {
  get people(): readonly User[] {
    return people;
  },
  /** Reads the rooms again in which something happened. */
  async read(): Promise<void> {
    if (!session.online) return;
    const now = performance.now();
    const small = session.rooms.filter((room) => room.kind !== 'direct' && room.memberCount <= largest);
    small.sort((a, b) => a.memberCount - b.memberCount);
    const some = small.slice(0, rooms);
    await Promise.allSettled(
      some.map(async ({ id, pos }) => {
        const before = read.get(id);
        if (before?.pos === pos && now - before.at < fresh) return;
        const { members } = await suda.command('room.members', { room: id });
        read.set(id, { pos, at: now, users: members.map(({ user }) => user) });
      }),
    );
    const all = new Map(some.flatMap(({ id }) => read.get(id)?.users ?? []).map((user) => [user.id, user]));
    people = [...all.values()];
  },
};
