// node scripts/fonts.mjs: makes the page's typeface, apps/web/src/fonts, out of Pretendard. Its outcome is kept in the repository: the package is
// 70 MB that nobody should wait for, and slices cut for this page's own words mean two requests for a first view in Korean instead of seventeen.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './install.mjs';

const packages = ['pretendard@1.3.9', 'subset-font@2.9.0'];
const weights = { min: 400, max: 700, default: 400 };
const features = ['calt', 'case', 'ccmp', 'kern', 'locl', 'mark', 'mkmk', 'tnum', 'vert'];
const family = 'Suda Sans';

const web = join(root, 'apps', 'web');
const target = join(web, 'src', 'fonts');
const work = mkdtempSync(join(tmpdir(), 'suda-fonts-'));

const run = spawnSync('npm', ['install', '--prefix', work, '--no-save', '--ignore-scripts', '--loglevel=error', ...packages], {
  stdio: 'inherit',
});
if (run.status !== 0) process.exit(1);
const need = createRequire(pathToFileURL(join(work, 'index.js')));
const subset = need('subset-font');
const { convert } = createRequire(need.resolve('subset-font'))('fontverter');
const dist = join(work, 'node_modules', 'pretendard', 'dist');

const isSyllable = (c) => c >= 0xac00 && c <= 0xd7a3;
const codes = (text) => [...new Set([...text].map((sign) => sign.codePointAt(0)))];
const span = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Every word that the page itself says. */
function ownWords() {
  const folders = [join(web, 'src', 'i18n'), join(web, 'src', 'lab', 'words')];
  return folders.flatMap((folder) => readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))).join('');
}
/** Pretendard's own slices come from how often a syllable is written: the last ones hold the commonest, those before the 73rd just follow the code. */
function byFrequency() {
  const css = readFileSync(join(dist, 'web', 'variable', 'pretendardvariable-dynamic-subset.css'), 'utf8');
  const slices = [...css.matchAll(/subset\.(\d+)\.woff2[\s\S]*?unicode-range: ([^;]+);/g)]
    .filter(([, n]) => Number(n) >= 73)
    .sort((a, b) => Number(b[1]) - Number(a[1]));
  return slices.flatMap(([, , ranges]) =>
    ranges.split(',').flatMap((range) => {
      const [from, to = from] = range
        .trim()
        .slice(2)
        .split('-')
        .map((digits) => Number.parseInt(digits, 16));
      return span(from, to);
    }),
  );
}

const own = codes(ownWords()).filter(isSyllable);
const frequent = [...new Set([...own, ...byFrequency().filter(isSyllable)])];
const jamo = span(0x3131, 0x318e);

/**
 * Name, range, and what of the range it holds, in the order of the style sheet: where two say a sign, the later one is asked. So the rare
 * ones may say one short range, though they hold only what the common ones don't.
 */
const common = new Set(frequent);
const slices = [
  ...Array.from({ length: 20 }, (_, i) => {
    const range = span(0xac00 + i * 559, Math.min(0xac00 + i * 559 + 558, 0xd7a3));
    return [`hangul-${String(i + 1).padStart(2, '0')}`, range, range.filter((code) => !common.has(code))];
  }),
  ['hangul-c', frequent.slice(1000)],
  ['hangul-b', frequent.slice(600, 1000)],
  ['hangul-a', [...frequent.slice(0, 600), ...jamo]],
  ['cyrillic', span(0x400, 0x52f)],
  ['greek', span(0x370, 0x3ff)],
  [
    'signs',
    [
      ...span(0x2150, 0x218f),
      ...span(0x2190, 0x22ff),
      ...span(0x2460, 0x25ff),
      ...span(0xff01, 0xffe6),
      ...span(0x3000, 0x303f),
      ...span(0x3200, 0x33ff),
    ],
  ],
  ['latin-more', [...span(0x100, 0x2ff), ...span(0x1e00, 0x1eff), ...span(0x2c60, 0x2c7f), ...span(0xa720, 0xa7ff)]],
  [
    'latin',
    [
      ...span(0x20, 0x7e),
      ...span(0xa0, 0xff),
      ...span(0x2010, 0x2027),
      0x2030,
      0x2039,
      0x203a,
      0x2122,
      0x20a9,
      0x20ac,
      0x2190,
      0x2191,
      0x2192,
      0x2193,
      0x2212,
    ],
  ],
];

/** `U+41-5A, U+61` */
function ranges(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const parts = [];
  for (const code of sorted) {
    const last = parts.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else parts.push([code, code]);
  }
  const hex = (n) => n.toString(16).toUpperCase();
  return parts.map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`)).join(',');
}

/** The licence keeps the name Pretendard for the font as its author made it; this one is cut, so it says another, as long. */
function renamed(sfnt) {
  const bytes = Buffer.from(sfnt);
  for (const encoding of ['utf16le', 'latin1']) {
    const [from, to] = ['Pretendard', 'SudaSansKR'].map((name) =>
      encoding === 'utf16le' ? Buffer.from(name, encoding).swap16() : Buffer.from(name, encoding),
    );
    for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at)) to.copy(bytes, at);
  }
  return bytes;
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const whole = readFileSync(join(dist, 'public', 'variable', 'PretendardVariable.ttf'));
const faces = [];
let total = 0;
for (const [name, range, list = range] of slices) {
  const cut = await subset(whole, String.fromCodePoint(...list), {
    targetFormat: 'sfnt',
    variationAxes: { wght: weights },
    keepFeatures: features,
    noHinting: true,
  });
  const woff2 = await convert(renamed(cut), 'woff2');
  writeFileSync(join(target, `${name}.woff2`), woff2);
  total += woff2.length;
  console.log(`${name}: ${list.length} signs, ${(woff2.length / 1024).toFixed(1)} KB`);
  faces.push(
    `@font-face{font-family:"${family}";font-weight:${weights.min} ${weights.max};font-display:swap;src:url(./${name}.woff2)format("woff2");unicode-range:${ranges(range)}}`,
  );
}
const head =
  '/* Made by scripts/fonts.mjs from Pretendard 1.3.9, copyright 2021 Kil Hyung-jin, SIL Open Font License 1.1 (LICENSE.txt). */';
writeFileSync(join(target, 'fonts.css'), `${head}\n${faces.join('\n')}\n`);
copyFileSync(join(dist, 'LICENSE.txt'), join(target, 'LICENSE.txt'));
rmSync(work, { recursive: true, force: true });
console.log(`${slices.length} files, ${(total / 1024 / 1024).toFixed(2)} MB; ${own.length} syllables of the page's own`);
