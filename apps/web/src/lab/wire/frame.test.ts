import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFrame, FRAMES_KEPT, type Frame, jsonOf, type NewFrame, partsOf } from './frame.ts';
import { pollRequest, pollResponse } from './poll.ts';

const frame = (title: string, idle = false, way: 'up' | 'down' = 'down'): NewFrame => ({
  way,
  title,
  raw: title,
  parts: [],
  bytes: 1,
  idle,
});
const run = (frames: readonly NewFrame[]) => frames.reduce<readonly Frame[]>((list, one, i) => addFrame(list, one, i, i), []);

test('the newest stands first', () => {
  assert.deepEqual(
    run([frame('a'), frame('b')]).map(({ title }) => title),
    ['b', 'a'],
  );
});

test('questions and answers that say nothing new are counted, not listed', () => {
  const asked = frame('GET', true, 'up');
  const nothing = frame('nothing new', true);
  const list = run([frame('a'), asked, nothing, asked, nothing, asked]);
  assert.deepEqual(
    list.map(({ title, times }) => [title, times]),
    [
      ['nothing new', 2],
      ['GET', 3],
      ['a', 1],
    ],
  );
  assert.deepEqual(
    run([asked, frame('a'), asked]).map(({ times }) => times),
    [1, 1, 1],
  );
});

test('no more than so many are kept', () => {
  assert.equal(run(Array.from({ length: FRAMES_KEPT + 20 }, (_, i) => frame(String(i)))).length, FRAMES_KEPT);
});

test('a value’s fields are its parts', () => {
  assert.deepEqual(partsOf({ a: 1, b: { c: 2 } }), [
    { name: 'data.a', value: '1' },
    { name: 'data.b', value: '{"c":2}' },
  ]);
  assert.deepEqual(partsOf(undefined), [{ name: 'data', value: '' }]);
  assert.equal(jsonOf('{'), '{');
});

test('R7.1 a poll: what was asked, what came', () => {
  const asked = pollRequest('/v1/poll?room=lobby&since=e:3&wait=25', 500, true);
  assert.deepEqual(asked.parts.at(-1), { name: 'wait', value: '25' });
  const head = 'HTTP/1.1 200 OK\r\n\r\n';
  const body = '{"cursor":"lobby:e:3","rooms":[]}';
  const nothing = pollResponse(head, body, JSON.parse(body));
  assert.equal(nothing.title, 'nothing new');
  assert.equal(nothing.bytes, head.length + body.length);
  const news = { cursor: 'lobby:e:4', rooms: [{ epoch: 'e', head: 4, changes: [{ pos: 4, text: 'hi' }] }] };
  assert.equal(pollResponse(head, JSON.stringify(news), news).title, 'one change');
});
