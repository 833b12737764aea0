/** A part of a text around what was looked for, and where that stands in it. */
export interface Excerpt {
  readonly text: string;
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

/** So much stands before the first find, in UTF-16 units. */
const before = 40;
/** So few are not worth leaving out, and so many more may be for the sake of a whole word. */
const spare = 20;
/** So long an excerpt is at most. */
const most = 240;

/** The words of a query, as a search takes them: letters, marks and numbers; the rest only separates. */
const wordsOf = (query: string): string[] => query.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? [];

/** Whether there is anything in a query that a search could find. */
export const isSearchable = (query: string): boolean => wordsOf(query).length > 0;

/**
 * @param text of a message, without marks
 * @param query what was searched for; of each of its words, every place is marked
 */
export function excerpt(text: string, query: string): Excerpt {
  const plain = text.replace(/\s+/gu, ' ').trim();
  const lower = plain.toLowerCase();
  // Lower-casing may change the length (İ): then no place in one is a place in the other.
  const found = lower.length === plain.length ? rangesOf(lower, wordsOf(query)) : [];
  const start = beginOf(plain, found[0]?.[0] ?? 0);
  let end = Math.min(plain.length, start + most);
  if (isInside(plain, end)) end--;
  const head = start > 0 ? '… ' : '';
  const shift = head.length - start;
  return {
    text: `${head}${plain.slice(start, end)}${end < plain.length ? ' …' : ''}`,
    ranges: found.filter(([, to]) => to <= end).map(([from, to]) => [from + shift, to + shift] as const),
  };
}

/** Where an excerpt begins: at a word, if one begins near; at the text's own beginning, if little is before it. */
function beginOf(text: string, find: number): number {
  const start = find - before;
  if (start <= spare) return 0;
  const space = text.indexOf(' ', start - 1);
  if (space >= 0 && space - start < spare) return space + 1;
  return isInside(text, start) ? start - 1 : start;
}

/** In order, those that touch made one. */
function rangesOf(text: string, words: readonly string[]): [number, number][] {
  const all: [number, number][] = [];
  for (const word of words)
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) all.push([at, at + word.length]);
  all.sort(([a], [b]) => a - b);
  const joined: [number, number][] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Between the two units of one character. */
const isInside = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text.charAt(at));
