import { Heights } from './heights.ts';
import type { Row } from './rows.ts';

/** Rows that are not in the document, as one empty box of their height. */
export interface Gap {
  readonly kind: 'gap';
  readonly key: string;
  readonly height: number;
}
export type Item = Row | Gap;

/** How many messages of the room are loaded, and how many are not, above and below them. */
export interface Loaded {
  readonly above: number;
  readonly count: number;
  readonly below: number;
}

/**
 * What the reader looks at: the end, wherever it is; a row, by how far its lower edge is below the upper edge of what is seen; or
 * a place in what is not loaded, by how many messages are above it.
 */
export type Look =
  | { readonly at: 'end' }
  | { readonly at: 'row'; readonly key: string; readonly bottom: number }
  | { readonly at: 'outside'; readonly above: number };

/** Rows [from, to) stand in the document. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Above and below what is seen this much is ready, at least. CSS pixels. */
const ready = 700;
/** Rows once ready stay so, up to this many. */
const most = 64;
/** Browsers lay out boxes of some 16 million pixels at the most. */
const highest = 8_000_000;

/**
 * The whole history of a room as one long sheet of which a few rows are in the document. What is loaded has its rows' heights,
 * measured or guessed; what is not has a height by its number of messages, which pos tells. So the scrollbar stands for all of it.
 * Pure numbers: the document is Follow's affair.
 */
export class Sheet {
  readonly heights = new Heights();
  #rows: readonly Row[] = [];
  #index: ReadonlyMap<string, number> = new Map();
  /** Upper edges, relative to the first row, and last the lower edge of the last. */
  #tops: Float64Array = new Float64Array(1);
  #stale = true;
  #loaded: Loaded = { above: 0, count: 0, below: 0 };
  #unit = 0;
  /** The rows in the document, by their ends: they stay the same when rows come before them. */
  #kept: { readonly first: string; readonly last: string } | null = null;
  #range: Range = { from: 0, to: 0 };
  /** What `items` gave last, and of what it was made. */
  #made: { readonly rows: readonly Row[]; readonly edges: Float64Array; readonly key: string; readonly items: readonly Item[] } | null =
    null;

