process.env.TZ = 'Asia/Seoul';

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutboxEntry } from '@suda/client';
import type { Message } from '@suda/protocol';
import { buildRows, countNew, groupMs, markAtEnd, type Row, rowBuilder, type SaidRow } from './rows.ts';

const noon = new Date('2025-11-21T12:00:00+09:00').getTime();
const me = { id: 'me', name: 'Me' } as Message['sender'] & object;

function message(pos: number, from: string, at: number, more: object = {}): Message {
  const fields = { room: 'lobby', pos, rev: pos, kind: 'text', sender: { id: from, name: from }, clientId: `c${pos}`, text: `t${pos}`, at };
  return { ...fields, ...more } as Message;
}
function entry(clientId: string, at: number, more: object = { state: 'waiting' }): OutboxEntry {
  return { clientId, room: 'lobby', text: clientId, createdAt: at, ...more } as OutboxEntry;
}
const build = (messages: Message[], outbox: OutboxEntry[] = []) => buildRows({ room: 'lobby', me, messages, outbox, line: null });
const said = (rows: readonly Row[]) => rows.filter((row): row is SaidRow => row.kind === 'said');
const shape = (rows: readonly Row[]) => said(rows).map((row) => (row.first ? '(' : '') + row.text + (row.last ? ')' : ''));

test('21 one author within five minutes is one group', () => {
  const rows = build([
    message(1, 'mina', noon),
    message(2, 'mina', noon + groupMs - 1),
    message(3, 'mina', noon + 2 * groupMs),
    message(4, 'jun', noon + 2 * groupMs),
    message(5, 'mina', noon + 2 * groupMs),
  ]);
  assert.deepEqual(shape(rows), ['(t1', 't2)', '(t3)', '(t4)', '(t5)']);
});

test('21 a notice, a new day and a whisper end a group', () => {
  const midnight = new Date('2025-11-22T00:00:00+09:00').getTime();
  const rows = build([
    message(1, 'mina', noon),
    message(2, 'mina', noon, { kind: 'notice', text: '', notice: { type: 'renamed', name: 'x' } }),
    message(3, 'mina', noon),
    message(9, 'mina', noon, { room: 'd_me_mina', via: 'lobby' }),
    message(4, 'mina', midnight - 1),
    message(5, 'mina', midnight),
  ]);
  assert.deepEqual(shape(rows), ['(t1)', '(t3)', '(t9)', '(t4)', '(t5)']);
  assert.deepEqual(rows.map((row) => row.kind).join(' '), 'day said notice said said said day said');
  assert.equal(said(rows)[2]?.whisper, true);
});

test('22 one line for each day, and none for a clock that is a little behind', () => {
  const midnight = new Date('2025-11-22T00:00:00+09:00').getTime();
  const rows = build([
    message(1, 'a', midnight - 1),
    message(2, 'a', midnight),
    message(3, 'a', midnight - 1),
    message(4, 'a', midnight + 1),
  ]);
  assert.deepEqual(
    rows.filter((row) => row.kind === 'day').map((row) => row.key),
    ['day/2025-11-21', 'day/2025-11-22'],
  );
});

test('1 one’s own message keeps its key when the server confirms it, and stands there once', () => {
  const pending = said(build([], [entry('c7', noon)]));
  const both = said(build([message(7, 'me', noon)], [entry('c7', noon, { state: 'sent', pos: 7 })]));
  assert.equal(pending[0]?.key, both[0]?.key);
  assert.equal(both.length, 1);
});

test('2 pending, sent and failed', () => {
  const error = { code: 'too_long', message: '', retry: false };
  const rows = said(
    build([], [entry('a', noon), entry('b', noon, { state: 'sent', pos: 3 }), entry('c', noon, { state: 'failed', error })]),
  );
  assert.deepEqual(
    rows.map((row) => row.state),
    ['pending', 'sent', 'failed'],
  );
  assert.equal(rows[2]?.error?.code, 'too_long');
});

test('rows that did not change are the same objects', () => {
  const rows = rowBuilder();
  const [a, b] = [message(1, 'a', noon), message(2, 'b', noon)];
  const before = rows({ room: 'lobby', me, messages: [a, b], outbox: [], line: null });
  const after = rows({ room: 'lobby', me: { ...me }, messages: [a, { ...b, text: 'new' }, message(3, 'a', noon)], outbox: [], line: null });
  assert.equal(before[0], after[0]);
  assert.equal(before[1], after[1]);
  assert.notEqual(before[2], after[2]);
});

test('32 a line stands before the first message that was not read, and parts its group', () => {
  const messages = [1, 2, 3, 4].map((pos) => message(pos, 'a', noon));
  const rows = buildRows({ room: 'lobby', me, messages, outbox: [], line: 2 });
  assert.deepEqual(
    rows.map((row) => (row.kind === 'said' ? row.pos : row.kind)),
    ['day', 1, 2, 'new', 3, 4],
  );
  assert.deepEqual(shape(rows), ['(t1', 't2)', '(t3', 't4)']);
  // Only where it belongs: not above the first that happens to be loaded, nor below the last.
  for (const line of [0, 4, null])
    assert.ok(!buildRows({ room: 'lobby', me, messages: messages.slice(1), outbox: [], line }).some((row) => row.kind === 'new'));
});

test('28 rows are made once for each message, however often the timeline is built', () => {
  const rows = rowBuilder();
  const messages = Array.from({ length: 2_000 }, (_, i) => message(i + 1, `p${(i % 7) >> 1}`, noon + i * 1_000));
  const before = new Set(rows({ room: 'lobby', me, messages, outbox: [], line: null }));
  const after = rows({ room: 'lobby', me, messages: [...messages, message(2_001, 'p9', noon + 3_000_000)], outbox: [], line: null });
  assert.equal(after.filter((row) => !before.has(row)).length, 1);
});

test('25 the pill counts what others said since the end was left', () => {
  const rows = build([
    message(1, 'a', noon),
    message(2, 'a', noon),
    message(3, 'me', noon),
    message(4, 'b', noon),
    message(5, 'b', noon, { deleted: true }),
  ]);
  assert.equal(countNew(rows, 'lobby', markAtEnd(rows.slice(0, 2), 'lobby')), 2);
  assert.equal(countNew(rows, 'lobby', markAtEnd(rows, 'lobby')), 0);
  const whisper = build([message(1, 'a', noon), message(9, 'a', noon + 1, { room: 'd_a_me', via: 'lobby' })]);
  assert.deepEqual(markAtEnd(whisper, 'lobby'), { pos: 1, at: noon + 1 });
  assert.equal(countNew(whisper, 'lobby', { pos: 1, at: noon }), 1);
});
