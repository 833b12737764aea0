/** So close to the end, a reader wants to see what comes. CSS pixels. */
export const followWithin = 100;

/**
 * Keeps a scrolled box still for its reader: at the end it follows the end; anywhere else the message that is
 * looked at stays where it is, whatever is added, removed or resized above it.
 *
 * Browsers anchor by themselves only when the box isn't scrolled to its very top, and not all do. So the place is
 * noted before a change and set right after it; where the browser already did, nothing is left to correct.
 */
export class Follow {
  readonly #box: HTMLElement;
  readonly #list: HTMLElement;
  readonly #changed: () => void;
  readonly #resized: ResizeObserver;
  /** How the box stood when it was last looked at. */
  #seen = { top: 0, height: 0, client: 0 };
  /** The first visible row, and where its lower edge is: its upper one moves when a name above a group comes or goes. */
  #anchor: { readonly row: Element; readonly bottom: number } | null = null;
  #atEnd = true;

  /** @param list its children are the rows; @param changed called when the reader came to the end or left it, and on scrolling */
  constructor(box: HTMLElement, list: HTMLElement, changed: () => void) {
    this.#box = box;
    this.#list = list;
    this.#changed = changed;
    this.#resized = new ResizeObserver(() => this.restore());
    this.#resized.observe(box);
    this.#resized.observe(list);
  }

  get atEnd(): boolean {
    return this.#atEnd;
  }

  /** Call when the box was scrolled. */
  scrolled(): void {
    this.#note();
    this.#changed();
  }

  /** Call before the rows change. */
  capture(): void {
    this.#note();
  }

  /** Call after the rows changed. */
  restore(): void {
    if (this.#atEnd) this.#scrollTo(this.#box.scrollHeight);
    else if (this.#anchor?.row.isConnected) {
      const moved = this.#bottomOf(this.#anchor.row) - this.#anchor.bottom;
      if (Math.abs(moved) > 0.5) this.#scrollTo(this.#box.scrollTop + moved);
    }
    this.#seen = this.#measure();
    this.#changed();
  }

  /** Goes to the end and follows it again. */
  toEnd(): void {
    this.#atEnd = true;
    this.restore();
  }

  /** Brings a row to the middle of the box. */
  show(row: Element): void {
    row.scrollIntoView({ block: 'center' });
    this.#note();
    this.#changed();
  }

  stop(): void {
    this.#resized.disconnect();
  }

  #measure() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    return { top: scrollTop, height: scrollHeight, client: clientHeight };
  }

  #note(): void {
    const { top, height, client } = this.#measure();
    // Only the reader's scrolling leaves the end. A box or list of another size was laid out anew, and may have been
    // scrolled by the browser for that: who followed the end still does, and is brought there by `restore`.
    const sameLayout = height === this.#seen.height && client === this.#seen.client;
    if (!this.#atEnd || (sameLayout && Math.abs(top - this.#seen.top) > 0.5)) this.#atEnd = height - top - client <= followWithin;
    this.#seen = { top, height, client };
    this.#anchor = this.#atEnd ? null : this.#firstVisible();
  }

  #firstVisible(): { row: Element; bottom: number } | null {
    const rows = this.#list.children;
    let [low, high] = [0, rows.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const row = rows[middle];
      if (row && this.#bottomOf(row) > 8) high = middle;
      else low = middle + 1;
    }
    // A line where a day begins moves up when older messages of that day come: only what was said stays in its place.
    while (low < rows.length - 1 && !rows[low]?.matches('[data-key]')) low += 1;
    const row = rows[low];
    return row ? { row, bottom: this.#bottomOf(row) } : null;
  }

  #bottomOf(row: Element): number {
    return row.getBoundingClientRect().bottom - this.#box.getBoundingClientRect().top;
  }

  #scrollTo(top: number): void {
    this.#box.scrollTop = top;
  }
}
