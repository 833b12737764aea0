import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { eventStreamParser, type StreamEvent } from './event-stream.ts';

function parse(...pieces: string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const take = eventStreamParser((event) => events.push(event));
  for (const piece of pieces) take(piece);
  return events;
}

test('WHATWG HTML §9.2.6: fields, comments, several data lines, a name without a colon', () => {
  assert.deepEqual(parse(': hello\n\nevent: typing\nid: 7\nretry: 1000\ndata: {"a":\ndata: 1}\n\n'), [
    { event: 'typing', data: '{"a":\n1}' },
  ]);
  assert.deepEqual(parse('data\n\ndata\ndata\n\ndata:'), [
    { event: 'message', data: '' },
    { event: 'message', data: '\n' },
  ]);
  assert.deepEqual(
    parse('data:test\n\ndata: test\n\ndata:  test\n\n').map(({ data }) => data),
    ['test', 'test', ' test'],
  );
});

test('WHATWG HTML §9.2.6: an event without data is not dispatched, and its name does not stay', () => {
  assert.deepEqual(parse('event: lost\n\ndata: x\n\n'), [{ event: 'message', data: 'x' }]);
});

test('WHATWG HTML §9.2.5: CR, LF and CRLF end a line; a byte order mark at the beginning is skipped', () => {
  assert.deepEqual(
    parse('\uFEFFdata: a\r\rdata: b\r\n\r\ndata: c\n\n').map(({ data }) => data),
    ['a', 'b', 'c'],
  );
});

test('a CR at the end of a piece ends its line at once, and an LF that follows is part of it', () => {
  assert.deepEqual(parse('data: a\r', '\r').length, 1);
  assert.deepEqual(
    parse('data: a\r', '\n\r', '\ndata: b\n\n').map(({ data }) => data),
    ['a', 'b'],
  );
});

test('the end of the stream cuts off an unfinished event', () => {
  assert.deepEqual(parse('data: a\n'), []);
});

test('wherever the stream is cut into pieces, the events are the same', () => {
  const text = fc.array(fc.constantFrom('data: a', 'data:b', 'event: e', ':', 'id: 1', '\n', '\r', '\r\n', '\n\n', '수다'), {
    maxLength: 40,
  });
  const property = fc.property(text, fc.array(fc.nat(100), { maxLength: 8 }), (parts, cuts) => {
    const whole = parts.join('');
    const at = [...new Set(cuts.map((cut) => cut % (whole.length + 1)))].sort((a, b) => a - b);
    const pieces = [...at, whole.length].map((end, index) => whole.slice(index === 0 ? 0 : at[index - 1], end));
    assert.deepEqual(parse(...pieces), parse(whole));
  });
  const seed = Number(process.env.SEED ?? Date.now());
  console.log(`seed ${seed}`);
  fc.assert(property, { seed, numRuns: 1_000 });
});
