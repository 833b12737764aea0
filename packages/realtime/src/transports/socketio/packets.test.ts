import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePayload } from 'engine.io-parser';
import fc from 'fast-check';
import { frameOf, payloadOf } from './packets.ts';

describe('packets of Engine.IO', () => {
  it('R9.1 whatever waits as frames, joined or not, is the same packets as a payload', () => {
    const message = fc.oneof(
      fc.string({ maxLength: 300, unit: 'grapheme' }).filter((text) => !text.includes('\x1e')),
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_535), '한'.repeat(30_000)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(message, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }), (ticks) => {
        const frames = ticks.map((tick) => Buffer.concat(tick.map((data) => frameOf({ type: 'message', data }))));
        const packets = decodePayload(payloadOf(frames).toString());
        assert.deepEqual(
          packets.map(({ type, data }) => [type, typeof data === 'object' ? [...data] : (data ?? '')]),
          ticks.flat().map((data) => ['message', typeof data === 'string' ? data : [...data]]),
        );
      }),
    );
  });
});
