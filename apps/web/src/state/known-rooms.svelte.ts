import type { RoomSummary } from '@suda/protocol';
import { lobbies } from '../i18n/index.ts';
import { type Named, type Names, namesOf } from '../lib/markup/names.ts';
import { session } from './session.svelte.ts';

let open = $state.raw<readonly RoomSummary[]>([]);

const all = $derived.by(() => {
  const mine = new Set<string>(session.rooms.map((room) => room.id));
  return [...session.rooms, ...open.filter((room) => !mine.has(room.id))].filter((room) => room.kind !== 'direct');
});
// Rooms change with every message, their names hardly ever: what is equal is not looked at again.
const written = $derived(
  JSON.stringify(all.flatMap(({ id, name }): Named[] => [name, ...(id === 'lobby' ? lobbies : [])].map((one) => ({ id, name: one })))),
);
const names = $derived(namesOf(JSON.parse(written) as Named[]));

/** The rooms that I may name with `#`: mine, and those open to all. */
export const knownRooms = {
  get all(): readonly RoomSummary[] {
    return all;
  },
  get names(): Names {
    return names;
  },
  find(id: string): RoomSummary | undefined {
    return all.find((room) => room.id === id);
  },
  /** What the server answered for the rooms open to all. */
  learn(rooms: readonly RoomSummary[]): void {
    open = rooms;
  },
};
