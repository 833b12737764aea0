import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message } from '@suda/protocol';
import { buildRows, type Row } from './rows.ts';
import { type Item, type Look, Sheet } from './sheet.ts';

const seen = 600;
const me = { id: 'me', name: 'Me' } as Message['sender'] & object;

function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const pos = from + i;
    const fields = { room: 'lobby', pos, rev: pos, kind: 'text', clientId: `c${pos}`, text: `t${pos}`, at: pos * 1_000 };
    return { ...fields, sender: { id: `u${pos % 3}`, name: 'u' } } as unknown as Message;
  });
}
const rowsOf = (from: number, to: number) => buildRows({ room: 'lobby', me, messages: messages(from, to), outbox: [], line: null });
const key = (pos: number) => `lobby/p/${pos}`;
const isRow = (item: Item): item is Row => item.kind !== 'gap';
const heightOf = (sheet: Sheet, item: Item) => (item.kind === 'gap' ? item.height : sheet.heights.of(item));
const total = (sheet: Sheet, items: readonly Item[]) => items.reduce((sum, item) => sum + heightOf(sheet, item), 0);

/** Positions 20,001 to 22,000 of 50,000 are loaded; every row is 30 to 60 px high and was measured. */
function middle(): Sheet {
  const sheet = new Sheet();
  const rows = rowsOf(20_001, 22_000);
  sheet.set(rows, { above: 20_000, count: 2_000, below: 28_000 });
  for (const [index, row] of rows.entries()) sheet.measure(row.key, 30 + (index % 31));
  return sheet;
}

describe('UX 28 a sheet of which few rows are in the document', () => {
  test('few rows stand in it, wherever one looks, and with the gaps they are as high as everything', () => {
    const sheet = middle();
    const whole = sheet.before + sheet.length + sheet.after;
    for (let y = 0; y < whole; y += 1_313) {
      const items = sheet.items(sheet.range(sheet.look(y, seen), seen), []);
      assert.ok(items.filter(isRow).length <= 140, `${items.length} at ${y}`);
      assert.ok(Math.abs(total(sheet, items) - whole) < 0.01);
    }
  });

  test('what is seen is in it', () => {
    const sheet = middle();
    for (let y = sheet.before; y < sheet.before + sheet.length - seen; y += 777) {
      const range = sheet.range(sheet.look(y, seen), seen);
      const visible = sheet.visible(y, seen);
      assert.ok(range.from <= visible.from && range.to >= visible.to);
    }
  });

  test('a look leads back to where it was taken', () => {
    const sheet = middle();
    const whole = sheet.before + sheet.length + sheet.after;
    for (let y = 0; y < whole - seen; y += 997) {
      const look = sheet.look(y, seen);
      assert.ok(Math.abs((sheet.topOf(look) ?? 0) - y) < 1, `${y}: ${JSON.stringify(look)}`);
    }
  });

  test('each place outside of what is loaded is the place of a message', () => {
    const sheet = middle();
    const top = sheet.look(0, seen);
    assert.deepEqual(top, { at: 'outside', above: 0 });
    const unit = sheet.before / 20_000;
    assert.deepEqual(sheet.look(unit * 1_234, seen), { at: 'outside', above: 1_234 });
    const below = sheet.look(sheet.before + sheet.length + unit * 10_000, seen);
    assert.ok(below.at === 'outside' && Math.abs(below.above - 32_000) < 0.001);
  });

  test('what must stay is in it however far away, and the rest keeps its place', () => {
    const sheet = middle();
    const range = sheet.range(sheet.look(sheet.before + 30_000, seen), seen);
    const pinned = [key(20_002), key(20_003), key(21_900), null, 'gone'];
    const items = sheet.items(range, pinned);
    assert.ok(Math.abs(total(sheet, items) - (sheet.before + sheet.length + sheet.after)) < 0.01);
    let y = 0;
    for (const item of items) {
      const index = isRow(item) ? sheet.index(item.key) : undefined;
      if (index !== undefined) assert.ok(Math.abs(y - sheet.top(index)) < 0.01);
      y += heightOf(sheet, item);
    }
    for (const one of pinned.slice(0, 3)) assert.ok(items.some((item) => item.key === one));
    assert.equal(new Set(items.map((item) => item.key)).size, items.length);
  });

  test('UX 26 older messages change no look, and rows that stood in the document stay there', () => {
    const sheet = middle();
    const look = sheet.look(sheet.before + 900, seen);
    const before = sheet.items(sheet.range(look, seen), []).filter(isRow);
    sheet.set(rowsOf(19_901, 22_000), { above: 19_900, count: 2_100, below: 28_000 });
    const after = new Set(sheet.items(sheet.range(look, seen), []).map((item) => item.key));
    const kept = before.filter((row) => after.has(row.key)).length;
    assert.ok(kept >= before.length - 60, `${kept} of ${before.length}`);
    assert.equal(look.at, 'row');
  });

  test('a hundred million messages are no higher than a browser can lay out', () => {
    const sheet = new Sheet();
    sheet.set(rowsOf(1, 100), { above: 100_000_000, count: 100, below: 0 });
    assert.ok(sheet.before <= 8_000_001);
    const look = sheet.look(sheet.before / 2, seen);
    assert.ok(look.at === 'outside' && Math.abs(look.above - 50_000_000) < 1);
  });

  test('a guess stays until the row itself is measured', () => {
    const sheet = new Sheet();
    const rows = rowsOf(1, 200);
    sheet.set(rows, { above: 0, count: 200, below: 0 });
    const whole = sheet.length;
    const last = rows.at(-1);
    assert.ok(last);
    const guess = sheet.heights.of(last);
    assert.equal(sheet.measure(last.key, guess + 100), true);
    assert.equal(sheet.measure(last.key, guess + 100), false);
    assert.ok(Math.abs(sheet.length - whole - 100) < 0.01);
  });

  test('few messages, and none', () => {
    const sheet = new Sheet();
    const end: Look = { at: 'end' };
    assert.deepEqual(sheet.items(sheet.range(end, seen), []).filter(isRow), []);
    const rows = rowsOf(1, 3);
    sheet.set(rows, { above: 0, count: 3, below: 0 });
    assert.deepEqual(sheet.items(sheet.range(end, seen), []).filter(isRow), rows);
  });
});
