import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeFrame, decodeWebSocket, frameBytes, frameHeader } from './websocket.ts';

const part = (parts: readonly { name: string; value: string }[], name: string) => parts.find((one) => one.name === name)?.value;

test('RFC 6455 §5.2: a frame costs two bytes, more for long payloads, four for a mask', () => {
  assert.equal(frameBytes(0, false), 2);
  assert.equal(frameBytes(125, false), 127);
  assert.equal(frameBytes(126, false), 130);
  assert.equal(frameBytes(65_535, false), 65_539);
  assert.equal(frameBytes(65_536, false), 65_546);
  assert.equal(frameBytes(5, true), 11);
});

test('RFC 6455 §5.2: the header says FIN, opcode, mask and length', () => {
  const header = frameHeader(200, true);
  assert.equal(part(header, 'FIN'), '1');
  assert.equal(part(header, 'opcode'), '0x1 text');
  assert.equal(part(header, 'MASK'), '1, masking key 4 bytes');
  assert.equal(part(header, 'payload length'), '200 (126 + 16 bits)');
  assert.equal(part(frameHeader(4, false, 2), 'opcode'), '0x2 binary');
});

test('R5.2 an event is named by its event, a reply by its number', () => {
  const event = decodeWebSocket('{"event":"message","data":{"room":"lobby","text":"안녕"}}', 'down');
  assert.equal(event.title, 'message');
  assert.equal(part(event.parts, 'data.text'), '"안녕"');
  assert.equal(event.bytes, 2 + Buffer.byteLength(event.raw));
  const reply = decodeWebSocket('{"reply":3,"error":{"code":"invalid","message":"x","retry":false}}', 'down');
  assert.equal(reply.title, 'reply 3');
  assert.equal(part(reply.parts, 'error.code'), '"invalid"');
});

test('text that is no envelope is shown all the same', () => {
  for (const raw of ['', 'hello', 'null', '7', '[1]']) assert.equal(decodeWebSocket(raw, 'down').raw, raw);
});

test('a closing frame is a code and a reason', () => {
  const frame = closeFrame(1003, 'unsupportedData', 'down');
  assert.equal(frame.title, 'close 1003');
  assert.equal(frame.bytes, 2 + 2 + 15);
});
