import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mentionsIn, namesIn } from './mentions.ts';

const members = [
  { id: 'u_1', name: '민아' },
  { id: 'u_2', name: '지훈' },
  { id: 'u_3', name: '지훈' },
  { id: 'u_4', name: '민아 김' },
];
const ids = (text: string, picked: [string, string][] = []) => mentionsIn(text, namesIn(members, new Map(picked)));

test('37 whom a text mentions: by name, with particles, each once, the longer name first', () => {
  assert.deepEqual(ids('@민아가 @민아 @민아 김'), ['u_1', 'u_4']);
  assert.deepEqual(ids('> @민아\n- **@민아**님'), ['u_1']);
  assert.deepEqual(ids('민아 a@민아 `@민아`'), []);
});

test('37 of two of one name, the one who was picked', () => {
  assert.deepEqual(ids('@지훈'), []);
  assert.deepEqual(ids('@지훈아', [['지훈', 'u_3']]), ['u_3']);
});

test('37 who is picked but no longer in the text, or no longer here, is not meant', () => {
  assert.deepEqual(ids('안녕', [['지훈', 'u_3']]), []);
  assert.deepEqual(ids('@소라', [['소라', 'u_9']]), []);
});

test('37 before it is known who is here, who was picked is still meant', () => {
  assert.deepEqual(mentionsIn('@소라 @민아', namesIn([], new Map([['소라', 'u_9']]))), ['u_9']);
});
