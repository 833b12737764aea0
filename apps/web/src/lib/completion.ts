/** What may be completed: a person, a room, an emoji. */
export type Sign = '@' | '#' | ':';

/** What stands between a sign and the caret. */
export interface Token {
  readonly sign: Sign;
  /** Where the sign is. */
  readonly from: number;
  readonly query: string;
}

/** Names may have spaces, but nobody writes this much of one before it is found. */
const longest = 40;

/** Whether a place is in code, where signs are only signs: behind an odd number of fences, or of backticks in its line. */
function inCode(before: string): boolean {
  const fences = before.split('```');
  if (fences.length % 2 === 0) return true;
  const line = (fences.at(-1) ?? '').split('\n').at(-1) ?? '';
  return line.split('`').length % 2 === 0;
}

/** The word that is being written behind a sign; null when there is none. Names may have spaces, emoji words don't. */
export function tokenAt(text: string, caret: number): Token | null {
  const before = text.slice(0, caret);
  const near = before.slice(-longest - 2);
  const name = /(?:^|[^\p{Script=Latin}\p{N}_./@#\\])([@#])((?:[^\s@#][^\n@#]*)?)$/u.exec(near);
  const emoji = /(?:^|[\s(]|\p{Extended_Pictographic}\ufe0f?)(:)((?:\p{Script=Hangul}|[\p{L}\p{N}_+-]{2})[\p{L}\p{N}_+-]*)$/u.exec(near);
  const [, sign, query] = emoji ?? name ?? [];
  if ((sign !== '@' && sign !== '#' && sign !== ':') || query === undefined || query.length > longest) return null;
  return inCode(before) ? null : { sign, query, from: caret - query.length - 1 };
}

/** The `:word:` that ends here. */
export function shortcodeAt(text: string, caret: number): { readonly from: number; readonly word: string } | null {
  const before = text.slice(0, caret);
  const word = /(?:^|[^\p{L}\p{N}:]):([\p{L}\p{N}_+-]{1,40}):$/u.exec(before.slice(-44))?.[1];
  return word === undefined || inCode(before) ? null : { from: caret - word.length - 2, word };
}

/** The mark that a key puts around what is marked, as word processors have them. */
export function markOf(event: {
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}): string | null {
  if (event.altKey || event.ctrlKey === event.metaKey) return null;
  if (event.shiftKey) return event.code === 'KeyX' ? '~~' : null;
  return event.code === 'KeyB' ? '**' : event.code === 'KeyI' ? '*' : event.code === 'KeyE' ? '`' : null;
}
