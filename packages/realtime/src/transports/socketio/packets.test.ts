import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodePayload } from 'engine.io-parser';
import fc from 'fast-check';
import { frameOf, PACKETS_PER_ANSWER, payloadOf } from './packets.ts';

/** Everything that waits, as the answers to as many polls as it takes. */
function answersTo(frames: readonly Uint8Array[]): ReturnType<typeof decodePayload>[] {
  const answers: ReturnType<typeof decodePayload>[] = [];
  for (let waiting = frames; waiting.length > 0; ) {
    const { body, rest } = payloadOf(waiting);
    answers.push(decodePayload(body.toString()));
    waiting = rest;
  }
  return answers;
}

describe('packets of Engine.IO', () => {
  it('R9.1 whatever waits as frames, joined or not, is the same packets as the answers to polls, none too long for a client', () => {
    const message = fc.oneof(
      fc.string({ maxLength: 300, unit: 'grapheme' }).filter((text) => !text.includes('\x1e')),
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom('x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_535), '한'.repeat(30_000)),
    );
    fc.assert(
      fc.property(fc.array(fc.array(message, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 5 }), (ticks) => {
        const frames = ticks.map((tick) => Buffer.concat(tick.map((data) => frameOf({ type: 'message', data }))));
        const answers = answersTo(frames);
        assert.ok(answers.slice(0, -1).every(({ length }) => length === PACKETS_PER_ANSWER));
        assert.ok((answers.at(-1)?.length ?? 0) <= PACKETS_PER_ANSWER);
        assert.deepEqual(
          answers.flat().map(({ type, data }) => [type, typeof data === 'object' ? [...data] : (data ?? '')]),
          ticks.flat().map((data) => ['message', typeof data === 'string' ? data : [...data]]),
        );
      }),
    );
  });
});
