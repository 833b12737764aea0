import { backoff } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { asClientError } from '../errors.ts';
import type { OutboxEntry, OutboxStore, StoredEntry } from '../types.ts';
import { drop, find, type Item, type Lane, type Lanes, laneOf, show } from './lane.ts';
import { latecomers, reconcile } from './reconcile.ts';

/** A store that takes longer than this is taken to have failed: the message is not to wait for it. Milliseconds. */
const STORE_WITHIN = 2_000;

export interface OutboxContext {
  readonly store: OutboxStore;
  readonly clock: Clock;
  readonly random: () => number;
  /** Brings the files of an entry to the server. @returns their ids @throws SudaClientError */
  upload(entry: StoredEntry): Promise<readonly string[]>;
  /** Gives their uploads up. */
  cancel(entry: StoredEntry): void;
  /** One attempt. Rejects with SudaClientError. */
  send(entry: StoredEntry, files: readonly string[] | undefined): Promise<{ readonly pos: number; readonly rev: number }>;
  /** Whether the room shows everything up to this rev, or is not looked at: a sent entry then has no use. */
  reached(room: string, rev: number): boolean;
  /** The room's entries are others now. */
  changed(room: string): void;
}

/** What was said and not yet acknowledged, of one user at a time. */
export interface Outbox {
  entries(room: string): readonly OutboxEntry[];
  /** @returns the new entry's clientId */
  add(room: string, text: string, options: Pick<StoredEntry, 'replyTo' | 'via' | 'files' | 'attachments' | 'mentions'>): string;
  retry(room: string, clientId: string): void;
  discard(room: string, clientId: string): void;
  /** The message of this entry stands in the log. The room shows the change itself. @returns whether there was such an entry */
  landed(room: string, clientId: string): boolean;
  /** The room shows everything up to this rev: sent entries that it covers are done. As silent as `landed`. */
  covered(room: string, rev: number): void;
  /** Whose outbox this is. Before it is known, entries wait for whoever it will be. */
  setUser(user: string | null): void;
  /** Connected: sends what waits. */
  start(): void;
  /** Not connected: what was under way waits again. */
  stop(): void;
  /** Forgets everything of the present user, here and in the store. */
  forget(): Promise<void>;
  close(): void;
}

const nothing: readonly OutboxEntry[] = [];