  get rows(): readonly Row[] {
    return this.#rows;
  }
  get loaded(): Loaded {
    return this.#loaded;
  }
  /** The height of what is not loaded above. */
  get before(): number {
    return this.#loaded.above * this.#unit;
  }
  get after(): number {
    return this.#loaded.below * this.#unit;
  }
  /** The height of the loaded rows. */
  get length(): number {
    return this.#edges()[this.#rows.length] ?? 0;
  }
  index(key: string): number | undefined {
    return this.#index.get(key);
  }
  /** The upper edge of a row, from the sheet's. */
  top(index: number): number {
    return this.before + (this.#edges()[index] ?? 0);
  }

  set(rows: readonly Row[], loaded: Loaded): void {
    if (rows !== this.#rows) {
      const moved = !rows.some((row) => this.#index.has(row.key) && row.kind !== 'day');
      this.#rows = rows;
      this.#index = new Map(rows.map((row, index) => [row.key, index]));
      this.#stale = true;
      this.heights.keep(this.#index);
      if (moved) this.#unit = 0;
    }
    this.#loaded = loaded;
    if (this.#unit === 0 || (loaded.above + loaded.below) * this.#unit > highest) this.#unit = this.#measureUnit();
  }

  /** A row was measured. @returns whether that changes anything */
  measure(key: string, height: number): boolean {
    const row = this.#rows[this.#index.get(key) ?? -1];
    const changed = row !== undefined && this.heights.measure(row, height);
    if (changed) this.#stale = true;
    return changed;
  }

  /** The column is another width now. Measure what is in the document again, then `rescale`. */
  resize(width: number): void {
    this.heights.resize(width);
    this.#stale = true;
  }

  /** Takes anew how high a message is that is not loaded. */
  rescale(): void {
    this.#unit = this.#measureUnit();
  }

  /** A room's average message, or less where there are too many of them. Kept as long as possible: each change moves everything. */
  #measureUnit(): number {
    const { above, count, below } = this.#loaded;
    return Math.min(this.length / Math.max(1, count), highest / Math.max(1, above + below));
  }

  #edges(): Float64Array {
    if (!this.#stale) return this.#tops;
    this.#stale = false;
    const tops = new Float64Array(this.#rows.length + 1);
    let y = 0;
    for (const [index, row] of this.#rows.entries()) {
      tops[index] = y;
      y += this.heights.of(row);
    }
    tops[this.#rows.length] = y;
    this.#tops = tops;
    return tops;
  }

  /** The first row whose lower edge is below this height of the loaded rows; the number of rows if none is. */
  #rowAt(y: number): number {
    const tops = this.#edges();
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle + 1] ?? 0) > y) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The rows of which something is to be seen in a box of this height, whose upper edge is at this height of the sheet. */
  visible(y: number, seen: number): Range {
    const inside = y - this.before;
    return { from: this.#rowAt(inside), to: Math.min(this.#rowAt(inside + seen - 1) + 1, this.#rows.length) };
  }

  /**
   * What is looked at when this height of the sheet is at the upper edge of what is seen, not asking about the end. A row is held by its lower
   * edge: its upper one moves when a name above a group comes or goes.
   */
  look(y: number, seen: number): Look {
    const inside = y - this.before;
    const beyond = inside - this.length;
    if (this.#unit > 0 && inside + seen / 2 < 0) return { at: 'outside', above: Math.max(0, y / this.#unit) };
    if (this.#unit > 0 && beyond >= 0 && this.#loaded.below > 0)
      return { at: 'outside', above: this.#loaded.above + this.#loaded.count + beyond / this.#unit };
    let index = Math.min(this.#rowAt(inside + 8), this.#rows.length - 1);
    // A line where a day begins moves up when older messages of that day come: only what was said stays in its place.
    while (index < this.#rows.length - 1 && !isSaid(this.#rows[index])) index += 1;
    const row = this.#rows[index];
    return row ? { at: 'row', key: row.key, bottom: this.top(index + 1) - y } : { at: 'end' };
  }

  /** The height of the sheet that is to be at the upper edge for a look; null: the end. */
  topOf(look: Look): number | null {
    if (look.at === 'end') return null;
    if (look.at === 'row') {
      const index = this.#index.get(look.key);
      return index === undefined ? null : this.top(index + 1) - look.bottom;
    }
    const { above, count } = this.#loaded;
    const inside = look.above - above;
    if (inside < 0) return look.above * this.#unit;
    if (inside >= count) return this.before + this.length + (inside - count) * this.#unit;
    return this.before + (inside / count) * this.length;
  }

  /** Which rows stand in the document for a look at a box of this height. Those that did stay, as long as there are not too many. */
  range(look: Look, seen: number): Range {
    const { length } = this.#rows;
    if (length === 0) return this.#remember(0, 0);
    const y = look.at === 'end' ? this.length - seen : (this.topOf(look) ?? this.length - seen) - this.before;
    let from = Math.min(this.#rowAt(y - ready), length - 1);
    let to = Math.min(this.#rowAt(y + seen + ready) + 1, length);
    const room = most - (to - from);
    const first = this.#kept && this.#index.get(this.#kept.first);
    const last = this.#kept && this.#index.get(this.#kept.last);
    // What was ready and touches what is needed stays.
    if (room > 0 && typeof first === 'number' && typeof last === 'number' && first <= to && last + 1 >= from) {
      const above = Math.max(0, from - first);
      const below = Math.max(0, last + 1 - to);
      const stay = Math.min(1, room / Math.max(1, above + below));
      from -= Math.floor(above * stay);
      to += Math.floor(below * stay);
    }
    return this.#remember(from, to);
  }

  #remember(from: number, to: number): Range {
    const [first, last] = [this.#rows[from], this.#rows[to - 1]];
    this.#kept = first && last ? { first: first.key, last: last.key } : null;
    if (this.#range.from !== from || this.#range.to !== to) this.#range = { from, to };
    return this.#range;
  }

  /** What stands in the document: the rows of a range and those that must stay whatever is seen, with gaps for all others. */
  items(range: Range, pinned: readonly (string | null)[]): readonly Item[] {
    const key = [range.from, range.to, this.before, this.after, ...pinned].join();
    const edges = this.#edges();
    if (this.#made?.edges !== edges || this.#made.rows !== this.#rows || this.#made.key !== key)
      this.#made = { rows: this.#rows, edges, key, items: this.#make(range, pinned) };
    return this.#made.items;
  }

  #make({ from, to }: Range, pinned: readonly (string | null)[]): readonly Item[] {
    const also = pinned
      .map((key) => (key === null ? undefined : this.#index.get(key)))
      .filter((index): index is number => index !== undefined && (index < from || index >= to))
      .sort((a, b) => a - b);
    const items: Item[] = [];
    const edges = this.#edges();
    let next = 0;
    const gap = (until: number, key: string, more: number) => {
      items.push({ kind: 'gap', key, height: (edges[until] ?? 0) - (edges[next] ?? 0) + more });
      next = until;
    };
    const place = (index: number) => {
      const row = this.#rows[index];
      if (row) items.push(row);
      next = index + 1;
    };
    gap(also[0] !== undefined && also[0] < from ? also[0] : from, 'gap/first', this.before);
    for (const index of new Set(also)) {
      if (index >= from) continue;
      if (index > next) gap(index, `gap/${index}`, 0);
      place(index);
    }
    if (next < from) gap(from, 'gap/above', 0);
    for (let index = from; index < to; index += 1) place(index);
    for (const index of new Set(also)) {
      if (index < to) continue;
      if (index > next) gap(index, `gap/${index}`, 0);
      place(index);
    }
    gap(this.#rows.length, 'gap/last', this.after);
    return items;
  }
}

function isSaid(row: Row | undefined): boolean {
  return row?.kind === 'said' || row?.kind === 'notice';
}
