import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { namesOf } from './names.ts';
import { parse } from './parse.ts';
import { plainText } from './plain.ts';
import type { Block, Inline } from './tree.ts';

const seed = Number(process.env.SUDA_SEED ?? Date.now() % 2 ** 31);
const known = { people: namesOf([{ id: 'u', name: '민아' }]), rooms: namesOf([{ id: 'r', name: '회의' }]) };

const part = fc.constantFrom(
  ...[
    '*',
    '**',
    '***',
    '_',
    '~',
    '~~',
    '`',
    '```',
    '```\n',
    '[',
    ']',
    '](',
    '(',
    ')',
    '](https://a.b)',
    'https://a.b/',
    'javascript:',
    'mailto:',
  ],
  ...[
    '\n',
    '\n> ',
    '> ',
    '\n- ',
    '\n  - ',
    '\n1. ',
    ' ',
    '가',
    '강조',
    '는',
    'a',
    'x_y',
    '1',
    '@민아',
    '#회의',
    '^_^',
    '\\',
    '👍',
    '\u202e',
    '<b>',
    '&lt;',
    '\r\n',
    '\t',
  ],
);
const text = fc.oneof(
  { weight: 5, arbitrary: fc.array(part, { maxLength: 80 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
);

function* nodes(blocks: readonly Block[], depth = 0): Generator<{ node: Block | Inline; depth: number }> {
  for (const node of blocks) {
    yield { node, depth };
    if (node.type === 'lines') yield* inlines(node.children, depth + 1);
    else if (node.type === 'quote') yield* nodes(node.children, depth + 1);
    else if (node.type === 'list') for (const item of node.items) yield* nodes(item.children, depth + 1);
  }
}
function* inlines(all: readonly Inline[], depth: number): Generator<{ node: Inline; depth: number }> {
  for (const node of all) {
    yield { node, depth };
    if ('children' in node) yield* inlines(node.children, depth + 1);
  }
}

test(`every text has a tree: no target but http, https and mailto, no link in a link, no depth without bound (seed ${seed})`, () => {
  fc.assert(
    fc.property(text, (written) => {
      for (const { node, depth } of nodes(parse(written, known))) {
        assert.ok(depth < 40);
        if (node.type !== 'link') continue;
        assert.match(node.href, /^(?:https?:\/\/|mailto:)/u);
        for (const inner of inlines(node.children, 0)) assert.notEqual(inner.node.type, 'link');
      }
    }),
    { seed, numRuns: 3_000 },
  );
});

test(`no letter is lost or made up, and none changes its place (seed ${seed})`, () => {
  // Marks, and what belongs to a target or a language, may go; letters of the sentence may not.
  const letters = (value: string) => value.replace(/[^가-힣👍]/gu, '');
  fc.assert(
    fc.property(text, (written) => assert.equal(letters(plainText(written, known)), letters(written))),
    { seed, numRuns: 3_000 },
  );
});

test(`words without signs are themselves (seed ${seed})`, () => {
  const word = fc.string({ unit: fc.constantFrom(...'가나다ㅋㅠ abc 123\n,.!?~%^()'), maxLength: 60 });
  fc.assert(
    fc.property(word, (written) => {
      fc.pre(!/^\s*\d{1,3}[.)] |^\s*\n|\n\s*$|~~/mu.test(written));
      assert.equal(plainText(written), written);
    }),
    { seed, numRuns: 2_000 },
  );
});

test('reading takes linear time: eight times the hostile text takes nowhere near sixty-four times as long', () => {
  const hostile = [
    '*a ',
    '**a',
    '***a',
    '_a ',
    '*a _b ~~c ',
    '[a](',
    '[',
    '[[a](x)',
    '](',
    '`',
    '`a``b',
    '> ',
    '> \n',
    '> > > > a\n',
    '  - a\n',
    '- ',
    '1. ',
    '```\n',
    'a ```\n',
    '````\n```\n',
    '~~a ~~',
    '\\',
    '[a](https://a.b)',
    'https://',
    'https://%',
    'https://a.b/)',
    '^_',
    '*^',
    '@',
    '#',
    '@민아',
    '([',
    'a.',
    '가',
    ' ',
    '\n',
  ];
  const timed = (written: string) => {
    const begin = process.cpuUsage().user;
    parse(written, known);
    return (process.cpuUsage().user - begin) / 1_000;
  };
  /** The best of three: a compiler warms up, rubbish is collected. */
  const best = (written: string) => Math.min(timed(written), timed(written), timed(written));
  for (const one of hostile) {
    for (const make of [
      (length: number) => one.repeat(Math.ceil(length / one.length)),
      (length: number) => `https://a.b/${one.trim().repeat(length)}`.slice(0, length),
      (length: number) => `[${one}`.repeat(length).slice(0, length),
    ]) {
      const [short, long] = [best(make(2_500)), best(make(20_000))];
      // What takes no time at all has no growth that could be seen.
      const growth = long / Math.max(short, 3);
      assert.ok(growth < 32, `${growth.toFixed(0)} × the time for 8 × ${JSON.stringify(make(30))}…`);
    }
  }
});
