import type { EventData, Message, Room, RoomSummary } from '@suda/protocol';
import { type Value, value } from '../observable.ts';

type Summary = RoomSummary;

const counted = (summary: Summary): Summary => {
  const unread = Math.max(0, summary.pos - summary.readPos);
  const mentions = summary.mentions?.filter((pos) => pos > summary.readPos);
  const same = unread === summary.unread && mentions?.length === summary.mentions?.length;
  return same ? summary : { ...summary, unread, ...(mentions && { mentions }) };
};

/** A room after one of its messages is new or changed. A late one changes nothing. */
export function summaryWithMessage(summary: Summary, message: Message, me: string | undefined): Summary {
  const { pos, rev, sender, notice } = message;
  const last = !summary.last || pos > summary.last.pos || (pos === summary.last.pos && rev > summary.last.rev) ? message : summary.last;
  const mine = sender !== null && sender.id === me;
  const next = {
    ...summary,
    last,
    head: Math.max(summary.head, rev),
    pos: Math.max(summary.pos, pos),
    readPos: mine ? Math.max(summary.readPos, pos) : summary.readPos,
  };
  if (rev <= summary.head) return counted(next);
  if (notice?.type === 'renamed') return counted({ ...next, name: notice.name });
  if (notice?.type === 'owner') {
    const { id } = notice.user;
    return counted({ ...next, owner: id, role: summary.role === null ? null : id === me ? 'owner' : 'member' });
  }
  return counted(next);
}

/** A room of mine that is not opened had news. */
export function summaryWithActivity(
  summary: Summary,
  { epoch, head, pos, last }: EventData<'room.activity'>,
  me: string | undefined,
): Summary {
  if (epoch === summary.epoch && head < summary.head) return summary;
  const mine = last.sender !== null && last.sender.id === me && epoch === summary.epoch;
  return counted({ ...summary, epoch, head, pos, last, readPos: mine ? Math.max(summary.readPos, last.pos) : summary.readPos });
}

/** The rooms that I am a member of. */
export interface RoomList {
  readonly rooms: Value<readonly Summary[]>;
  get(room: string): Summary | null;
  /** All of them, as the server says. @param fresh nothing newer can have been heard: what was read is as it says */
  replace(rooms: readonly Summary[], fresh?: boolean): void;
  /** One room, new or changed; one that I am no member of leaves the list. */
  put(summary: Summary): void;
  change(room: string, to: (summary: Summary) => Summary): void;
  /** The room's own fields changed. @returns false when it is not in the list */
  changed(room: Room): boolean;
  remove(room: string): void;
  /** I have read up to here; stays, whatever older news say. `back`: as it is, be it less. */
  read(room: string, pos: number, back?: boolean): void;
  clear(): void;
}

/** @param touched told the id of each room that changed, came or went */
export function createRoomList(touched: (room: string) => void): RoomList {
  const rooms = value<readonly Summary[]>([]);
  /** How far I said that I have read: the server may not know yet. */
  const reads = new Map<string, number>();

  const honest = (summary: Summary): Summary => {
    const read = Math.min(reads.get(summary.id) ?? 0, summary.pos);
    return counted(read > summary.readPos ? { ...summary, readPos: read } : summary);
  };

  /** What is answered may be older than what was heard since it was asked. */
  const latest = (summary: Summary, old: Summary | undefined): Summary => {
    if (!old || old.epoch !== summary.epoch) return honest(summary);
    const readPos = Math.max(old.readPos, summary.readPos);
    const { head, pos, last } = old.head > summary.head ? old : summary;
    return honest({ ...summary, head, pos, last, readPos });
  };
  const set = (next: readonly Summary[], ...ids: readonly string[]): void => {
    rooms.set(next);
    for (const id of ids) touched(id);
  };

  const list: RoomList = {
    rooms,
    get: (room) => rooms.get().find(({ id }) => id === room) ?? null,
    replace(all, fresh) {
      if (fresh) reads.clear();
      const old = new Map(rooms.get().map((summary) => [summary.id, summary]));
      const mine = all.filter(({ role }) => role !== null);
      const next = mine.map((summary) => (fresh ? summary : latest(summary, old.get(summary.id))));
      set(next, ...new Set([...old.keys(), ...next.map(({ id }) => id)]));
    },
    put(summary) {
      const old = list.get(summary.id);
      if (summary.role === null) list.remove(summary.id);
      else if (old) list.change(summary.id, () => latest(summary, old));
      else set([...rooms.get(), honest(summary)], summary.id);
    },
    change(room, to) {
      const all = rooms.get();
      const index = all.findIndex(({ id }) => id === room);
      const old = all[index];
      if (!old) return;
      const next = honest(to(old));
      if (next !== old) set(all.with(index, next), room);
    },
    changed(room) {
      if (!list.get(room.id)) return false;
      list.change(room.id, (old) => ({ ...old, ...room }));
      return true;
    },
    remove(room) {
      reads.delete(room);
      if (!list.get(room)) return;
      set(
        rooms.get().filter(({ id }) => id !== room),
        room,
      );
    },
    read(room, pos, back) {
      reads.set(room, back ? pos : Math.max(reads.get(room) ?? 0, pos));
      list.change(room, (old) => (back ? { ...old, readPos: pos } : old));
    },
    clear() {
      reads.clear();
      set([], ...rooms.get().map(({ id }) => id));
    },
  };
  return list;
}

/** Whether what a command answered is a room as it stands in my list. */
export function isSummary(output: unknown): output is RoomSummary {
  return typeof output === 'object' && output !== null && 'role' in output && 'readPos' in output && 'memberCount' in output;
}
