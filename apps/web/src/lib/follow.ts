import type { Look, Sheet } from './sheet.ts';

/** So close to the end, a reader wants to see what comes. CSS pixels. */
export const followWithin = 100;

/**
 * Keeps a scrolled box still for its reader: at the end it follows the end; anywhere else the row that is
 * looked at stays where it is, whatever is added, removed or resized around it.
 *
 * Browsers anchor by themselves only when the box isn't scrolled to its very top, and not all do. So the place is
 * noted before a change and set right after it; where the browser already did, nothing is left to correct. What scrolling itself
 * brings into the document is set right only once it is measured, after the browser's own turn: to scroll by script would end
 * the movement that the reader's wheel or finger began.
 */
export class Follow {
  readonly #box: HTMLElement;
  readonly #list: HTMLElement;
  readonly #sheet: Sheet;
  readonly #changed: (look: Look) => void;
  readonly #resized: ResizeObserver;
  readonly #slots = new Map<string, HTMLElement>();
  /** How the box stood when it was last looked at. */
  #seen = { top: 0, height: 0, client: 0 };
  #width = 0;
  #look: Look = { at: 'end' };
  #frame = 0;
  /** The gaps in the document are not yet those of the sheet: from where the box is scrolled nothing can be told. */
  #stale = false;

  /** @param list its children are the rows and gaps of the sheet; @param changed told what is looked at, whenever that or a height may have changed */
  constructor(box: HTMLElement, list: HTMLElement, sheet: Sheet, changed: (look: Look) => void) {
    this.#box = box;
    this.#list = list;
    this.#sheet = sheet;
    this.#changed = changed;
    this.#resized = new ResizeObserver((entries) => this.#measured(entries));
    this.#resized.observe(box);
    this.#resized.observe(list);
  }

  get look(): Look {
    return this.#look;
  }
  /** The height of the box. */
  get client(): number {
    return this.#seen.client;
  }
  /** The height of the sheet at the upper edge of the box. */
  get top(): number {
    return this.#seen.top - this.#origin();
  }

  /** A row has come into the document; its key is its `data-key`. @returns call when it leaves */
  watch(slot: HTMLElement): () => void {
    const { key = '' } = slot.dataset;
    this.#slots.set(key, slot);
    this.#resized.observe(slot);
    return () => {
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
      this.#resized.unobserve(slot);
    };
  }

  element(key: string): HTMLElement | undefined {
    return this.#slots.get(key);
  }

  /** Call when the box was scrolled. */
  scrolled(): void {
    if (this.#stale) return;
    this.#note();
    this.#tell();
  }

  /** Call before the rows change. */
  capture(): void {
    if (!this.#stale) this.#note();
  }

  /** Call after the rows changed. */
  restore(): void {
    const top = this.#wanted();
    if (top !== null && Math.abs(top - this.#box.scrollTop) > 0.5) this.#box.scrollTop = top;
    this.#seen = this.#measure();
  }

  /** Looks elsewhere, at once. */
  go(look: Look): void {
    this.#look = look;
    this.restore();
    this.#tell();
  }

  /** Brings a row that is in the document to a place of the box. @param share of what is seen that is to be above it */
  show(slot: HTMLElement, share: number): void {
    const free = Math.max(0, this.#box.clientHeight - slot.offsetHeight);
    this.#box.scrollTop += slot.getBoundingClientRect().top - this.#box.getBoundingClientRect().top - free * share;
    this.#note(true);
    this.#tell();
  }

  stop(): void {
    this.#resized.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  #measured(entries: readonly ResizeObserverEntry[]): void {
    let news = false;
    const width = this.#list.clientWidth;
    if (width !== this.#width) {
      this.#width = width;
      this.#sheet.resize(width);
      for (const [key, slot] of this.#slots) this.#sheet.measure(key, slot.offsetHeight);
      this.#sheet.rescale();
      this.#stale = true;
      news = true;
    }
    for (const { target, borderBoxSize } of entries) {
      if (!(target instanceof HTMLElement) || target.dataset.key === undefined || !target.isConnected) continue;
      if (this.#sheet.measure(target.dataset.key, borderBoxSize[0]?.blockSize ?? target.offsetHeight)) news = true;
    }
    if (this.#look.at !== 'outside' || news) this.restore();
    // Other rows may be needed now. Not in this very turn: an observer may not bring what it would have to observe at once.
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#tell();
      // After the page, which was told in this very turn.
      if (this.#stale) queueMicrotask(() => this.#fresh());
    });
  }

  #fresh(): void {
    this.#stale = false;
    this.restore();
  }

  #tell(): void {
    this.#changed(this.#look);
  }

  #measure() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    return { top: scrollTop, height: scrollHeight, client: clientHeight };
  }

  /** @param moved whatever it looks like, the box was scrolled on purpose */
  #note(moved = false): void {
    const { top, height, client } = this.#measure();
    // Only the reader's scrolling leaves the end. A box or list of another size was laid out anew, and may have been
    // scrolled by the browser for that: who followed the end still does, and is brought there by `restore`.
    const sameLayout = height === this.#seen.height && client === this.#seen.client;
    if (moved || this.#look.at !== 'end' || (sameLayout && Math.abs(top - this.#seen.top) > 0.5)) {
      const atEnd = height - top - client <= followWithin && this.#sheet.loaded.below === 0;
      this.#look = atEnd ? { at: 'end' } : this.#exactly(this.#sheet.look(top - this.#origin(), client));
    }
    this.#seen = { top, height, client };
  }

  /** Where in the scrolled content the sheet begins. */
  #origin(): number {
    const first = this.#list.querySelector('[data-gap]');
    if (!first) return 0;
    return first.getBoundingClientRect().top - this.#box.getBoundingClientRect().top + this.#box.scrollTop;
  }

  /** As the document has it, where it has it. */
  #exactly(look: Look): Look {
    const slot = look.at === 'row' ? this.#slots.get(look.key) : undefined;
    return look.at === 'row' && slot ? { ...look, bottom: this.#bottomOf(slot) } : look;
  }

  /** The scroll offset at which the box shows what is looked at. */
  #wanted(): number | null {
    if (this.#look.at === 'end') return this.#box.scrollHeight - this.#box.clientHeight;
    const slot = this.#look.at === 'row' ? this.#slots.get(this.#look.key) : undefined;
    if (this.#look.at === 'row' && slot) return this.#box.scrollTop + this.#bottomOf(slot) - this.#look.bottom;
    const top = this.#sheet.topOf(this.#look);
    return top === null ? null : this.#origin() + top;
  }

  #bottomOf(slot: HTMLElement): number {
    return slot.getBoundingClientRect().bottom - this.#box.getBoundingClientRect().top;
  }
}
