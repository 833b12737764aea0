import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOf, chunkBytes, headText, RequestSize, sayBytes } from './bytes.ts';

test('text counts in UTF-8', () => {
  assert.equal(bytesOf('hi'), 2);
  assert.equal(bytesOf('수다'), 6);
});

test('a chunk is its length in hexadecimal, two line ends and itself', () => {
  assert.equal(chunkBytes(13), 'd\r\n'.length + 13 + 2);
  assert.equal(chunkBytes(256), '100\r\n'.length + 256 + 2);
});

test('a head ends with an empty line', () => {
  assert.equal(headText('HTTP/1.1 200 OK', [['content-length', '2']]), 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n');
});

test('a request costs what one like it cost, but for its address', () => {
  const size = new RequestSize(600, '/v1/poll?a=1');
  assert.equal(size.of('/v1/poll?a=1'), 600);
  assert.equal(size.of('/v1/poll?a=12345'), 604);
  assert.equal(size.of('/v1/poll?a=1', 'X: y\r\n'), 606);
});

test('bytes are said shortly', () => {
  assert.equal(sayBytes(999, 'en'), '999 B');
  assert.equal(sayBytes(1_234, 'en'), '1.2 KB');
  assert.equal(sayBytes(123_456, 'en'), '123 KB');
  assert.equal(sayBytes(2_500_000, 'ko'), '2.5 MB');
});
