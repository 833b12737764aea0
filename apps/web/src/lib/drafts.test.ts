import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Drafts, type TextStorage } from './drafts.ts';

function memory(): TextStorage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

test('UX 10 a draft and whom its names mean stay until it is empty, each room its own', () => {
  const storage = memory();
  const drafts = new Drafts(() => storage);
  drafts.write('u', 'a', '@지훈');
  drafts.pick('u', 'a', '지훈', 'u_2');
  drafts.pick('u', 'a', '지훈', 'u_3');
  assert.equal(drafts.read('u', 'a'), '@지훈');
  assert.deepEqual([...drafts.picked('u', 'a')], [['지훈', 'u_3']]);
  assert.equal(drafts.picked('u', 'b').size, 0);
  drafts.write('u', 'a', '');
  assert.equal(drafts.picked('u', 'a').size, 0);
});

test('UX 10 signing out forgets them, and only one’s own', () => {
  const storage = memory();
  const drafts = new Drafts(() => storage);
  for (const user of ['u', 'v']) {
    drafts.write(user, 'a', 'x');
    drafts.pick(user, 'a', '지훈', 'u_3');
  }
  drafts.forget('u');
  assert.equal(storage.length, 2);
  assert.equal(drafts.read('v', 'a'), 'x');
});

test('UX 10 a storage that fails, or has nonsense, costs drafts and nothing else', () => {
  const broken = new Drafts(() => {
    throw new Error('forbidden');
  });
  broken.write('u', 'a', 'x');
  broken.pick('u', 'a', 'n', 'i');
  assert.equal(broken.read('u', 'a'), '');
  assert.equal(broken.picked('u', 'a').size, 0);
  const storage = memory();
  storage.setItem('suda.draft.u.a.names', '[["x"],1,["a","b"]]');
  assert.deepEqual([...new Drafts(() => storage).picked('u', 'a')], [['a', 'b']]);
});
