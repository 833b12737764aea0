import assert from 'node:assert/strict';
import { test } from 'node:test';
import { directPeer, directRoomId, type UserId } from '@suda/protocol';
import { Drafts } from './drafts.ts';
import { badge, pageTitle, peerIdOf } from './rooms.ts';

test('34 the title counts', () => {
  assert.equal(pageTitle(0, null, '수다'), '수다');
  assert.equal(pageTitle(3, '로비', '수다'), '(3) 로비 · 수다');
  assert.equal(pageTitle(1000, null, '수다'), '(999+) 수다');
  assert.equal(badge(100), '99+');
});

test('a direct room’s other person is the one that the protocol says', () => {
  const [a, b] = ['u1', 'u2'] as [UserId, UserId];
  for (const [room, me] of [
    [directRoomId(a, b), a],
    [directRoomId(b, a), b],
    [directRoomId(a, a), a],
    ['lobby', a],
    ['d_x_y', a],
  ] as const) {
    assert.equal(peerIdOf(room, me), directPeer(room as ReturnType<typeof directRoomId>, me) ?? null);
  }
});

function memory() {
  const map = new Map<string, string>();
  return {
    get length() {
      return map.size;
    },
    key: (i: number) => [...map.keys()][i] ?? null,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
    removeItem: (key: string) => void map.delete(key),
  };
}

test('10 a draft for each room and user; signing out forgets one’s own', () => {
  const storage = memory();
  const drafts = new Drafts(() => storage);
  drafts.write('u1', 'lobby', 'a');
  drafts.write('u1', 'r2', 'b');
  drafts.write('u2', 'lobby', 'c');
  assert.equal(drafts.read('u1', 'lobby'), 'a');
  drafts.write('u1', 'lobby', '');
  assert.equal(drafts.read('u1', 'lobby'), '');
  drafts.forget('u1');
  assert.equal(drafts.read('u1', 'r2'), '');
  assert.equal(drafts.read('u2', 'lobby'), 'c');
});

test('10 a storage that throws is no reason to fail', () => {
  const drafts = new Drafts(() => {
    throw new Error('SecurityError');
  });
  drafts.write('u1', 'r', 'x');
  assert.equal(drafts.read('u1', 'r'), '');
});
