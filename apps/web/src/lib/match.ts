/** Where a query was found in a text: higher is better; `ranges` are what to mark, ascending, in the text's own places. */
export interface Match {
  readonly score: number;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
const vowels = 21;
const finals = 28;
const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
/** A final consonant as the initial that it becomes when a vowel follows. */
const finalAsInitial = [
  '',
  'ㄱ',
  'ㄲ',
  'ㅅ',
  'ㄴ',
  'ㅈ',
  'ㅎ',
  'ㄷ',
  'ㄹ',
  'ㄱ',
  'ㅁ',
  'ㅂ',
  'ㅅ',
  'ㅌ',
  'ㅍ',
  'ㅎ',
  'ㅁ',
  'ㅂ',
  'ㅅ',
  'ㅅ',
  'ㅆ',
  'ㅇ',
  'ㅈ',
  'ㅊ',
  'ㅋ',
  'ㅌ',
  'ㅍ',
  'ㅎ',
];

/** Vowels that go on to others: ㅗ to ㅘ ㅙ ㅚ, ㅜ to ㅝ ㅞ ㅟ, ㅡ to ㅢ, by their order in Unicode. */
const goesOn: Readonly<Record<number, readonly number[]>> = { 8: [9, 10, 11], 13: [14, 15, 16], 18: [19] };

interface Syllable {
  readonly initial: string;
  readonly vowel: number;
  readonly final: number;
}

function syllable(char: string): Syllable | null {
  const code = char.charCodeAt(0);
  if (!(code >= firstSyllable && code <= lastSyllable)) return null;
  const place = code - firstSyllable;
  return {
    initial: initials.charAt(Math.floor(place / (vowels * finals))),
    vowel: Math.floor(place / finals) % vowels,
    final: place % finals,
  };
}

/**
 * Whether a character of the query may stand for this one of the text: itself, its initial consonant (ㅅ for 수), or a
 * syllable still being written (수 for 숙; 호 for 회; 밍 on the way to 미아, whose second initial looks like a final until its vowel comes).
 */
function standsFor(asked: string, char: string, next: string): boolean {
  if (asked === char) return true;
  const there = syllable(char);
  if (!there) return false;
  if (initials.includes(asked)) return there.initial === asked;
  const half = syllable(asked);
  if (!half || half.initial !== there.initial) return false;
  if (half.final === 0) return half.vowel === there.vowel || (goesOn[half.vowel]?.includes(there.vowel) ?? false);
  if (half.vowel !== there.vowel) return false;
  return there.final === 0 && syllable(next)?.initial === finalAsInitial[half.final];
}

const wordStart = /[\s\-_./·,()[\]#@]/u;
const spaces = /\s+/gu;

/**
 * Finds what was typed in a name: as it is, by initial consonants (ㅅㄷ finds 수다), in mid-syllable, or its letters one after the other
 * (`mk` finds Mina Kim). Case and the query's spaces don't count. A whole name is better than its beginning, that
 * than the beginning of a word, that than the middle, that than scattered letters; among equals the shorter name.
 * @returns null when it isn't there; an empty query is found everywhere, nowhere in particular
 */
export function match(query: string, text: string): Match | null {
  const asked = [...query.normalize('NFC').toLowerCase().replace(spaces, '')];
  if (asked.length === 0) return { score: 0, ranges: [] };
  const shown = text.normalize('NFC');
  const folded = shown.toLowerCase();
  // Folding case may change a length (İ): then places would be wrong, and the text is taken as it is.
  const chars = [...(folded.length === shown.length ? folded : shown)].slice(0, 200);
  const starts: number[] = [];
  let place = 0;
  for (const char of chars) {
    starts.push(place);
    place += char.length;
  }
  const at = (i: number): [number, number] => [starts[i] ?? 0, (starts[i] ?? 0) + (chars[i]?.length ?? 0)];
  const found = together(asked, chars) ?? scattered(asked, chars);
  return found && { score: found.score - Math.min(chars.length, 40) / 100, ranges: joined(found.places.map(at)) };
}

/** Whether a text begins with what was typed, by the same rules. For large lists: both in lower case and without spaces. */
export function begins(query: string, text: string): boolean {
  for (let i = 0; i < query.length; i += 1) if (!standsFor(query.charAt(i), text.charAt(i), text.charAt(i + 1))) return false;
  return true;
}

interface Found {
  readonly score: number;
  readonly places: readonly number[];
}

function together(asked: readonly string[], chars: readonly string[]): Found | null {
  let best: Found | null = null;
  for (let from = 0; from < chars.length; from += 1) {
    const places = run(asked, chars, from);
    if (!places) continue;
    const whole = from === 0 && places.length > 0 && (places.at(-1) ?? 0) === chars.length - 1;
    const score = whole ? 100 : from === 0 ? 80 : wordStart.test(chars[from - 1] ?? '') ? 60 : 40;
    if (!best || score > best.score) best = { score, places };
  }
  return best;
}

/** The asked characters one behind the other from here; spaces of the text are stepped over. */
function run(asked: readonly string[], chars: readonly string[], from: number): number[] | null {
  const places: number[] = [];
  let i = from;
  for (const char of asked) {
    while (places.length > 0 && /\s/u.test(chars[i] ?? '')) i += 1;
    if (!standsFor(char, chars[i] ?? '', chars[i + 1] ?? '')) return null;
    places.push(i);
    i += 1;
  }
  return places;
}

function scattered(asked: readonly string[], chars: readonly string[]): Found | null {
  const places: number[] = [];
  let words = 0;
  let i = 0;
  for (const char of asked) {
    while (i < chars.length && !standsFor(char, chars[i] ?? '', chars[i + 1] ?? '')) i += 1;
    if (i >= chars.length) return null;
    if (i === 0 || wordStart.test(chars[i - 1] ?? '')) words += 1;
    places.push(i);
    i += 1;
  }
  return { score: 10 + (20 * words) / asked.length, places };
}

function joined(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const out: [number, number][] = [];
  for (const [from, to] of ranges) {
    const last = out.at(-1);
    if (last && last[1] === from) last[1] = to;
    else out.push([from, to]);
  }
  return out;
}
