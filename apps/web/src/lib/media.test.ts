import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, playedAs } from './media.ts';

describe('videos and sounds', () => {
  it('are told apart by what the server says of them', () => {
    const as = (type: string, more = {}) => playedAs({ type, ...more });
    assert.equal(as('video/mp4', { width: 320, duration: 9 }), 'video');
    assert.equal(as('video/webm'), 'video', 'nothing is known of it');
    assert.equal(as('video/webm', { duration: 9 }), 'audio', 'it has no picture');
    for (const type of ['audio/mpeg', 'audio/ogg; codecs=opus', 'audio/x-m4a', 'audio/wav']) assert.equal(as(type), 'audio', type);
    for (const type of ['image/gif', 'application/pdf', 'video/x-msvideo', 'audio/midi', 'application/octet-stream'])
      assert.equal(as(type), null, type);
  });

  it('say how long they are as every player does', () => {
    assert.deepEqual([400, 5_000, 65_400, 3_723_000].map(clock), ['0:00', '0:05', '1:05', '1:02:03']);
  });
});
