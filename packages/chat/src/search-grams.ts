/**
 * How text becomes what the search index holds, and a query what it asks for: one definition, so that every store finds the same.
 *
 * Text is brought to one form (Unicode NFKC, UAX #15; lower case). Then
 * - a run of Hangul, Han or kana becomes its overlapping two-character grams, followed by its last character alone:
 *   회의는 → 회의 의는 는. These scripts write words without spaces or with particles glued on, so whole words would find nothing.
 * - any other run of letters, marks and numbers becomes one word: `Room3` → room3.
 * - the rest (spaces, punctuation, emoji) only separates.
 *
 * The lone last character is there for two reasons. Every character of a run begins some gram, so that a query of one character is a
 * prefix; and no gram of two characters stands directly after a run's last one, so that a phrase of grams never reaches from one run into the next.
 *
 * A character is a code point: rare Han beyond U+FFFF stays whole.
 */
const cjk = String.raw`[[\p{L}\p{N}\p{M}]&&[\p{scx=Hangul}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]]`;
const word = String.raw`[[\p{L}\p{N}\p{M}]--[\p{scx=Hangul}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]]`;
const runs = new RegExp(`(${cjk}+)|${word}+`, 'gv');

/** A word counts by its first characters: nobody types more of it, and a text without spaces must not become one giant term. */
const wordLength = 64;

/** A text or query in the form that is compared. */
function normal(text: string): string {
  // Lower-casing can undo NFKC (İ becomes i and a combining dot) and NFKC can bring capitals (™ becomes TM): once more settles it.
  return text.normalize('NFKC').toLowerCase().normalize('NFKC');
}

function cut(run: string): string {
  if (run.length <= wordLength) return run;
  let end = 0;
  for (let i = 0; i < wordLength && end < run.length; i++) end += (run.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return run.slice(0, end);
}

/**
 * The index terms of a text, in the order of the text. No term contains a space, a quote or any ASCII punctuation.
 * @param text any text
 * @returns terms, with repetitions; empty when there is no letter or number in it
 */
export function gramsOf(text: string): string[] {
  const grams: string[] = [];
  for (const [run, isCjk] of normal(text).matchAll(runs)) {
    if (isCjk === undefined) {
      grams.push(cut(run));
      continue;
    }
    let before = '';
    for (const character of run) {
      if (before !== '') grams.push(before + character);
      before = character;
    }
    grams.push(before);
  }
  return grams;
}

/** One thing that a text must have. `prefix`: a term that begins so. `phrase`: these terms directly one after the other. */
export type MatchPart = { readonly type: 'prefix'; readonly term: string } | { readonly type: 'phrase'; readonly terms: readonly string[] };

/**
 * What a query asks for. A text must have all parts; a query without a letter or number has none, and finds nothing.
 * @param query what a person typed
 */
export function matchOf(query: string): MatchPart[] {
  const parts: MatchPart[] = [];
  for (const [run, isCjk] of normal(query).matchAll(runs)) {
    if (isCjk === undefined) {
      parts.push({ type: 'prefix', term: cut(run) });
      continue;
    }
    const grams = gramsOf(run);
    if (grams.length === 1) parts.push({ type: 'prefix', term: run });
    else parts.push({ type: 'phrase', terms: grams.slice(0, -1) });
  }
  return parts;
}

/** Whether a text with these grams has every part: the meaning of a query, for a store without an index. */
export function matches(grams: readonly string[], parts: readonly MatchPart[]): boolean {
  if (parts.length === 0) return false;
  return parts.every((part) =>
    part.type === 'prefix'
      ? grams.some((gram) => gram.startsWith(part.term))
      : grams.some((_, start) => part.terms.every((term, i) => grams[start + i] === term)),
  );
}

/** What of a message is found: its text, and what its files are called. */
export function wordsOf({
  text,
  attachments,
}: {
  readonly text: string;
  readonly attachments: readonly { readonly name: string }[];
}): string {
  return attachments.length === 0 ? text : [text, ...attachments.map(({ name }) => name)].join('\n');
}

/** Where a found message stands. */
interface Place {
  readonly at: number;
  readonly room: string;
  readonly pos: number;
}

/** The order of finds: `at` falling, then room, then pos falling. For `sort`; negative when `a` comes first. */
export function newestFirst(a: Place, b: Place): number {
  if (a.at !== b.at) return b.at - a.at;
  if (a.room !== b.room) return a.room < b.room ? -1 : 1;
  return b.pos - a.pos;
}
