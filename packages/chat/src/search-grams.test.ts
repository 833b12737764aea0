import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { gramsOf, matches, matchOf } from './search-grams.ts';

const finds = (query: string, text: string) => matches(gramsOf(text), matchOf(query));

describe('gramsOf', () => {
  it('makes overlapping pairs and the last character of a CJK run, and words of the rest', () => {
    assert.deepEqual(gramsOf('회의는 Room3, ok!'), ['회의', '의는', '는', 'room3', 'ok']);
    assert.deepEqual(gramsOf('의'), ['의']);
    assert.deepEqual(gramsOf('🎉 … !?'), []);
  });

  it('brings text to one form: width, composition, case', () => {
    assert.deepEqual(gramsOf('ＡＢＣ'), ['abc']);
    assert.deepEqual(gramsOf('ｶﾞｲﾄﾞ'), gramsOf('ガイド'));
    assert.deepEqual(gramsOf('회의'), gramsOf('회의'.normalize('NFD')));
    assert.deepEqual(gramsOf('CAFÉ'), gramsOf('cafe\u0301'));
  });

  it('does not split a surrogate pair', () => {
    assert.deepEqual(gramsOf('𠮷野家'), ['𠮷野', '野家', '家']);
    assert.deepEqual(gramsOf('𠮷'), ['𠮷']);
  });

  it('cuts an endless word', () => {
    assert.equal(gramsOf('x'.repeat(4_000))[0]?.length, 64);
    assert.ok(finds('x'.repeat(100), 'x'.repeat(4_000)));
  });
});

describe('matchOf', () => {
  const found: [query: string, text: string][] = [
    ['회의', '회의는 세 시에'],
    ['회의', '내일회의자료'],
    ['회의자료', '내일회의자료 보냈어요'],
    ['의', '내일 회의'],
    ['자', '내일회의자료'],
    ['上海', '我明天去上海开会。'],
    ['海', '上海'],
    ['ひら', 'カタカナとひらがな'],
    ['ー', 'サーバー'],
    ['サーバー', '新しいサーバーです'],
    ['𠮷', '東京の𠮷野家'],
    ['𠮷野', '東京の𠮷野家'],
    ['dep', 'Deploy done'],
    ['회의 depl', 'deploy 끝나고 회의합시다'],
    ['회의room', '회의 roomful'],
    ['ㅋㅋ', 'ㅋㅋㅋㅋ'],
    ['v2', 'release v2.1'],
    ['Ünï', 'ünïcode'],
  ];
  for (const [query, text] of found) it(`${query} finds ${text}`, () => assert.ok(finds(query, text)));

  const missed: [query: string, text: string][] = [
    ['의회', '회의'],
    ['회의자료', '회의 자료'],
    ['회의자료', '회의 의자 자료'],
    ['ploy', 'deploy'],
    ['회의 내일', '회의'],
    ['!!', '!!'],
    ['', 'text'],
    ['\ud842', '𠮷野家'],
  ];
  for (const [query, text] of missed) it(`${query || '(nothing)'} does not find ${text}`, () => assert.ok(!finds(query, text)));

  it('finds every piece of a CJK run in its text, and nothing that is not a piece of it', () => {
    const run = fc.array(fc.constantFrom('가', '나', '다', '上', '海', 'か', '𠮷'), { minLength: 1, maxLength: 6 }).map((c) => c.join(''));
    const text = fc.array(run, { minLength: 1, maxLength: 4 }).map((r) => r.join(' '));
    fc.assert(fc.property(text, run, (t, q) => finds(q, t) === t.includes(q)));
  });
});