export function createOutbox({ store, clock, random, upload, cancel, send, reached, changed }: OutboxContext): Outbox {
  const lanes: Lanes = new Map();
  /** Entries that are over, whose removal the store may not have seen yet. */
  const done = new Set<string>();
  let user: string | null = null;
  let online = false;
  let closed = false;
  /** What the store has was read since we came online: older entries go first. */
  let ready = false;
  /** What the store has of this user was read at least once. */
  let read = false;
  let starts = 0;
  let order = 0;
  let count = 0;

  const tell = (lane: Lane): void => {
    show(lane);
    changed(lane.room);
  };
  const quietly = (work: Promise<unknown> | undefined): void => void work?.catch(() => {});

  /** The store's work, or the end of our patience with it. */
  const within = (work: Promise<unknown>): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(STORE_WITHIN, resolve);
      const go = (): void => {
        cancel();
        resolve();
      };
      work.then(go, go);
    });

  /** What the store refuses goes on in memory. */
  const keep = (item: Item): void => {
    if (user === null) return;
    item.kept = false;
    const entry = item.entry;
    const put = store.put(user, entry).then(() => {
      item.kept = item.entry === entry;
    });
    item.stored = within(put);
  };
  const erase = (item: Item): void => {
    // After the put, or it would come back.
    const owner = user;
    if (owner !== null) quietly(item.stored.then(() => store.remove(owner, item.entry.clientId)));
  };

  const clientId = (): string => {
    const noise = (): string => Math.floor(random() * 2 ** 48).toString(36);
    return `${clock.now().toString(36)}-${(++count).toString(36)}-${noise()}${noise()}`;
  };

  const reread = async (): Promise<void> => {
    const owner = user;
    if (owner === null) return;
    const kept = new Set([...lanes.values()].flatMap(({ items }) => items.filter((item) => item.kept)));
    const entries = await store.load(owner);
    if (user !== owner || closed) return;
    order = entries.reduce((most, entry) => Math.max(most, entry.order), order);
    for (const item of read ? [] : latecomers(lanes, entries)) {
      item.entry = { ...item.entry, order: ++order };
      keep(item);
    }
    read = true;
    for (const lane of reconcile(lanes, entries, kept, done)) {
      tell(lane);
      drain(lane);
    }
  };
  const finish = (lane: Lane, item: Item): boolean => {
    done.add(item.entry.clientId);
    if (done.size > 1_000) for (const old of [...done].slice(0, 500)) done.delete(old);
    erase(item);
    return drop(lane, item);
  };

  /** Sends until nothing waits, or it has to pause. @returns milliseconds to pause, undefined when done */
  const sendAll = async (lane: Lane): Promise<number | undefined> => {
    for (;;) {
      const item = lane.items.find(({ state }) => state === 'waiting');
      if (!item || !online) return undefined;
      await item.stored;
      if (!online || item.state !== 'waiting' || !lane.items.includes(item)) continue;
      const pause = await attempt(lane, item);
      if (pause !== undefined) return pause;
    }
  };

  const attempt = async (lane: Lane, item: Item): Promise<number | undefined> => {
    const owner = user;
    try {
      // Until its files are there it waits, and can be given up.
      const files = item.entry.files && (await upload(item.entry));
      if (files && (user !== owner || !online || !lane.items.includes(item))) return undefined;
      item.state = 'sending';
      tell(lane);
      const ack = await send(item.entry, files);
      lane.attempt = 0;
      if (user !== owner || !lane.items.includes(item)) return undefined;
      item.ack = ack;
      item.state = 'sent';
      if (reached(lane.room, ack.rev)) finish(lane, item);
      else erase(item);
      tell(lane);
      return undefined;
    } catch (reason) {
      const error = asClientError(reason);
      if (user !== owner || !lane.items.includes(item)) return undefined;
      // Without a session nothing is wrong with the message: it waits for the next one.
      if (error.retry || error.code === 'unauthenticated') {
        item.state = 'waiting';
        tell(lane);
        const pause = backoff(lane.attempt++, random());
        return Math.max(pause, error.retryAfter ?? 0);
      }
      lane.attempt = 0;
      item.state = 'failed';
      item.entry = { ...item.entry, error: error.toWire() };
      keep(item);
      tell(lane);
      return undefined;
    }
  };

  const drain = (lane: Lane): void => {
    if (lane.draining || !ready || !online || closed || user === null || lane.cancelPause) return;
    if (!lane.items.some(({ state }) => state === 'waiting')) return;
    lane.draining = true;
    let pause: number | undefined;
    const run = async (): Promise<void> => {
      if (store.withLock) await within(reread());
      pause = await sendAll(lane);
    };
    const locked = store.withLock ? store.withLock(`${user}:${lane.room}`, run) : run();
    locked
      .catch(() => {
        pause ??= backoff(lane.attempt++, random());
      })
      .finally(() => {
        lane.draining = false;
        if (closed || !online) return;
        if (pause === undefined) {
          drain(lane);
          return;
        }
        // The lock is free meanwhile: another tab need not wait for us.
        lane.cancelPause = clock.after(pause, () => {
          lane.cancelPause = undefined;
          drain(lane);
        });
      });
  };

  const setUser = (next: string | null): void => {
    if (next === user) return;
    const before = user;
    user = next;
    read = false;
    for (const lane of lanes.values()) {
      lane.cancelPause?.();
      lane.cancelPause = undefined;
      if (before === null) for (const item of lane.items) keep(item);
      else {
        lane.items = [];
        tell(lane);
      }
    }
    void within(reread());
  };

  const stop = (): void => {
    online = false;
    starts++;
    for (const lane of lanes.values()) {
      lane.cancelPause?.();
      lane.cancelPause = undefined;
      lane.attempt = 0;
    }
  };

  return {
    entries: (room) => lanes.get(room)?.view ?? nothing,
    add(room, text, options) {
      order = Math.max(order + 1, clock.now());
      const entry: StoredEntry = { clientId: clientId(), room, text, ...options, createdAt: clock.now(), order };
      const item: Item = { entry, state: 'waiting', stored: Promise.resolve(), kept: false };
      const lane = laneOf(lanes, room);
      lane.items.push(item);
      keep(item);
      tell(lane);
      drain(lane);
      return entry.clientId;
    },
    retry(room, id) {
      const item = find(lanes.get(room), id);
      if (item?.state !== 'failed') return;
      const { error: _error, ...entry } = item.entry;
      item.entry = entry;
      item.state = 'waiting';
      keep(item);
      const lane = laneOf(lanes, room);
      tell(lane);
      drain(lane);
    },
    discard(room, id) {
      const item = find(lanes.get(room), id);
      if (item?.state !== 'failed' && item?.state !== 'waiting') return;
      const lane = laneOf(lanes, room);
      finish(lane, item);
      if (item.entry.files) cancel(item.entry);
      changed(room);
    },
    landed(room, id) {
      const item = find(lanes.get(room), id);
      return item !== undefined && finish(laneOf(lanes, room), item);
    },
    covered(room, rev) {
      const lane = lanes.get(room);
      for (const item of lane ? [...lane.items] : []) if (lane && item.ack && item.ack.rev <= rev) finish(lane, item);
    },
    setUser,
    start() {
      online = true;
      ready = false;
      const begun = ++starts;
      void within(reread()).then(() => {
        if (begun !== starts) return;
        ready = true;
        for (const lane of lanes.values()) drain(lane);
      });
    },
    stop,
    async forget() {
      const owner = user;
      const stored = [...lanes.values()].flatMap(({ items }) => items.map((item) => item.stored));
      setUser(null);
      await Promise.all(stored);
      if (owner !== null) await store.clear(owner).catch(() => {});
    },
    close() {
      stop();
      closed = true;
    },
  };
}
