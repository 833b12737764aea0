import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@suda/protocol';
import { whispersRead, withWhispers } from './whispers.ts';

const say = (room: string, pos: number, at: number, via?: string) =>
  ({ room, pos, rev: pos, kind: 'text', text: '', at, sender: null, ...(via ? { via } : {}) }) as unknown as Message;
const ids = (messages: readonly Message[]) => messages.map((m) => `${m.room}${m.pos}`).join(' ');
const whole = { hasOlder: false, atLatest: true };

test('whispers of this room stand among its messages by time, others do not', () => {
  const room = [say('r', 1, 10), say('r', 2, 20), say('r', 3, 30)];
  const a = [say('a', 1, 5, 'r'), say('a', 2, 15), say('a', 3, 20, 'r'), say('a', 4, 25, 'other'), say('a', 5, 99, 'r')];
  const b = [say('b', 1, 20, 'r')];
  assert.equal(ids(withWhispers('r', room, [a, b], whole)), 'a1 r1 r2 a3 b1 r3 a5');
});

test('the room’s own order is that of pos, whatever its clocks say', () => {
  const room = [say('r', 1, 10), say('r', 2, 30), say('r', 3, 20)];
  assert.equal(ids(withWhispers('r', room, [[say('a', 1, 25, 'r')]], whole)), 'r1 r2 r3 a1');
});

test('whispers from outside the window wait', () => {
  const room = [say('r', 5, 50), say('r', 6, 60)];
  const direct = [say('a', 1, 40, 'r'), say('a', 2, 55, 'r'), say('a', 3, 70, 'r')];
  assert.equal(ids(withWhispers('r', room, [direct], { hasOlder: true, atLatest: false })), 'r5 a2 r6');
  assert.equal(ids(withWhispers('r', room, [direct], { hasOlder: true, atLatest: true })), 'r5 a2 r6 a3');
});

test('without whispers nothing is copied', () => {
  const room = [say('r', 1, 10)];
  assert.equal(withWhispers('r', room, [[say('a', 1, 5)]], whole), room);
  assert.equal(ids(withWhispers('r', [], [[say('a', 1, 5, 'r')]], whole)), 'a1');
});

test('33 reading whispers here marks the direct room only as far as they go unbroken', () => {
  const direct = [say('a', 4, 1, 'r'), say('a', 5, 2, 'r'), say('a', 6, 3), say('a', 7, 4, 'r')];
  assert.equal(whispersRead('r', direct, 3), 5);
  assert.equal(whispersRead('r', direct, 5), null);
  assert.equal(whispersRead('r', direct, 6), 7);
  assert.equal(whispersRead('r', direct, 1), null);
  assert.equal(whispersRead('r', [], 0), null);
});
