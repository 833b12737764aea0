import { readFileSync } from 'node:fs';
import type { Composition, Edit, Step } from './sequence.ts';

/** One event as a page heard it: of a key its key, code, keyCode and isComposing; of an input its data, inputType and isComposing; else its data. */
export type Heard = readonly [type: string, ...facts: (string | number | boolean | null)[]];

/** What a page in a real window (Chromium under Xvfb, ibus as GTK's input method) heard of a real input method, whose keys xdotool pressed. */
interface Recording {
  readonly method: string;
  readonly browser: string;
  readonly keys: string;
  readonly events: readonly Heard[];
}

export const recordings = JSON.parse(readFileSync(new URL('linux.json', import.meta.url), 'utf8')) as Readonly<
  Record<'ko' | 'zh' | 'ja', Recording>
>;

/** What the method did with one key, from what the page heard until the next. */
function editsOf(events: readonly Heard[]): Edit[] {
  const edits: Edit[] = [];
  for (const [i, [type, data, how]] of events.entries()) {
    const text = String(data ?? '');
    // A commit is heard as a last update with the same text; an underlined text that is taken back first, as an empty one.
    const end = events.slice(i + 1).find(([next]) => next === 'compositionend' || next === 'compositionupdate');
    if (type === 'compositionupdate') edits.push(end?.[0] === 'compositionend' && end[1] !== '' ? { insert: text } : { underline: text });
    else if (type === 'input' && how === 'insertText') edits.push({ insert: text });
  }
  return edits;
}

/** The same as steps, so that it can be played again. */
export function stepsOf(events: readonly Heard[]): Step[] {
  const downs = events.flatMap(([type], i) => (type === 'keydown' ? [i] : []));
  return downs.map((from, n): Step => {
    const [, key, code, keyCode] = events[from] as Heard;
    const until = downs[n + 1] ?? events.length;
    if (keyCode === 229) return { do: 'edits', code: String(code), edits: editsOf(events.slice(from + 1, until)) };
    if (key !== 'Enter') throw new Error(`The recording has ${key}, which can't be played.`);
    return { do: 'key', key };
  });
}

const korean = stepsOf(recordings.ko.events);
const pinyin = stepsOf(recordings.zh.events);
const romaji = stepsOf(recordings.ja.events);

/** As others are: up to the confirming key, and what that is. */
export const onLinux: readonly Composition[] = [
  {
    name: 'Korean two-set, Chromium on Linux, recorded: what is underlined is taken back and inserted, then Enter comes',
    source: `${recordings.ko.method}, ${recordings.ko.browser}`,
    steps: korean.slice(0, -2),
    confirm: korean.slice(-2),
    text: '안녕하세요',
    sends: true,
  },
  {
    name: 'Chinese pinyin, Chromium on Linux, recorded: space takes the candidate, Enter the Latin letters',
    source: `${recordings.zh.method}, ${recordings.zh.browser}`,
    steps: pinyin.slice(0, -1),
    confirm: pinyin.slice(-1),
    text: '你好shuda',
    sends: false,
  },
  {
    name: 'Japanese romaji, Chromium on Linux, recorded: space asks for the next candidate, Enter takes it',
    source: `${recordings.ja.method}, ${recordings.ja.browser}`,
    steps: romaji.slice(0, -1),
    confirm: romaji.slice(-1),
    text: '懐疑',
    sends: false,
  },
];
