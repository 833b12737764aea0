import assert from 'node:assert/strict';
import { test } from 'node:test';
import { en } from './en.ts';
import { ko } from './ko.ts';

type Tree = { readonly [key: string]: unknown };

function leaves(tree: Tree, path = ''): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value === 'object') for (const [inner, leaf] of leaves(value as Tree, `${path}${key}.`)) found.set(inner, leaf);
    else found.set(path + key, value);
  }
  return found;
}

test('48 the lab speaks both languages completely', () => {
  const korean = leaves(ko);
  const english = leaves(en);
  assert.deepEqual([...korean.keys()].sort(), [...english.keys()].sort());
  for (const words of [korean, english]) {
    for (const [key, word] of words) {
      const text = typeof word === 'function' ? String(word(1, 2, 3)) : String(word);
      assert.ok(text.trim() !== '' && !text.includes('undefined'), key);
    }
  }
});
