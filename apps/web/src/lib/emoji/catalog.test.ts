import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogText } from '../../../build/emoji.ts';
import { emojiFor, readCatalog, searchEmoji } from './catalog.ts';

const ko = readCatalog(catalogText('ko'));
const en = readCatalog(catalogText('en'));

test('UX 15 shortcodes stand for what they do elsewhere, in both languages', () => {
  for (const catalog of [ko, en])
    for (const [word, emoji] of [
      ['smile', '😄'],
      ['+1', '👍'],
      ['heart', '❤️'],
      ['tada', '🎉'],
      ['rocket', '🚀'],
      ['kr', '🇰🇷'],
    ] as const)
      assert.equal(emojiFor(catalog, word), emoji, word);
  assert.equal(emojiFor(en, 'nothing_of_that_name'), null);
  assert.equal(emojiFor(ko, 'constructor'), null);
});

test('UX 15 Korean words stand for what people mean by them', () => {
  for (const [word, emoji] of [
    ['웃음', '😄'],
    ['하트', '❤️'],
    ['좋아요', '👍'],
    ['축하', '🎉'],
    ['호랑이', '🐯'],
    ['태극기', '🇰🇷'],
  ] as const)
    assert.ok(
      searchEmoji(ko, word, 5).some((one) => one.emoji === emoji),
      word,
    );
  assert.equal(emojiFor(ko, '웃음'), '😄');
});

test('UX 15 what is half written finds it: by prefix, by initial consonants', () => {
  assert.ok(searchEmoji(en, 'smil', 8).some((one) => one.emoji === '😄'));
  assert.ok(searchEmoji(ko, '로케', 5).some((one) => one.emoji === '🚀'));
  assert.ok(searchEmoji(ko, 'ㅋㄲㄹ', 5).some((one) => one.emoji === '🐘'));
  assert.equal(searchEmoji(ko, '웃', 5)[0]?.emoji, '😄');
  assert.deepEqual(searchEmoji(ko, '', 5), []);
});

test('UX 15 two letters of a word are not a flag at first; of nothing else they are', () => {
  for (const catalog of [ko, en]) {
    assert.equal(searchEmoji(catalog, 'sm', 1)[0]?.emoji, '😄');
    assert.ok(searchEmoji(catalog, 'kr', 3).some((one) => one.emoji === '🇰🇷'));
  }
});

test('a catalog is small enough to come at the first wish', () => {
  for (const catalog of [ko, en]) assert.ok(catalog.length > 1_800);
  for (const language of ['ko', 'en'] as const) assert.ok(Buffer.byteLength(catalogText(language)) < 240_000);
});
