import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attachment } from '@suda/protocol';
import { bytesIn } from './bytes.ts';
import { boxOf, columnsOf, isPicture } from './pictures.ts';

test('27 a picture has its shape before it has come, and is never blown up', () => {
  assert.deepEqual(boxOf({ width: 720, height: 360 }), { width: 360, height: 180 });
  assert.deepEqual(boxOf({ width: 200, height: 100 }), { width: 200, height: 100 });
  assert.deepEqual(boxOf({ width: 340, height: 3400 }), { width: 64, height: 340 });
  assert.deepEqual(boxOf({ width: 1, height: 1 }), { width: 64, height: 64 });
  assert.deepEqual(boxOf({ width: 10_000, height: 10 }), { width: 360, height: 64 });
});

test('46 only what the server calls a picture is shown as one', () => {
  const file = (type: string, width?: number): Attachment =>
    ({ id: 'f1', name: 'x.png', type, size: 1, width, height: width }) as Attachment;
  assert.equal(isPicture(file('image/png', 3)), true);
  assert.equal(isPicture(file('image/png')), false);
  assert.equal(isPicture(file('image/svg+xml', 3)), false);
  assert.equal(isPicture(file('application/octet-stream', 3)), false);
});

test('pictures stand in twos and threes', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 10].map(columnsOf), [1, 2, 3, 2, 3, 3]);
});

test('48 sizes are said as each language says them', () => {
  assert.equal(bytesIn('en', 1_234_567), '1.2 MB');
  assert.equal(bytesIn('ko', 20_971_520), '21MB');
  assert.equal(bytesIn('en', 1), '1 byte');
  assert.equal(bytesIn('en', 0), '0 bytes');
  assert.equal(bytesIn('en', 999_000), '999 kB');
});
