import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ErrorCode } from '@suda/protocol';
import type { RoomCommand, RoomCommandOf } from '../commands.ts';
import { MemoryStore } from '../memory-store.ts';
import { messageOf, room, user, World } from '../store.world.contract.ts';
import { mayKnow, toSummary } from '../views.ts';

const update = (who: string, where: string, fields: Partial<RoomCommandOf<'room.update'>>): RoomCommand => ({
  type: 'room.update',
  actor: user(who),
  room: room(where),
  ...fields,
});
const transfer = (who: string, where: string, whom: string): RoomCommand => ({
  type: 'room.transfer',
  actor: user(who),
  room: room(where),
  user: user(whom),
});

describe('rooms', () => {
  let w: World;
  beforeEach(async () => {
    const store = new MemoryStore();
    w = new World({ store, reopen: async () => store, close: () => store.close() });
    await w.people('ann', 'bob', 'cem', 'eve');
    await w.make('hall', ['ann', 'bob']);
    await w.make('secret', ['ann', 'bob'], { kind: 'private' });
    await w.kick('ann', 'hall', 'eve', true);
    await w.direct('ann', 'bob');
  });

  const refusals: readonly [command: RoomCommand, code: ErrorCode][] = [
    [update('nobody', 'hall', { name: 'x' }), 'unauthenticated'],
    [update('bob', 'hall', { name: 'x' }), 'not_owner'],
    [update('cem', 'hall', { name: 'x' }), 'not_member'],
    [update('cem', 'secret', { name: 'x' }), 'no_such_room'],
    [update('eve', 'hall', { name: 'x' }), 'banned'],
    [update('ann', 'd_ann_bob', { name: 'x' }), 'not_allowed'],
    [update('ann', 'nowhere', { name: 'x' }), 'no_such_room'],
    [transfer('bob', 'hall', 'bob'), 'not_owner'],
    [transfer('ann', 'hall', 'cem'), 'no_such_user'],
    [transfer('ann', 'hall', 'eve'), 'no_such_user'],
    [transfer('ann', 'hall', 'nobody'), 'no_such_user'],
    [transfer('ann', 'd_ann_bob', 'bob'), 'not_allowed'],
    [{ type: 'direct.open', actor: user('ann'), room: room('d_ann_zoe'), user: user('zoe') }, 'no_such_user'],
    [{ type: 'direct.open', actor: user('zoe'), room: room('d_ann_zoe'), user: user('ann') }, 'unauthenticated'],
    [{ type: 'user.rename', actor: user('zoe'), name: 'Zoe' }, 'unauthenticated'],
  ];
  for (const [command, code] of refusals)
    it(`P7 ${command.type} by ${command.actor} in ${'room' in command ? command.room : ''}: ${code}`, async () => {
      assert.equal(await w.refused(command), code);
    });

  it('R4.5 another title comes with a notice; what stays the same changes nothing', async () => {
    const changes = await w.do(update('ann', 'hall', { name: 'Great hall' }));
    assert.deepEqual(messageOf(changes).notice, { type: 'renamed', name: 'Great hall' });
    assert.deepEqual(await w.do(update('ann', 'hall', { name: 'Great hall', capacity: null })), []);
    const quiet = await w.do(update('ann', 'hall', { capacity: 5, passwordHash: 'h', ephemeral: true, kind: 'private' }));
    assert.deepEqual(
      quiet.map(({ type }) => type),
      ['room'],
    );
    const { capacity, passwordHash, ephemeral, kind, name } = (await w.store.room(room('hall'))) ?? assert.fail();
    assert.deepEqual([capacity, passwordHash, ephemeral, kind, name], [5, 'h', true, 'private', 'Great hall']);
    await w.do(update('ann', 'hall', { passwordHash: null }));
    assert.equal((await w.store.room(room('hall')))?.passwordHash, null);
  });

  it('R4.5 a room that is handed over has one owner', async () => {
    const changes = await w.do(transfer('ann', 'hall', 'bob'));
    assert.deepEqual(messageOf(changes).notice, { type: 'owner', user: { id: 'bob', name: 'BOB' } });
    assert.equal((await w.store.room(room('hall')))?.owner, 'bob');
    const members = (await w.store.members(room('hall'))).map(({ member }) => [member.user, member.role]);
    assert.deepEqual(members, [
      ['ann', 'member'],
      ['bob', 'owner'],
    ]);
    assert.deepEqual(await w.do(transfer('bob', 'hall', 'bob')), []);
  });

  it('R4.12 two who open their direct room at once open the same one', async () => {
    const open = (who: string, whom: string): RoomCommand => ({
      type: 'direct.open',
      actor: user(who),
      room: room('d_bob_cem'),
      user: user(whom),
    });
    const outcomes = await Promise.all([w.execute(open('bob', 'cem')), w.execute(open('cem', 'bob'))]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'done' && outcome.changes.length > 0),
      [true, false],
    );
    assert.equal((await w.store.room(room('d_bob_cem')))?.memberCount, 2);
  });

  it('R4.12 a direct room with oneself has one person', async () => {
    await w.direct('ann', 'ann');
    const self = await w.store.room(room('d_ann_ann'));
    assert.deepEqual([self?.memberCount, self?.capacity], [1, 1]);
  });

  it('R4.5 a room begins with the notice that it was made', async () => {
    assert.deepEqual((await w.history('hall')).messages[0]?.notice, { type: 'created' });
  });

  it('the lobby is founded once', async () => {
    const found: RoomCommand = { type: 'room.found', actor: user('system'), room: room('lobby'), name: 'Lobby' };
    assert.equal((await w.do(found)).length, 1);
    assert.deepEqual(await w.do({ ...found, name: 'Other' }), []);
    assert.equal((await w.store.room(room('lobby')))?.name, 'Lobby');
  });

  it('a person is made once, and renamed', async () => {
    const create: RoomCommand = { type: 'user.create', actor: user('ann'), name: 'Another', guest: true };
    assert.deepEqual(await w.do(create), []);
    assert.equal((await w.do({ type: 'user.rename', actor: user('ann'), name: 'Anna' })).length, 1);
    assert.deepEqual(await w.do({ type: 'user.rename', actor: user('ann'), name: 'Anna' }), []);
    assert.equal((await w.store.user(user('ann')))?.name, 'Anna');
  });

  it('R3.6 those outside learn that a room is there, not what is said, nor by whom', async () => {
    await w.say('ann', 'hall', 'a secret');
    const summary = async (where: string, who: string) => {
      const view = (await w.store.roomView(room(where), user(who), 8)) ?? assert.fail();
      return { known: mayKnow(view), ...toSummary(view) };
    };
    for (const who of ['cem', 'eve']) {
      const { known, last, people, role, unread, readPos } = await summary('hall', who);
      assert.deepEqual(
        { known, last, people, role, unread, readPos },
        { known: true, last: null, people: undefined, role: null, unread: 0, readPos: 0 },
      );
    }
    assert.equal((await summary('secret', 'cem')).known, false);
    assert.equal((await summary('d_ann_bob', 'cem')).known, false);
    assert.equal((await summary('hall', 'bob')).last?.text, 'a secret');
    await w.do(update('ann', 'secret', { passwordHash: 'a hash' }));
    const locked = await summary('secret', 'cem');
    assert.deepEqual([locked.known, locked.locked], [true, true]);
    assert.doesNotMatch(JSON.stringify(locked), /a hash/);
  });
});
