import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstGrapheme, initialOf, isEmojiOnly } from './emoji.ts';

test('23 a message of emoji only is large', () => {
  for (const text of ['👍', '❤️ 😂', '👨‍👩‍👧‍👦', '🇰🇷🇰🇷', ' 👋🏽 ', '1️⃣']) assert.equal(isEmojiOnly(text), true, text);
  for (const text of ['', ' ', '1', '#', 'ㅋㅋ', '👍 좋아요', '👍👍👍👍👍👍👍']) assert.equal(isEmojiOnly(text), false, text);
});

test('an initial is what a reader calls one character', () => {
  assert.equal(initialOf('mina'), 'M');
  assert.equal(initialOf('김민아'), '김');
  assert.equal(initialOf('👩‍🚀 Ada'), '👩‍🚀');
  assert.equal(initialOf('#일반'), '일');
  assert.equal(initialOf('  '), '·');
  assert.equal(firstGrapheme('👨‍👩‍👧 x'), '👨‍👩‍👧');
});
