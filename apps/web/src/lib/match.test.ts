import assert from 'node:assert/strict';
import { test } from 'node:test';
import { match } from './match.ts';

const finds = (query: string, text: string) => match(query, text) !== null;
const marked = (query: string, text: string) => match(query, text)?.ranges.map(([from, to]) => text.slice(from, to));

test('UX 35 initial consonants find a name: ㅅㄷ finds 수다', () => {
  assert.deepEqual(marked('ㅅㄷ', '수다'), ['수다']);
  assert.deepEqual(marked('ㅎㅇ', '내일 회의'), ['회의']);
  assert.deepEqual(marked('회ㅇ', '회의실'), ['회의']);
  assert.equal(finds('ㅅㄱ', '수다'), false);
});

test('UX 35 every step of composing a name finds it', () => {
  for (const step of ['ㅁ', '미', '민', '미나', '미낭', '미나아']) assert.equal(finds(step, '미나아'), true, step);
  for (const step of ['ㅎ', '호', '회', '횡', '회의']) assert.equal(finds(step, '회의'), true, step);
  assert.equal(finds('회', '호의'), false);
  assert.equal(finds('밍', '미나'), false);
});

test('case and spaces of the query do not count; letters may be scattered', () => {
  assert.deepEqual(marked('MINA', 'mina kim'), ['mina']);
  assert.deepEqual(marked('mk', 'Mina Kim'), ['M', 'K']);
  assert.deepEqual(marked('회의준비', '회의 준비'), ['회의', '준비']);
  assert.deepEqual(match('', 'x'), { score: 0, ranges: [] });
  assert.equal(finds('km', 'Mina Kim'), true);
  assert.equal(finds('xyz', 'Mina Kim'), false);
});

test('whole names before beginnings, those before words, middles and scattered letters; the shorter first', () => {
  const names = ['미나', '미나리', '김 미나', '강미나', '미안한 나'];
  const order = names.toSorted((a, b) => (match('미나', b)?.score ?? 0) - (match('미나', a)?.score ?? 0));
  assert.deepEqual(order, names);
});

test('pictures and decomposed text are no stumbling block', () => {
  assert.deepEqual(marked('b', '👩‍🚀 Bo'), ['B']);
  assert.equal(finds('수다', '수다'.normalize('NFD')), true);
});
