import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disposition } from './disposition.ts';
import { rangeOf } from './range.ts';

const cases: readonly [header: string | undefined, expected: ReturnType<typeof rangeOf>][] = [
  [undefined, 'whole'],
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=0-', { first: 0, last: 99 }],
  ['bytes=10-19', { first: 10, last: 19 }],
  ['bytes=90-1000', { first: 90, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=-1000', { first: 0, last: 99 }],
  ['BYTES=99-99', { first: 99, last: 99 }],
  ['bytes=100-', 'none'],
  ['bytes=100-200', 'none'],
  ['bytes=-0', 'none'],
  ['bytes=20-10', 'whole'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=-', 'whole'],
  ['bytes=a-b', 'whole'],
  ['lines=1-2', 'whole'],
  ['bytes=0-99999999999999999999', 'whole'],
];

for (const [header, expected] of cases) test(`R14.5 Range: ${header} of 100 bytes`, () => assert.deepEqual(rangeOf(header, 100), expected));

test('R14.5 a name stands in a header whole, and can’t become another header', () => {
  assert.equal(
    disposition('attachment', '회의 "a"\\%.pdf'),
    `attachment; filename="__ _a___.pdf"; filename*=UTF-8''%ED%9A%8C%EC%9D%98%20%22a%22%5C%25.pdf`,
  );
  assert.equal(disposition('inline', "it's(1)*.gif"), `inline; filename="it's(1)*.gif"; filename*=UTF-8''it%27s%281%29%2A.gif`);
  assert.doesNotMatch(disposition('inline', 'a\r\nset-cookie: b\ud800'), /[^\x20-\x7e]/);
});
