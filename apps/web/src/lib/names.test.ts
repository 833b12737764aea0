import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from './names.ts';

test('UX 48 a long name is shortened at whole signs, as wide in Korean as in English', () => {
  assert.equal(shortened('우리 집 서버', 12), '우리 집 서버');
  assert.equal(shortened('이번 주말 산행을 어디로', 12), '이번 주말 산…');
  assert.equal(shortened('Wednesday readers', 12), 'Wednesday re…');
  assert.equal(shortened('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 3), '👨‍👩‍👧‍👦…');
  assert.equal(shortened('', 0), '');
});
