import type { StoredEntry } from '../types.ts';
import { drop, find, type Item, insert, type Lane, type Lanes, laneOf } from './lane.ts';

/** Another tab has failed with it, or tries again, or knows its place better. */
function outdated({ entry, state }: Item, { error, order }: StoredEntry): boolean {
  if (state !== 'waiting' && state !== 'failed') return false;
  return (error === undefined) !== (entry.error === undefined) || order !== entry.order;
}

/**
 * Takes in what the store has: entries of an earlier page or another tab come, those that another tab has done go.
 * @param kept the items that the store had when it was asked
 * @param done clientIds of entries that are over, whose removal the store may not have seen yet
 * @returns the lanes that changed
 */
export function reconcile(
  lanes: Lanes,
  entries: readonly StoredEntry[],
  kept: ReadonlySet<Item>,
  done: ReadonlySet<string>,
): ReadonlySet<Lane> {
  const touched = new Set<Lane>();
  const stored = new Set(entries.map(({ clientId }) => clientId));
  for (const lane of lanes.values()) {
    for (const item of [...lane.items]) {
      const gone = kept.has(item) && !stored.has(item.entry.clientId) && (item.state === 'waiting' || item.state === 'failed');
      if (gone && drop(lane, item)) touched.add(lane);
    }
  }
  for (const entry of entries) {
    const lane = laneOf(lanes, entry.room);
    const item = find(lane, entry.clientId);
    if (done.has(entry.clientId) || (item && !(kept.has(item) && outdated(item, entry)))) continue;
    if (item) drop(lane, item);
    insert(lane, { entry, state: entry.error ? 'failed' : 'waiting', stored: Promise.resolve(), kept: true });
    touched.add(lane);
  }
  return touched;
}

/**
 * What was said here before the store was first read comes after what was in it, whatever the clock says (P9).
 * @returns the items that have to take a later place, in their order: all of them, once one has to move
 */
export function latecomers(lanes: Lanes, entries: readonly StoredEntry[]): readonly Item[] {
  const older = entries.filter(({ room, clientId }) => !find(lanes.get(room), clientId));
  const last = older.reduce((most, { order }) => Math.max(most, order), 0);
  const failed = new Set(entries.filter(({ error }) => error).map(({ clientId }) => clientId));
  const items = [...lanes.values()].flatMap((lane) => lane.items).filter(({ entry }) => !failed.has(entry.clientId));
  return items.some(({ entry }) => entry.order <= last) ? items : [];
}
