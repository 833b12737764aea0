import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { entryFor, Tail } from './log.ts';
import { FakeLog } from './testing/fake-log.ts';

const entry = (seq: number, key = seq, json = `{"key":${key},"rev":${seq}}`) => ({ seq, key, first: key, json });

describe('the tail of a log', () => {
  it('answers from every cursor it reaches back to, each key once in its last form', () => {
    const tail = new Tail(10, 100, 10_000);
    for (const [seq, key] of [
      [11, 1],
      [12, 2],
      [13, 1],
    ] as const)
      tail.push(entry(seq, key));
    const from = (cursor: number) => tail.since(cursor)?.map(({ seq }) => seq);
    assert.deepEqual([from(9), from(10), from(12), from(13), from(99)], [undefined, [12, 13], [13], [], []]);
  });

  it('P6 is bounded in number', () => {
    const tail = new Tail(0, 10, 10_000);
    for (let seq = 1; seq <= 1_000; seq++) {
      tail.push(entry(seq));
      assert.ok(seq - tail.from <= 20);
      assert.equal(tail.since(tail.from)?.length, seq - tail.from);
    }
  });

  it('P6 is bounded in bytes, also by one entry that is too large alone', () => {
    const tail = new Tail(0, 1_000, 1_000);
    for (let seq = 1; seq <= 100; seq++) tail.push(entry(seq, seq, `{"x":"${'x'.repeat(93)}"}`));
    assert.ok(100 - tail.from <= 20);
    tail.push(entry(101, 101, `{"x":"${'x'.repeat(5_000)}"}`));
    assert.equal(tail.from, 101);
    assert.deepEqual(tail.since(101), []);
    assert.equal(tail.since(100), undefined);
  });
});

describe('an entry of a log, as an event', () => {
  const log = new FakeLog();
  it('R4.2 says `after` exactly where it does not follow directly', () => {
    assert.deepEqual(JSON.parse(entryFor(log, entry(5), 4, 4).json), { key: 5, rev: 5 });
    assert.deepEqual(JSON.parse(entryFor(log, entry(5), 2, 2).json), { key: 5, rev: 5, after: 2 });
    assert.deepEqual(JSON.parse(entryFor(log, entry(5, 5, '{}'), 2, 2).json), { after: 2 });
  });

  it('R4.1 is fresh to one who began before it first appeared', () => {
    assert.equal(entryFor(log, { ...entry(9), first: 3 }, 8, 2).event, 'fresh');
    assert.equal(entryFor(log, { ...entry(9), first: 3 }, 8, 3).event, 'changed');
  });
});
