/** One thing that a method does to a text. */
export type Edit = { readonly underline: string } | { readonly insert: string };

/**
 * What one input method does to a text box, step by step, as browsers report it. A recording names where it was seen.
 *
 * - `compose`: a key that the method takes (keydown 229); what is underlined is now this
 * - `commit`: a key that the method takes; this is text now, and what `next` says is underlined, if anything
 * - `end`: the composition ends without a key, as Safari does before it tells of the key
 * - `taken`: a key that the method keeps for itself; the page only hears a keydown 229
 * - `edits`: a key that the method takes, and all that it does with it, as it was recorded
 * - `key`: an ordinary key, which reaches the page as itself
 */
export type Step =
  | { readonly do: 'compose'; readonly text: string; readonly code?: string }
  | { readonly do: 'commit'; readonly text: string; readonly next?: string; readonly code?: string }
  | { readonly do: 'end'; readonly text: string }
  | { readonly do: 'taken'; readonly code: string }
  | { readonly do: 'edits'; readonly code: string; readonly edits: readonly Edit[] }
  | { readonly do: 'key'; readonly key: 'Enter' | 'Tab' | 'ArrowDown' | 'ArrowUp' | 'Escape' };

export interface Composition {
  readonly name: string;
  /** Where the order of its events is written down. */
  readonly source: string;
  /** Up to the confirming key. */
  readonly steps: readonly Step[];
  /** What the confirming key is to the page, step by step. */
  readonly confirm: readonly Step[];
  /** The text when all is done. */
  readonly text: string;
  /** Whether the confirming key also reaches the page as an Enter of its own: then it sends. */
  readonly sends: boolean;
}
