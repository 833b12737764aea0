import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangesPage, Message, MessageEvent, ResetPage } from '@suda/protocol';
import { FakeRoom, userOf } from '../testing/fake-chat.ts';
import { applyEvent, applyPage, beginLoad, emptyLog, hasOlder, mergePage, type RoomLog, SLACK, WINDOW } from './log.ts';

const jun = userOf('Jun');

/** A room with messages, and the log of a client that has just opened it. */
function opened(messages: number) {
  const room = new FakeRoom('hall');
  for (let n = 1; n <= messages; n++) room.say(jun, { text: `m${n}` });
  return { room, log: applyPage(emptyLog, room.open(jun.id)).log };
}

const poses = ({ messages }: RoomLog): number[] => messages.map(({ pos }) => pos);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test('R4.2 the next rev is applied', () => {
  const { room, log } = opened(3);
  const { log: next, gap, news } = applyEvent(log, room.say(jun, { text: 'm4' }));
  assert.equal(gap, false);
  assert.deepEqual(poses(next), [1, 2, 3, 4]);
  assert.deepEqual(next.cursor, { epoch: 'e1', rev: 4 });
  assert.deepEqual(
    news.map(({ fresh }) => fresh),
    [true],
  );
});

test('R4.2 rev at or below the cursor is dropped', () => {
  const { room, log } = opened(3);
  const event = room.messages[1] as MessageEvent;
  assert.equal(applyEvent(log, { ...event, text: 'old' }).log, log);
});

test('P4 a jump in rev makes the room ask again and changes nothing', () => {
  const { room, log } = opened(3);
  room.say(jun, { text: 'm4' });
  const { log: next, gap } = applyEvent(log, room.say(jun, { text: 'm5' }));
  assert.equal(gap, true);
  assert.equal(next, log);
});

test('R4.2 `after` says that what lies between comes later: no gap, and no hole is shown', () => {
  const { room, log } = opened(3);
  room.say(jun, { text: 'm4' });
  const fifth = room.say(jun, { text: 'm5' });
  const fourth = room.edit(4, 'M4');
  const first = applyEvent(log, { ...fifth, after: 3 });
  assert.equal(first.gap, false);
  assert.deepEqual(poses(first.log), [1, 2, 3], '5 waits for 4');
  const second = applyEvent(first.log, { ...fourth, after: 5 });
  assert.deepEqual(poses(second.log), [1, 2, 3, 4, 5]);
  assert.equal(second.news[0]?.fresh, true, 'a message that was skipped is new');
  assert.deepEqual(second.log.ahead, []);
});

test('R4.2 an `after` above the cursor is a gap', () => {
  const { room, log } = opened(3);
  assert.equal(applyEvent(log, { ...room.say(jun, { text: 'm4' }), after: 4 }).gap, true);
});

test('R4.3 the answer to room.open brings each change once and moves the cursor to head', () => {
  const { room, log } = opened(3);
  room.say(jun, { text: 'm4' });
  room.edit(2, 'two');
  room.edit(4, 'four');
  const page = room.open(jun.id, { epoch: 'e1', rev: 3 });
  const { log: next } = applyPage(log, page);
  assert.deepEqual(next.messages, room.messages);
  assert.deepEqual(next.cursor, { epoch: 'e1', rev: room.head });
});

test('R4.3 `reset` replaces everything', () => {
  const { room, log } = opened(3);
  room.resumeChanges = 1;
  for (let n = 4; n <= 100; n++) room.say(jun, { text: `m${n}` });
  const { log: next, news } = applyPage(log, room.open(jun.id, { epoch: 'e1', rev: 3 }));
  assert.deepEqual(poses(next), range(51, 100));
  assert.equal(hasOlder(next), true);
  assert.deepEqual(news, []);
});

test('R4.3 another epoch is another log: reset', () => {
  const { room, log } = opened(10);
  room.restore('e2', 4);
  const { log: next } = applyPage(log, room.open(jun.id, { epoch: 'e1', rev: 10 }));
  assert.deepEqual(poses(next), [1, 2, 3, 4]);
  assert.deepEqual(next.cursor, { epoch: 'e2', rev: 4 });
});

test('R4.3 changes of another epoch than ours are a gap', () => {
  const { room, log } = opened(3);
  const page: ChangesPage = { room: room.summary(jun.id), epoch: 'e9', head: 9, changes: [] };
  assert.equal(applyPage(log, page).gap, true);
});

test('P4 a late reset of the same epoch says nothing new and changes nothing', () => {
  const { room, log } = opened(3);
  const late = room.open(jun.id) as ResetPage;
  const { log: ahead } = applyEvent(log, room.say(jun, { text: 'm4' }));
  assert.equal(applyPage(ahead, late).log, ahead);
});

test('P4 an edit outside of the window is ignored but moves the cursor', () => {
  const { room, log } = opened(200);
  assert.deepEqual(poses(log), range(151, 200));
  const { log: next } = applyEvent(log, room.edit(3, 'three'));
  assert.deepEqual(next.messages, log.messages);
  assert.equal(next.cursor?.rev, 201);
});

test('R4.6 a deletion leaves an empty tombstone at its pos', () => {
  const { room, log } = opened(3);
  const { log: next } = applyEvent(log, room.delete(2));
  assert.deepEqual(next.messages[1], { ...room.messages[1], text: '', deleted: true });
});

