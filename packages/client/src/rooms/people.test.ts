import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member, Notice } from '@suda/protocol';
import { FakeRoom, roomId, userOf } from '../testing/fake-chat.ts';
import { withMembers, withMessage, withPresence, withRead } from './people.ts';

const mina = userOf('Mina');
const jun = userOf('Jun');
const member = (user: Member['user'], more: Partial<Member> = {}): Member => ({
  user,
  role: 'member',
  joinedAt: 0,
  readPos: 0,
  online: false,
  ...more,
});
const both: readonly Member[] = [member(mina, { role: 'owner' }), member(jun)];
const room = roomId('hall');

function notice(notice: Notice) {
  const { sender: _sender, ...message } = new FakeRoom('hall').say(jun, { text: '' });
  return { ...message, sender: null, kind: 'notice' as const, notice };
}

test('the events `members` and `presence` put, remove and mark', () => {
  const later = withMembers(both, { room, put: [member(jun, { readPos: 7 }), member(userOf('Sora'))], removed: [mina.id] });
  assert.deepEqual(
    later.map(({ user, readPos }) => [user.name, readPos]),
    [
      ['Jun', 7],
      ['Sora', 0],
    ],
  );
  assert.deepEqual(
    withPresence(both, { room, online: [jun.id], offline: [mina.id] }).map(({ online }) => online),
    [false, true],
  );
});

test('R4.5 notices tell who came, who went and whose the room is', () => {
  const sora = { id: userOf('Sora').id, name: 'Sora' };
  const came = withMessage(both, notice({ type: 'joined', user: sora }));
  assert.equal(came.length, 3);
  assert.equal(withMessage(came, notice({ type: 'invited', user: sora })), came, 'known already');
  assert.equal(withMessage(came, notice({ type: 'kicked', user: sora, banned: true })).length, 2);
  assert.deepEqual(
    withMessage(both, notice({ type: 'owner', user: { id: jun.id, name: 'Jun' } })).map(({ role }) => role),
    ['member', 'owner'],
  );
});

test('R4.9 reading moves forward only, and saying something reads up to it', () => {
  const read = withRead(both, jun.id, 5);
  assert.equal(read[1]?.readPos, 5);
  assert.equal(withRead(read, jun.id, 3), read);
  const said = new FakeRoom('hall').say(jun, { text: 'hi' });
  assert.equal(withMessage(both, said)[1]?.readPos, 1);
});
