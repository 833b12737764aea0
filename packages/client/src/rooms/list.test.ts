import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRoom, roomId, userOf } from '../testing/fake-chat.ts';
import { createRoomList, summaryWithActivity, summaryWithMessage } from './list.ts';

const mina = userOf('Mina');
const jun = userOf('Jun');

function hall(messages: number) {
  const room = new FakeRoom('hall');
  room.join(mina);
  for (let n = 1; n <= messages; n++) room.say(jun, { text: `m${n}` });
  return room;
}

test('R4.9 unread is pos − readPos, and one’s own message is read', () => {
  const room = hall(3);
  const before = room.summary(mina.id);
  const theirs = summaryWithMessage(before, room.say(jun, { text: 'm4' }), mina.id);
  assert.deepEqual([theirs.pos, theirs.unread, theirs.last?.text], [4, 4, 'm4']);
  const mine = summaryWithMessage(theirs, room.say(mina, { text: 'm5' }), mina.id);
  assert.deepEqual([mine.pos, mine.unread], [5, 0]);
});

test('no phantom badge: an edit, or an old message heard late, changes no count', () => {
  const room = hall(3);
  const before = room.summary(mina.id);
  const edited = summaryWithMessage(before, room.edit(1, 'one'), mina.id);
  assert.deepEqual([edited.pos, edited.unread, edited.last?.pos, edited.head], [3, 3, 3, 4]);
  const last = summaryWithMessage(edited, room.edit(3, 'three'), mina.id);
  assert.equal(last.last?.text, 'three');
});

test('R4.5 a notice changes title and owner', () => {
  const room = hall(1);
  const sender = { id: jun.id, name: 'Jun' };
  const notice = { ...room.say(jun, { text: '' }), kind: 'notice' as const };
  const renamed = summaryWithMessage(room.summary(mina.id), { ...notice, rev: 3, notice: { type: 'renamed', name: 'Den' } }, mina.id);
  assert.equal(renamed.name, 'Den');
  const mine = { type: 'owner' as const, user: { ...sender, id: mina.id } };
  assert.equal(summaryWithMessage(renamed, { ...notice, rev: 4, notice: mine }, mina.id).role, 'owner');
});

test('R4.11 activity that is late is dropped; that of another epoch counts', () => {
  const room = hall(3);
  const now = room.summary(mina.id);
  const last = room.messages[0];
  assert.ok(last);
  const event = { room: roomId('hall'), epoch: 'e1', head: 1, pos: 1, last };
  assert.equal(summaryWithActivity(now, event, mina.id), now);
  assert.equal(summaryWithActivity(now, { ...event, epoch: 'e2' }, mina.id).pos, 1);
});

test('what I have read stays read, whatever an older answer says', () => {
  const room = hall(5);
  const told: string[] = [];
  const list = createRoomList((id) => told.push(id));
  list.replace([room.summary(mina.id)]);
  list.read('hall', 4);
  list.replace([room.summary(mina.id)]);
  assert.equal(list.get('hall')?.unread, 1);
  list.change('hall', (summary) => summaryWithMessage(summary, room.say(jun, { text: 'm6' }), mina.id));
  list.put({ ...room.summary(mina.id), head: 5, pos: 5, last: null });
  assert.equal(list.get('hall')?.pos, 6, 'an answer may be older than what was heard since');
  assert.equal(list.get('hall')?.unread, 2);
  assert.ok(told.every((id) => id === 'hall'));
});

test('R4.9 unread again: the count goes up, an older answer takes nothing back, reading goes on from there', () => {
  const room = hall(5);
  const list = createRoomList(() => {});
  list.replace([room.summary(mina.id)]);
  list.read('hall', 5);
  list.read('hall', 2, true);
  assert.deepEqual([list.get('hall')?.readPos, list.get('hall')?.unread], [2, 3]);
  list.read('hall', 4);
  assert.equal(list.get('hall')?.unread, 1);
});

test('R4.9 unread again on another device while I was away: a fresh greeting says so, another answer may be old', () => {
  const room = hall(5);
  const list = createRoomList(() => {});
  list.replace([room.summary(mina.id)]);
  list.read('hall', 5);
  list.replace([room.summary(mina.id)]);
  assert.equal(list.get('hall')?.unread, 0);
  list.replace([room.summary(mina.id)], true);
  assert.equal(list.get('hall')?.unread, 5);
});

test('a room that I am no member of is not in my list', () => {
  const list = createRoomList(() => {});
  list.replace([hall(1).summary(jun.id)]);
  assert.deepEqual(list.rooms.get(), []);
});
