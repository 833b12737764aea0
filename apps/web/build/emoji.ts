import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const require = createRequire(import.meta.url);

interface Entry {
  readonly hexcode: string;
  readonly emoji: string;
  readonly version: number;
  readonly label: string;
  readonly group?: number;
  readonly order?: number;
  readonly tags?: readonly string[];
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(require.resolve(`emojibase-data/${path}`), 'utf8')) as T;
}

/** Of Unicode's emoji versions, the one that devices of the last years can draw: of a later one they show an empty box. */
const newest = 15;
/** Skin tones and hair, which are no emoji by themselves. */
const parts = 2;
/** Unicode's own form: the data has a variation selector also where none belongs, and 👍 with one is another reaction than 👍. */
function plain(emoji: string): string {
  const bare = emoji.replaceAll('\ufe0f', '');
  return /^\p{RGI_Emoji}$/v.test(bare) ? bare : emoji;
}
const list = (codes: string | readonly string[] | undefined): readonly string[] => (typeof codes === 'string' ? [codes] : (codes ?? []));

/** A language's emoji, a line each, in Unicode's order: emoji, group, codes, name, other words. A tenth of what the data is otherwise. */
export function catalogText(language: 'ko' | 'en'): string {
  const codes = ['github', 'emojibase'].map((set) => read<Record<string, string | string[]>>(`en/shortcodes/${set}.json`));
  return read<Entry[]>(`${language}/data.json`)
    .filter(({ group, version }) => group !== undefined && group !== parts && version <= newest)
    .sort((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ hexcode, emoji, label, group, tags = [] }) => {
      const all = [...new Set(codes.flatMap((set) => list(set[hexcode])))];
      const said = tags.filter((tag) => !label.includes(tag) && !all.includes(tag));
      return [plain(emoji), group, all.join(' '), label, said.join(',')].join('\t');
    })
    .join('\n');
}

/** `virtual:emoji/ko` and `/en`: made while building, so that nothing generated is kept. */
export function emojiCatalogs(): Plugin {
  const name = /^virtual:emoji\/(ko|en)$/;
  return {
    name: 'suda-emoji',
    resolveId: (id) => (name.test(id) ? `\0${id}` : undefined),
    load(id) {
      const [, language] = name.exec(id.slice(1)) ?? [];
      return language === 'ko' || language === 'en' ? `export default ${JSON.stringify(catalogText(language))};` : undefined;
    },
  };
}
