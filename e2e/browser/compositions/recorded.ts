import { last, twoSet } from './hangul.ts';
import { onLinux } from './linux.ts';
import type { Composition } from './sequence.ts';

const greeting = '안녕하세요';
const uiEvents = 'W3C UI Events, §5.7.5 (key events during composition); Chromium marks them with keyCode 229';
const safari = 'WebKit bug 165004: compositionend comes before the keydown, whose isComposing is false and keyCode 229';

/** Methods and browsers, each with what it does when Enter is pressed while something is underlined. */
export const compositions: readonly Composition[] = [
  ...onLinux,
  {
    name: 'Korean two-set, Chrome on Windows: Enter commits and passes on',
    source: `${uiEvents}; the Korean IME of Windows passes Enter on after it committed`,
    steps: twoSet(greeting),
    confirm: [
      { do: 'commit', text: last(greeting), code: 'Enter' },
      { do: 'key', key: 'Enter' },
    ],
    text: greeting,
    sends: true,
  },
  {
    name: 'Korean two-set, Chrome on macOS: a keydown while composing, then a second one',
    source: `${uiEvents}; w3c/uievents issue 397 for macOS’ Korean method; the page hears Enter twice, once with isComposing`,
    steps: twoSet(greeting),
    confirm: [
      { do: 'taken', code: 'Enter' },
      { do: 'end', text: last(greeting) },
      { do: 'key', key: 'Enter' },
    ],
    text: greeting,
    sends: true,
  },
  {
    name: 'Korean two-set, Safari on macOS: the composition ends before the keydown 229, then Enter',
    source: safari,
    steps: twoSet(greeting),
    confirm: [
      { do: 'end', text: last(greeting) },
      { do: 'taken', code: 'Enter' },
      { do: 'key', key: 'Enter' },
    ],
    text: greeting,
    sends: true,
  },
  {
    name: 'Korean on Android: every key is 229, also without a composition, and Enter is a key of its own',
    source: 'Chromium issue 118639: soft keyboards report keyCode 229 for every key',
    steps: [{ do: 'taken', code: '' }, ...twoSet(greeting), { do: 'taken', code: '' }],
    confirm: [
      { do: 'end', text: last(greeting) },
      { do: 'key', key: 'Enter' },
    ],
    text: greeting,
    sends: true,
  },
  {
    name: 'Japanese romaji, Chrome: Enter on a candidate is the method’s',
    source: uiEvents,
    steps: ['k', 'か', 'かい', 'かいg', 'かいぎ', '会議', '懐疑', '会議'].map((text) => ({ do: 'compose', text })),
    confirm: [{ do: 'commit', text: '会議', code: 'Enter' }],
    text: '会議',
    sends: false,
  },
  {
    name: 'Japanese romaji, Safari: Enter on a candidate comes after the end, with keyCode 229',
    source: safari,
    steps: ['n', 'に', 'にh', 'にほ', 'にほn', 'にほん', '日本'].map((text) => ({ do: 'compose', text })),
    confirm: [
      { do: 'end', text: '日本' },
      { do: 'taken', code: 'Enter' },
    ],
    text: '日本',
    sends: false,
  },
  {
    name: 'Chinese pinyin, Chrome: space takes the candidate',
    source: uiEvents,
    steps: ['n', 'ni', 'ni h', 'ni ha', 'ni hao'].map((text) => ({ do: 'compose', text })),
    confirm: [{ do: 'commit', text: '你好', code: 'Space' }],
    text: '你好',
    sends: false,
  },
  {
    name: 'Chinese pinyin, Chrome: Enter commits the Latin letters',
    source: uiEvents,
    steps: ['s', 'su', 'sud', 'suda'].map((text) => ({ do: 'compose', text })),
    confirm: [{ do: 'commit', text: 'suda', code: 'Enter' }],
    text: 'suda',
    sends: false,
  },
  {
    name: 'Chinese pinyin, Safari: Enter commits the Latin letters after the end, with keyCode 229',
    source: `${safari}; the same on macOS Chromium with some methods`,
    steps: ['g', 'gi', 'git'].map((text) => ({ do: 'compose', text })),
    confirm: [
      { do: 'end', text: 'git' },
      { do: 'taken', code: 'Enter' },
    ],
    text: 'git',
    sends: false,
  },
];
