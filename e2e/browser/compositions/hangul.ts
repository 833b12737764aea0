import type { Step } from './sequence.ts';

const initials = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const finals = 28;
const vowels = 21;
/** Finals of two consonants, as the second key makes them of the first. */
const doubled: Readonly<Record<number, number>> = { 3: 1, 5: 4, 6: 4, 9: 8, 10: 8, 11: 8, 12: 8, 13: 8, 14: 8, 15: 8, 18: 17 };
/** Vowels of two keys. */
const joined: Readonly<Record<number, number>> = { 9: 8, 10: 8, 11: 8, 14: 13, 15: 13, 16: 13, 19: 18 };

const syllable = (initial: number, vowel: number, final: number): string =>
  String.fromCharCode(0xac00 + (initial * vowels + vowel) * finals + final);

/** What is underlined after each key of the two-set keyboard, for one syllable. */
export function keysOf(char: string): readonly string[] {
  const place = char.charCodeAt(0) - 0xac00;
  if (place < 0 || place > 11_171) return [char];
  const [initial, vowel, final] = [Math.floor(place / (vowels * finals)), Math.floor(place / finals) % vowels, place % finals];
  const shown = [initials[initial] ?? ''];
  const first = joined[vowel];
  if (first !== undefined) shown.push(syllable(initial, first, 0));
  shown.push(syllable(initial, vowel, 0));
  const half = doubled[final];
  if (half !== undefined) shown.push(syllable(initial, vowel, half));
  if (final > 0) shown.push(syllable(initial, vowel, final));
  return shown;
}

/**
 * The two-set keyboard's way through a word: each key changes the syllable that is underlined, and the first key of the next one commits it.
 * A following syllable that begins with a vowel's silent ㅇ takes no final from the one before, so that no step is left out here.
 */
export function twoSet(word: string): readonly Step[] {
  const steps: Step[] = [];
  let before = '';
  for (const char of word) {
    const [first = char, ...rest] = keysOf(char);
    steps.push(before === '' ? { do: 'compose', text: first } : { do: 'commit', text: before, next: first });
    for (const text of rest) steps.push({ do: 'compose', text });
    before = char;
  }
  return steps;
}

/** The last syllable of a word: what is still underlined when the confirming key comes. */
export const last = (word: string): string => [...word].at(-1) ?? '';
