import type { OutboxEntry, StoredEntry } from '../types.ts';

/** An entry and where it stands. */
export interface Item {
  entry: StoredEntry;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  /** Settles when the store has it, or has failed to take it. */
  stored: Promise<void>;
  /** The store has it. */
  kept: boolean;
  /** Where the server put it, once acknowledged. */
  ack?: { readonly pos: number; readonly rev: number };
}

/** The entries of one room, in sending order. */
export interface Lane {
  readonly room: string;
  items: Item[];
  /** What the room shows; made anew when something changed. */
  view: readonly OutboxEntry[];
  draining: boolean;
  /** Refusals in a row that said "later". */
  attempt: number;
  cancelPause: (() => void) | undefined;
}

function newLane(room: string): Lane {
  return { room, items: [], view: [], draining: false, attempt: 0, cancelPause: undefined };
}

export function show(lane: Lane): void {
  lane.view = lane.items.map(({ entry: { order: _order, error, ...fields }, state, ack }): OutboxEntry => {
    if (state === 'sent' && ack) return { ...fields, state, pos: ack.pos };
    if (state === 'failed' && error) return { ...fields, state, error };
    return { ...fields, state: state === 'sending' ? 'sending' : 'waiting' };
  });
}

/** Puts an entry in its place. */
export function insert(lane: Lane, item: Item): void {
  const { order, clientId } = item.entry;
  const after = ({ entry }: Item): boolean => entry.order > order || (entry.order === order && entry.clientId > clientId);
  const index = lane.items.findIndex(after);
  lane.items.splice(index < 0 ? lane.items.length : index, 0, item);
}

export type Lanes = Map<string, Lane>;

export function laneOf(lanes: Lanes, room: string): Lane {
  const lane = lanes.get(room) ?? newLane(room);
  lanes.set(room, lane);
  return lane;
}

export function find(lane: Lane | undefined, clientId: string): Item | undefined {
  return lane?.items.find(({ entry }) => entry.clientId === clientId);
}

/** @returns whether it was there */
export function drop(lane: Lane, item: Item): boolean {
  const index = lane.items.indexOf(item);
  if (index < 0) return false;
  lane.items.splice(index, 1);
  show(lane);
  return true;
}
