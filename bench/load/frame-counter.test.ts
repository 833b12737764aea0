import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameCounter } from './frame-counter.ts';

/** A server's frame: unmasked. */
function frame(opcode: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  const length = bytes.length;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), bytes]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  header[1] = length < 65_536 ? 126 : 127;
  if (length < 65_536) header.writeUInt16BE(length, 2);
  else header.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([header, bytes]);
}

const everything = Buffer.concat([
  frame(1, 'hello'),
  frame(1, ''),
  frame(9, ''),
  frame(1, 'x'.repeat(200)),
  frame(2, Buffer.alloc(70_000)),
  frame(10, 'pong'),
  frame(1, '{"reply":1}'),
]);

describe('frames are counted by their headers', () => {
  it('text, binary, pings and the rest are told apart', () => {
    const counter = new FrameCounter();
    counter.push(everything);
    assert.deepEqual([counter.frames, counter.others, counter.pings], [4, 1, 1]);
  });

  it('in whatever pieces they come', () => {
    for (let size = 1; size <= 13; size++) {
      const counter = new FrameCounter({ begins: '{"reply"' });
      for (let at = 0; at < everything.length; at += size) counter.push(everything.subarray(at, at + size));
      assert.deepEqual([counter.frames, counter.others, counter.pings], [1, 4, 1], `in pieces of ${size}`);
    }
  });

  it('those below the least length don’t count', () => {
    const counter = new FrameCounter({ least: 100 });
    counter.push(everything);
    assert.deepEqual([counter.frames, counter.others], [1, 4]);
  });

  it('binary ones count where they are asked for', () => {
    const counter = new FrameCounter({ opcode: 2 });
    counter.push(everything);
    assert.deepEqual([counter.frames, counter.others], [1, 4]);
  });
});
