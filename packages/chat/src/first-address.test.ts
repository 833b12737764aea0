import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { firstAddress } from './first-address.ts';

const cases: readonly (readonly [text: string, address: string | null])[] = [
  ['', null],
  ['no address', null],
  ['see https://a.example/x?y=1#z and https://b.example', 'https://a.example/x?y=1#z'],
  ['HTTPS://A.EXAMPLE', 'https://a.example/'],
  ['(https://a.example/wiki/(x)).', 'https://a.example/wiki/(x)'],
  ['[words](https://a.example/x)', 'https://a.example/x'],
  ['https://suda.chat에서 봐요', 'https://suda.chat/'],
  ['https://한국.com/가', 'https://xn--3e0b707e.com/%EA%B0%80'],
  ['“https://a.example”', 'https://a.example/'],
  ['https:// https://', null],
  ['ftp://a.example javascript://a.example', null],
  ['in code `https://a.example` not', null],
  ['`` a ` https://a.example `` but https://b.example', 'https://b.example/'],
  ['```\nhttps://a.example\n```\nhttps://b.example', 'https://b.example/'],
  ['```\nhttps://a.example', null],
  ['one ` and https://a.example', 'https://a.example/'],
  [`https://a.example/${'x'.repeat(2_000)} https://b.example`, 'https://b.example/'],
];

describe('R17.1 the first address of a text', () => {
  for (const [text, address] of cases) it(JSON.stringify(text.slice(0, 60)), () => assert.equal(firstAddress(text), address));

  it('P8 takes no long time over any text', () => {
    for (const part of ['`', '``a', '```', '(', 'https://a.example/)', 'https://[', '~~~', 'http://a에']) {
      const begun = performance.now();
      firstAddress(`https://${part.repeat(4_000 / part.length)}`.slice(0, 4_000));
      assert.ok(performance.now() - begun < 200, part);
    }
  });
});