test('older pages are prepended without hole or double', () => {
  const { room, log } = opened(120);
  const loading = beginLoad(log);
  const merged = mergePage(loading, room.page({ before: 71, limit: 50 }), 'older');
  assert.ok(merged);
  assert.deepEqual(poses(merged), range(21, 120));
  const first = mergePage(beginLoad(merged), room.page({ before: 21, limit: 50 }), 'older');
  assert.ok(first);
  assert.deepEqual(poses(first), range(1, 120));
  assert.equal(hasOlder(first), false);
});

test('P4 an older page that was read before an edit does not bring the old form back', () => {
  const { room, log } = opened(120);
  const late = room.page({ before: 71, limit: 50 });
  let next: RoomLog | null = beginLoad(log);
  next = applyEvent(next, room.edit(30, 'edited meanwhile')).log;
  next = mergePage(next, late, 'older');
  assert.equal(next?.messages.find(({ pos }) => pos === 30)?.text, 'edited meanwhile');
});

test('P4 a page newer than the cursor is not undone by the events that follow', () => {
  const { room, log } = opened(120);
  const first = room.edit(30, 'first') as MessageEvent;
  const second = room.edit(30, 'second') as MessageEvent;
  let next: RoomLog | null = mergePage(beginLoad(log), room.page({ before: 71, limit: 50 }), 'older');
  assert.ok(next);
  next = applyEvent(next, first).log;
  assert.equal(next.messages.find(({ pos }) => pos === 30)?.text, 'second');
  next = applyEvent(next, second).log;
  assert.equal(next.cursor?.rev, 122);
});

test('a window elsewhere lets live messages pass, and joins the present without a hole', () => {
  const { room, log } = opened(300);
  let next = mergePage(beginLoad(log), room.page({ around: 100, limit: 50 }), 'there');
  assert.ok(next);
  assert.equal(next.following, false);
  const asked: RoomLog = beginLoad(next);
  next = asked;
  for (let tries = 0; !next.following && tries < 20; tries++) {
    const page = room.page({ after: next.messages.at(-1)?.pos ?? 0, limit: 50 });
    const live: Message = room.say(jun, { text: `live ${tries}` });
    const merged = mergePage(applyEvent(beginLoad(next), live).log, page, 'newer');
    assert.ok(merged);
    next = merged;
  }
  assert.equal(next.following, true);
  assert.deepEqual(poses(next), range(75, room.messages.length));
});

test('a page asked for before a reset is asked for again', () => {
  const { room, log } = opened(120);
  const page = room.page({ before: 71, limit: 50 });
  const reset = applyPage(beginLoad(log), room.open(jun.id)).log;
  assert.equal(mergePage(reset, page, 'older'), null);
});

test('memory stays bounded: a long window loses its older end, and says that there is more', () => {
  let { room, log } = opened(1);
  for (let n = 0; n < 5_000; n++) log = applyEvent(log, room.say(jun, { text: 'x' })).log;
  assert.ok(log.messages.length <= WINDOW + SLACK);
  assert.equal(log.messages.at(-1)?.pos, 5_001);
  assert.equal(hasOlder(log), true);
});

test('memory stays bounded: reading far back loses the newer end, and can come back', () => {
  let { room, log } = opened(4_000);
  for (let page = 0; page < 60; page++) {
    const first: number = log.messages[0]?.pos ?? 1;
    log = mergePage(beginLoad(log), room.page({ before: first, limit: 50 }), 'older') ?? log;
  }
  assert.ok(log.messages.length <= WINDOW + SLACK);
  assert.equal(log.following, false);
  log = mergePage(beginLoad(log), room.page({}), 'there') ?? log;
  assert.equal(log.following, true);
  assert.equal(log.messages.at(-1)?.pos, 4_000);
});

test('a pos out of all proportion does not fill the memory', () => {
  const { room, log } = opened(1);
  const message = { ...room.say(jun, { text: 'far' }), pos: Number.MAX_SAFE_INTEGER };
  assert.ok(applyEvent(log, message).log.missing.length <= WINDOW * 5);
});

test('an older page that no longer joins, because the window has lost its older end meanwhile, is asked for again', () => {
  let { room, log } = opened(100);
  for (let n = 0; n < WINDOW + SLACK - 60; n++) log = applyEvent(log, room.say(jun, { text: 'x' })).log;
  const page = room.page({ before: log.messages[0]?.pos ?? 0, limit: 10 });
  log = beginLoad(log);
  for (let n = 0; n < 50; n++) log = applyEvent(log, room.say(jun, { text: 'x' })).log;
  assert.equal(mergePage(log, page, 'older'), null);
});

test('P4 a page from a node that lags behind our cursor is asked for again', () => {
  const { room, log } = opened(120);
  const page = room.page({ before: 71 });
  const next = applyEvent(log, room.edit(30, 'newer')).log;
  assert.equal(mergePage(beginLoad(next), page, 'older'), null);
});

test('an empty older page is the beginning of what there is', () => {
  const { room, log } = opened(120);
  const merged = mergePage(beginLoad(log), { ...room.page({}), messages: [] }, 'older');
  assert.ok(merged);
  assert.equal(hasOlder(merged), false);
});

test('a page with a hole is not shown', () => {
  const { room, log } = opened(120);
  const page = room.page({ around: 50, limit: 10 });
  assert.equal(mergePage(beginLoad(log), { ...page, messages: page.messages.filter(({ pos }) => pos !== 50) }, 'there'), null);
});
