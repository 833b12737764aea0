import { begins } from '../match.ts';

/** One emoji and the words for it. */
export interface Emoji {
  readonly emoji: string;
  readonly group: number;
  /** As in `:smile:`, the usual one first. */
  readonly codes: readonly string[];
  readonly label: string;
  readonly tags: readonly string[];
  /** All of them as they are searched, with what each is worth when it is the whole query. */
  readonly words: readonly { readonly text: string; readonly worth: number }[];
}

/** What Korean people call them in a chat, before what Unicode does. */
const korean: Readonly<Record<string, string>> = {
  웃음: '😄',
  하하: '😄',
  ㅋㅋ: '😂',
  ㅎㅎ: '😄',
  ㅠㅠ: '😭',
  눈물: '😢',
  울음: '😭',
  엉엉: '😭',
  하트: '❤️',
  사랑: '❤️',
  좋아요: '👍',
  최고: '👍',
  엄지: '👍',
  싫어요: '👎',
  박수: '👏',
  짝짝: '👏',
  파이팅: '💪',
  화이팅: '💪',
  힘: '💪',
  축하: '🎉',
  생일: '🎂',
  감사: '🙏',
  부탁: '🙏',
  인사: '👋',
  안녕: '👋',
  불: '🔥',
  별: '⭐',
  눈: '👀',
  로켓: '🚀',
  커피: '☕',
  밥: '🍚',
  확인: '✅',
  완료: '✅',
  오케이: '👌',
  생각: '🤔',
  놀람: '😮',
  화남: '😠',
  윙크: '😉',
  땀: '😅',
  헉: '😱',
  잠: '😴',
  선물: '🎁',
  맥주: '🍺',
  치킨: '🍗',
  강아지: '🐶',
  고양이: '🐱',
  백점: '💯',
  태극기: '🇰🇷',
};

const hangul = /\p{Script=Hangul}/u;
const folded = (word: string) =>
  word
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/gu, '');

const aliases = Map.groupBy(Object.keys(korean), (word) => korean[word] ?? '');

const flags = 9;
/** A land's two letters begin many a word that one is more likely to be writing: `:sm` is not San Marino at first. */
const worthOf = (group: number, word: string, usual: number): number => (group === flags && word.length === 2 ? 60 : usual);

/** Reads what `build/emoji.ts` wrote: a line each, fields by tabs. */
export function readCatalog(text: string): readonly Emoji[] {
  return text.split('\n').map((line) => {
    const [emoji = '', group = '0', codes = '', label = '', tags = ''] = line.split('\t');
    const one = { emoji, group: Number(group), codes: codes.split(' ').filter(Boolean), label, tags: tags.split(',').filter(Boolean) };
    const words = [
      ...(aliases.get(emoji) ?? []).map((text) => ({ text, worth: 130 })),
      ...one.codes.map((code, i) => ({ text: folded(code), worth: worthOf(one.group, code, 100 - i) })),
      { text: folded(label), worth: 90 },
      ...one.tags.map((tag) => ({ text: folded(tag), worth: worthOf(one.group, tag, 80) })),
    ];
    return { ...one, words };
  });
}

function score(one: Emoji, asked: string): number {
  let best = 0;
  for (const { text, worth } of one.words) best = Math.max(best, rank(text, asked, worth));
  if (best > 0 || !hangul.test(asked)) return best;
  // Initial consonants and half-written syllables: ㅎㅌ, 하ㅌ.
  for (const { text, worth } of one.words) if (worth > best && begins(asked, text)) best = worth;
  return best / 4;
}

function rank(word: string, asked: string, whole: number): number {
  if (word === asked) return whole;
  if (word.startsWith(asked)) return whole - 30 - Math.min(word.length - asked.length, 20) / 4;
  return asked.length > 1 && word.includes(asked) ? 30 : 0;
}

/** The emoji that a word stands for, best first; of equals, in Unicode's own order. Nothing for an empty word. */
export function searchEmoji(catalog: readonly Emoji[], query: string, most: number): readonly Emoji[] {
  const asked = folded(query);
  if (asked === '') return [];
  const found: { one: Emoji; score: number }[] = [];
  for (const one of catalog) {
    const points = score(one, asked);
    if (points > 0) found.push({ one, score: points });
  }
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ one }) => one);
}

/** The one emoji that `:word:` is, if it is one: by its code, its name, or a word that people use for it. */
export function emojiFor(catalog: readonly Emoji[], word: string): string | null {
  const raw = word.normalize('NFC');
  if (Object.hasOwn(korean, raw)) return korean[raw] ?? null;
  const asked = folded(word);
  const by = (holds: (one: Emoji) => boolean) => catalog.find(holds)?.emoji;
  return (
    by((one) => folded(one.codes[0] ?? '') === asked) ??
    by((one) => one.codes.some((code) => folded(code) === asked)) ??
    by((one) => folded(one.label) === asked) ??
    (hangul.test(word) ? by((one) => one.tags.some((tag) => folded(tag) === asked)) : undefined) ??
    null
  );
}
