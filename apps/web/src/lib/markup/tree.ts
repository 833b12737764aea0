/** What a message's text is made of. Nothing in it is HTML: the page makes elements of it, and text of the rest. */
export type Inline =
  | { readonly type: 'text'; readonly text: string }
  | Emphasised<'strong'>
  | Emphasised<'em'>
  | Emphasised<'strike'>
  | { readonly type: 'code'; readonly text: string }
  | LinkNode
  | { readonly type: 'mention'; readonly text: string; readonly id: string }
  | { readonly type: 'room'; readonly text: string; readonly id: string };

interface Emphasised<T extends string> {
  readonly type: T;
  readonly children: readonly Inline[];
}

export interface LinkNode {
  readonly type: 'link';
  /** `http:`, `https:` or `mailto:`, and nothing else ever. */
  readonly href: string;
  readonly children: readonly Inline[];
  /** Where it leads, when what is read says something else. */
  readonly host: string | null;
}

export type Block =
  /** Lines as they were written: their breaks are in the text. */
  | { readonly type: 'lines'; readonly children: readonly Inline[] }
  | { readonly type: 'code'; readonly language: string; readonly text: string }
  | { readonly type: 'quote'; readonly children: readonly Block[] }
  | { readonly type: 'list'; readonly ordered: boolean; readonly items: readonly ListItem[] };

export interface ListItem {
  /** As it was written; null in a list of points. */
  readonly number: number | null;
  readonly children: readonly Block[];
}
