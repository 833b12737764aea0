import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '@suda/protocol';
import { fewPeople, unreadCounter } from './read-by.ts';

const member = (id: string, readPos: number) =>
  ({ user: { id, name: id, guest: true }, role: 'member', joinedAt: 0, readPos, online: true }) as unknown as Member;

test('31 who has not read it: neither its sender nor the one who looks at it', () => {
  const count = unreadCounter([member('me', 2), member('mina', 4), member('jun', 3), member('new', 9)], 'me');
  assert.ok(count);
  assert.deepEqual(
    [3, 4, 5, 9, 10].map((pos) => count(pos, 'me')),
    [0, 1, 2, 2, 3],
  );
  assert.equal(count(5, 'jun'), 1);
});

test('31 no count for one alone, nor among many', () => {
  const many = Array.from({ length: fewPeople + 1 }, (_, i) => member(`u${i}`, 0));
  assert.equal(unreadCounter(many, 'u0'), null);
  assert.ok(unreadCounter(many.slice(1), 'u0'));
  assert.equal(unreadCounter([member('me', 0)], 'me'), null);
});
