import { Entry } from './entry.ts';

/** One change in a topic's log. */
export interface LogEntry {
  /** 1, 2, 3 … without a hole in what is published live. */
  readonly seq: number;
  /** What it is a change of. Of several changes with one key, only the last still matters. */
  readonly key: number | string;
  /** The seq with which the key first appeared: to a reader who is not that far, it is new. */
  readonly first: number;
  /** A JSON object, encoded. */
  readonly json: string;
}

export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** The log's highest seq at the moment of reading. */
  readonly head: number;
}

/** Where a topic reads what its subscribers missed. */
export interface Log {
  /** The event's name for a reader to whom the entry's key is new, and for one who has an older form of it. */
  readonly names: { readonly fresh: string; readonly changed: string };
  /**
   * Entries with seq above `after`, ascending, each key once in its last form, at most `limit`.
   * @returns null when the log is gone
   */
  read(after: number, limit: number): Promise<LogPage | null>;
}

/** Whether a page that was asked for with `limit` reaches the head. */
export const reachesHead = (page: LogPage, limit: number): boolean => page.entries.length < limit;

/**
 * The entry as an event for one who has everything up to `cursor`. Where it does not follow directly, it says `after`
 * (PROTOCOL R4.2), so that a reader can tell a gap from what was changed again since.
 * @param from where the reader began to catch up: what first appeared after it is new to them, also where it was changed since and
 * therefore comes after younger entries
 */
export function entryFor(log: Log, entry: LogEntry, cursor: number, from: number): Entry {
  const name = entry.first > from ? log.names.fresh : log.names.changed;
  if (entry.seq === cursor + 1) return new Entry(name, entry.json);
  const fields = entry.json.slice(0, -1);
  return new Entry(name, `${fields}${fields === '{' ? '' : ','}"after":${cursor}}`);
}

interface Kept {
  readonly entry: LogEntry;
  readonly bytes: number;
}

/**
 * The newest stretch of a log, in memory, bounded in number and bytes. It answers those who missed a little without
 * asking the log: after a restart ten thousand clients come back at once (P6).
 */
export class Tail {
  /** Everything after this seq is here. */
  from: number;
  #kept: Kept[] = [];
  #bytes = 0;
  readonly #most: number;
  readonly #mostBytes: number;

  constructor(from: number, most: number, mostBytes: number) {
    this.from = from;
    this.#most = most;
    this.#mostBytes = mostBytes;
  }

  push(entry: LogEntry): void {
    const bytes = entry.json.length;
    this.#kept.push({ entry, bytes });
    this.#bytes += bytes;
    if (this.#kept.length > this.#most * 2 || this.#bytes > this.#mostBytes * 2) this.#trim();
  }

  /** Cuts to the bound in one go, not entry by entry: an array's front is dear to remove from. */
  #trim(): void {
    let drop = 0;
    let bytes = this.#bytes;
    while (drop < this.#kept.length && (this.#kept.length - drop > this.#most || bytes > this.#mostBytes)) {
      bytes -= this.#kept[drop]?.bytes ?? 0;
      drop++;
    }
    const last = this.#kept[drop - 1];
    if (last) this.from = last.entry.seq;
    this.#kept = this.#kept.slice(drop);
    this.#bytes = bytes;
  }

  /** Entries after `cursor`, each key once in its last form. @returns undefined when the tail doesn't reach back so far */
  since(cursor: number): readonly LogEntry[] | undefined {
    if (cursor < this.from) return undefined;
    let index = this.#kept.length;
    while (index > 0 && (this.#kept[index - 1]?.entry.seq ?? 0) > cursor) index--;
    const seen = new Set<number | string>();
    const found: LogEntry[] = [];
    for (let i = this.#kept.length - 1; i >= index; i--) {
      const entry = this.#kept[i]?.entry;
      if (entry === undefined || seen.has(entry.key)) continue;
      seen.add(entry.key);
      found.push(entry);
    }
    return found.reverse();
  }
}
