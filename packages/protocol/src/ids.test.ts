import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { directPeer, directRoomId, RoomId, type UserId } from './index.ts';

const user = (id: string): UserId => id as UserId;
const room = (id: string): RoomId => id as RoomId;

describe('ids', () => {
  it('R4.12 two people have one direct room, whoever asks', () => {
    assert.equal(directRoomId(user('mina'), user('jihoon')), directRoomId(user('jihoon'), user('mina')));
    assert.equal(directRoomId(user('mina'), user('mina')), 'd_mina_mina');
  });

  it('R4.12 the longest ids make a valid direct room', () => {
    const id = directRoomId(user(`a${'x'.repeat(29)}`), user(`b${'x'.repeat(29)}`));
    assert.equal(RoomId.safeParse(id).success, true);
  });

  it('R4.12 a direct room names the other of its two', () => {
    assert.equal(directPeer(room('d_ann_bob'), user('ann')), 'bob');
    assert.equal(directPeer(room('d_ann_bob'), user('bob')), 'ann');
    assert.equal(directPeer(room('d_ann_ann'), user('ann')), 'ann');
    for (const id of ['d_ann_bob', 'lobby', 'd_cem', 'd_cem_bob_x', 'x_cem_bob'])
      assert.equal(directPeer(room(id), user('cem')), undefined);
  });
});
