import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeEngine, engineText } from './engine.ts';

const part = (raw: string, name: string, carrier: 'polling' | 'websocket' = 'websocket') =>
  decodeEngine(raw, 'down', carrier).parts.find((one) => one.name === name)?.value;

test('Engine.IO: each packet by its first sign', () => {
  const titles = ['0{"sid":"x"}', '1', '2', '3', '2probe', '5', '6'].map((raw) => decodeEngine(raw, 'down', 'polling').title);
  assert.deepEqual(titles, ['open', 'close', 'ping', 'pong', 'ping', 'upgrade', 'noop']);
  assert.equal(part('0{"sid":"x"}', 'data.sid'), '"x"');
});

test('Socket.IO: type, namespace, acknowledgement, event and its data', () => {
  const raw = '4212["message.send",{"room":"lobby","text":"hi"}]';
  assert.equal(decodeEngine(raw, 'up', 'websocket').title, 'message.send');
  assert.equal(part(raw, 'Engine.IO'), '4 message');
  assert.equal(part(raw, 'Socket.IO'), '2 EVENT');
  assert.equal(part(raw, 'ack id'), '12');
  assert.equal(part(raw, 'namespace'), '/');
  assert.equal(part(raw, 'data.text'), '"hi"');
});

test('Socket.IO: an acknowledgement, a connection, one with a namespace, a disconnection', () => {
  assert.equal(decodeEngine('4312[{"data":{"pos":4}}]', 'down', 'websocket').title, 'ACK 12');
  assert.equal(part('40{"sid":"y"}', 'Socket.IO'), '0 CONNECT');
  assert.equal(part('40/admin,{"sid":"y"}', 'namespace'), '/admin');
  assert.equal(decodeEngine('41', 'down', 'websocket').title, 'DISCONNECT');
});

test('what is no packet is shown all the same', () => {
  for (const raw of ['', '9', '4', '49', '42', '42{', 'x']) assert.equal(decodeEngine(raw, 'down', 'websocket').raw, raw);
});

test('a packet in a poll’s body has no frame of its own around it', () => {
  assert.equal(decodeEngine('40', 'up', 'polling').bytes, 2);
  assert.equal(decodeEngine('40', 'up', 'websocket').bytes, 8);
});

test('packets as the client hands them out, back in the signs of the wire', () => {
  assert.equal(engineText({ type: 'message', data: '2["x"]' }), '42["x"]');
  assert.equal(engineText({ type: 'ping' }), '2');
});
