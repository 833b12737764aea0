import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Change } from '@suda/chat';
import { isOfList } from './public-list.ts';

type Kind = 'public' | 'private' | 'direct';

describe('the list of public rooms', () => {
  const put = (before: Kind | null, kind: Kind): Change => ({ type: 'room', before, room: { kind } }) as Change;
  const dropped = (kind: Kind): Change => ({ type: 'room.dropped', kind }) as Change;
  const cases: readonly (readonly [string, Change, boolean])[] = [
    ['a public room is made', put(null, 'public'), true],
    ['it changes', put('public', 'public'), true],
    ['it is closed to the public', put('public', 'private'), true],
    ['a private room is opened', put('private', 'public'), true],
    ['a public room vanishes', dropped('public'), true],
    ['a private room is made', put(null, 'private'), false],
    ['a private room changes', put('private', 'private'), false],
    ['a direct room is opened', put(null, 'direct'), false],
    ['a private room vanishes', dropped('private'), false],
    ['something is said', { type: 'message' } as Change, false],
  ];
  for (const [what, change, is] of cases)
    it(`R4.13 ${what}: ${is ? 'everyone hears it' : 'nobody else hears of it'}`, () => assert.equal(isOfList(change), is));
});
