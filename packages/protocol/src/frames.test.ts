import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseClientFrame } from './index.ts';

describe('frames', () => {
  const good: readonly [string, object][] = [
    ['{"event":"hello"}', { event: 'hello', data: undefined }],
    ['{"event":"hello","data":{"a":1},"id":0}', { event: 'hello', data: { a: 1 }, id: 0 }],
    ['{"event":"x","data":null,"id":-1.5}', { event: 'x', data: null, id: -1.5 }],
    [`{"event":"x","id":"${'i'.repeat(64)}"}`, { event: 'x', data: undefined, id: 'i'.repeat(64) }],
    ['{"event":"x","id":""}', { event: 'x', data: undefined, id: '' }],
    [' {"event":"x","unknown":1} ', { event: 'x', data: undefined }],
  ];
  for (const [text, frame] of good) it(`R5.2 ${text.slice(0, 60)} is a frame`, () => assert.deepEqual(parseClientFrame(text), frame));

  const bad = [
    '',
    'rubbish',
    '[]',
    '[{"event":"x"}]',
    'null',
    '1',
    '"event"',
    '{}',
    '{"event":""}',
    '{"event":1}',
    '{"event":null}',
    '{"event":["x"]}',
    '{"data":{}}',
    '{"event":"x","id":null}',
    '{"event":"x","id":true}',
    '{"event":"x","id":{}}',
    '{"event":"x","id":[1]}',
    '{"event":"x","id":1e999}',
    `{"event":"x","id":"${'i'.repeat(65)}"}`,
    '{"event":"x"}{"event":"y"}',
    '{"event":"x"',
    '{"__proto__":{"event":"x"}}',
    `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  ];
  for (const text of bad) it(`R5.4 ${JSON.stringify(text.slice(0, 60))} is none`, () => assert.equal(parseClientFrame(text), undefined));
});
