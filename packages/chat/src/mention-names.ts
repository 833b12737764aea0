import { limits, type Sender } from '@suda/protocol';

/**
 * Who is mentioned by a text alone: `@` and then the exact name of a member, the longest that fits.
 *
 * A name ends where a word ends. Hangul, Han and kana may follow at once, because particles are glued on (`@Mina님`, `@미나야`). An `@`
 * inside a word is an address (`me@example.org`), and code mentions nobody.
 */
const code = /```[\s\S]*?(?:```|$)|`[^`\n]*`/g;
const glued = String.raw`[\p{scx=Hangul}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]`;
const spot = new RegExp(String.raw`(?<![[\p{L}\p{N}_]--${glued}])@`, 'gv');
const goesOn = new RegExp(String.raw`[[\p{L}\p{N}\p{M}_]--${glued}]`, 'v');

/** Of each `@`, every name that could stand there, the longest first. Bounded, whatever the text. */
function candidates(text: string): string[][] {
  if (!text.includes('@')) return [];
  const plain = text.replace(code, (it) => ' '.repeat(it.length));
  const found: string[][] = [];
  for (const { index } of plain.matchAll(spot)) {
    if (found.length === limits.mentionsPerMessage) break;
    const names: string[] = [];
    let name = '';
    let length = 0;
    // A code point is at most two units; one more tells where the longest name ends.
    for (const character of `${plain.slice(index + 1, index + 1 + 2 * (limits.nameLength + 1))}\n`) {
      if (name !== '' && !goesOn.test(character)) names.push(name);
      if (character === '\n' || length++ === limits.nameLength) break;
      name += character;
    }
    found.push(names.reverse());
  }
  return found;
}

/** Every name that the text may mention, each once: what a store is asked for. */
export function namesIn(text: string): string[] {
  return [...new Set(candidates(text).flat())];
}

/**
 * @param people members; all of those whose names are among `namesIn(text)`
 * @returns whom the text mentions, in its order, each once. Of several people of one name: all
 */
export function mentionsIn(text: string, people: readonly Sender[]): Sender[] {
  if (people.length === 0) return [];
  const byName = Map.groupBy(people, ({ name }) => name);
  const found = new Map<string, Sender>();
  for (const names of candidates(text)) {
    const name = names.find((it) => byName.has(it));
    for (const person of byName.get(name ?? '') ?? []) if (found.size < limits.mentionsPerMessage) found.set(person.id, person);
  }
  return [...found.values()];
}
