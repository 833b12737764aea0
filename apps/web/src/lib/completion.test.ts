import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markOf, shortcodeAt, tokenAt } from './completion.ts';

const token = (text: string) => {
  const found = tokenAt(text, text.length);
  return found && `${found.from}${found.sign}${found.query}`;
};

test('UX 15 a sign begins a name at the beginning, behind a space and behind Hangul, not in an address', () => {
  assert.equal(token('@'), '0@');
  assert.equal(token('안녕 @민'), '3@민');
  assert.equal(token('안녕@민아 김'), '2@민아 김');
  assert.equal(token('가자 #회의 준'), '3#회의 준');
  for (const text of ['mina@exam', 'https://a.b/#x', '\\@민', '@ 민', '@민\n', '가@민@', 'x#1'])
    assert.equal(token(text)?.slice(-3) === text.slice(-3) ? text : null, null, text);
});

test('UX 15 a colon begins an emoji where no time and no face is meant', () => {
  assert.equal(token(':sm'), '0:sm');
  assert.equal(token('네 :웃'), '2:웃');
  assert.equal(token('👍:웃'), '2:웃');
  for (const text of [':', ':D', '5:30', '오후:세시', ': 회의', ':)', 'https:', ':a b']) assert.equal(token(text), null, text);
});

test('UX 15 nothing is completed in code', () => {
  for (const text of ['`@민', '```\n@민', '```ts\n:smile', '`a` `#회']) assert.equal(token(text), null, text);
  assert.equal(token('`a` @민'), '4@민');
});

test('UX 15 a whole :word: is one, and a time is none', () => {
  assert.deepEqual(shortcodeAt('네 :웃음:', 6), { from: 2, word: '웃음' });
  assert.deepEqual(shortcodeAt(':+1:', 4), { from: 0, word: '+1' });
  for (const text of ['12:30:', '::', '가:나:', '`:a:']) assert.equal(shortcodeAt(text, text.length), null, text);
});

test('marks have the keys that word processors give them, whatever the keyboard writes', () => {
  const key = { code: 'KeyB', ctrlKey: true, metaKey: false, altKey: false, shiftKey: false };
  assert.equal(markOf(key), '**');
  assert.equal(markOf({ ...key, code: 'KeyI', ctrlKey: false, metaKey: true }), '*');
  assert.equal(markOf({ ...key, code: 'KeyX', shiftKey: true }), '~~');
  for (const other of [{ ctrlKey: false }, { altKey: true }, { shiftKey: true }, { code: 'KeyA' }])
    assert.equal(markOf({ ...key, ...other }), null);
});
