import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errors } from '@suda/protocol/errors';
import { en } from './en.ts';
import { lobbies, pickLanguage } from './index.ts';
import { ko } from './ko.ts';

const languages = { ko, en };

test('the lobby is known by its name in each language', () => {
  assert.deepEqual([...lobbies], [ko.lobby, en.lobby]);
});

type Tree = { [key: string]: string | ((...args: never[]) => string) | Tree };

function leaves(tree: Tree, path = ''): Map<string, string | ((...args: never[]) => string)> {
  const found = new Map<string, string | ((...args: never[]) => string)>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'object') for (const [inner, leaf] of leaves(value, `${path}${key}.`)) found.set(inner, leaf);
    else found.set(path + key, value);
  }
  return found;
}

test('48 both languages have the same words, none empty', () => {
  const english = leaves(languages.en as unknown as Tree);
  const korean = leaves(languages.ko as unknown as Tree);
  assert.deepEqual([...korean.keys()].sort(), [...english.keys()].sort());
  for (const [language, words] of Object.entries({ english, korean })) {
    for (const [key, word] of words) {
      const text = typeof word === 'string' ? word : (word as (...args: unknown[]) => string)(1, 2);
      assert.ok(text.trim() !== '' && !text.includes('undefined'), `${language} ${key}: ${text}`);
    }
  }
});

test('48 what takes arguments takes as many in both', () => {
  const korean = leaves(languages.ko as unknown as Tree);
  for (const [key, word] of leaves(languages.en as unknown as Tree)) {
    assert.equal(typeof korean.get(key), typeof word, key);
    if (typeof word === 'function') assert.equal((korean.get(key) as () => string).length, word.length, key);
  }
});

test('9 every refusal of the wire has its sentence', () => {
  for (const code of Object.keys(errors)) {
    for (const words of Object.values(languages)) assert.ok((words.errors as Record<string, string>)[code], code);
  }
});

test('48 English plurals', () => {
  assert.equal(languages.en.people(1), '1 person');
  assert.equal(languages.en.people(1200), '1,200 people');
  assert.equal(languages.en.unread(0), '0 unread messages');
});

test('48 the language is the chosen one, else the browser’s first known, else English', () => {
  assert.equal(pickLanguage('en', ['ko-KR']), 'en');
  assert.equal(pickLanguage(null, ['ja-JP', 'ko-KR', 'en']), 'ko');
  assert.equal(pickLanguage('xx', ['fr']), 'en');
  assert.equal(pickLanguage('toString', ['constructor', 'KO']), 'ko');
});
