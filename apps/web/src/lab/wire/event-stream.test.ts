import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockText, decodeRetry, decodeStreamEvent } from './event-stream.ts';

const event = { event: 'message', id: 'lobby:e1:7', data: '{"room":"lobby","text":"hi"}' };

test('R6.1 a block is written as the server writes it', () => {
  assert.equal(blockText(event, ''), 'event: message\nid: lobby:e1:7\ndata: {"room":"lobby","text":"hi"}\n\n');
});

test('an id that has not changed was not said: EventSource remembers it', () => {
  assert.equal(blockText(event, event.id), 'event: message\ndata: {"room":"lobby","text":"hi"}\n\n');
  assert.equal(
    decodeStreamEvent(event, event.id).parts.some(({ name }) => name === 'id'),
    false,
  );
});

test('fields and bytes, with the chunk around them', () => {
  const frame = decodeStreamEvent(event, '');
  assert.equal(frame.title, 'message');
  assert.equal(frame.parts.find(({ name }) => name === 'data.text')?.value, '"hi"');
  assert.equal(frame.bytes, frame.raw.length + 2 + 4);
});

test('R6.4 retry comes before everything', () => {
  const frame = decodeRetry('d\r\nretry: 3421\n\n\r\n');
  assert.equal(frame?.parts[0]?.value, '3421 ms');
  assert.equal(decodeRetry(''), undefined);
});
