import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { textFrame } from './websocket-frame.ts';

describe('a text frame', () => {
  for (const [length, header] of [
    [0, '8100'],
    [125, '817d'],
    [126, '817e007e'],
    [65_535, '817effff'],
    [65_536, '817f0000000000010000'],
  ] as const)
    it(`R5.2 of ${length} bytes has the header of RFC 6455 §5.2`, () => {
      const frame = textFrame('x'.repeat(length));
      assert.equal(frame.subarray(0, header.length / 2).toString('hex'), header);
      assert.equal(frame.length, header.length / 2 + length);
    });

  it('R5.2 counts bytes, not characters', () => {
    const frame = textFrame('안녕');
    assert.equal(frame[1], 6);
    assert.equal(frame.subarray(2).toString(), '안녕');
  });
});
