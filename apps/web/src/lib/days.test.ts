process.env.TZ = 'Asia/Seoul';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayFinder, dayOf, nearness } from './days.ts';

const seoul = (text: string) => new Date(`${text}+09:00`).getTime();

test('22 the day turns at midnight of the viewer, not of the server', () => {
  assert.equal(dayOf(seoul('2025-11-21T23:59:59.999')).key, '2025-11-21');
  assert.equal(dayOf(seoul('2025-11-22T00:00:00.000')).key, '2025-11-22');
  assert.equal(dayOf(seoul('2025-11-22T08:59:00')).key, '2025-11-22');
});

test('22 the remembered day is left at its exact edges', () => {
  const find = dayFinder();
  assert.equal(find(seoul('2025-11-21T12:00:00')).key, '2025-11-21');
  assert.equal(find(seoul('2025-11-22T00:00:00') - 1).key, '2025-11-21');
  assert.equal(find(seoul('2025-11-22T00:00:00')).key, '2025-11-22');
  assert.equal(find(seoul('2025-11-20T00:00:00')).key, '2025-11-20');
});

test('22 today, yesterday, earlier', () => {
  const now = seoul('2025-11-22T00:00:01');
  assert.equal(nearness(seoul('2025-11-22T00:00:00'), now), 'today');
  assert.equal(nearness(seoul('2025-11-21T00:00:00'), now), 'yesterday');
  assert.equal(nearness(seoul('2025-11-20T23:59:59'), now), 'earlier');
});
