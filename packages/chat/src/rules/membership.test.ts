import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ErrorCode, limits } from '@suda/protocol';
import type { RoomCommand } from '../commands.ts';
import { decide, plan } from '../decide.ts';
import type { Facts } from '../facts.ts';
import { MemoryStore } from '../memory-store.ts';
import { messageOf, room, user, World } from '../store.world.contract.ts';

const HASH = 'hash of the password';

type Kind = 'join' | 'leave' | 'read' | 'invite' | 'kick';
const command = (kind: Kind, who: string, where: string, whom = 'cem'): RoomCommand => {
  const base = { actor: user(who), room: room(where) };
  switch (kind) {
    case 'join':
      return { type: 'room.join', ...base, verifiedHash: null };
    case 'leave':
      return { type: 'room.leave', ...base };
    case 'read':
      return { type: 'room.read', ...base, pos: 1 };
    case 'invite':
      return { type: 'room.invite', ...base, user: user(whom) };
    case 'kick':
      return { type: 'room.kick', ...base, user: user(whom), ban: false };
  }
};

describe('membership', () => {
  let w: World;
  beforeEach(async () => {
    const store = new MemoryStore();
    w = new World({ store, reopen: async () => store, close: () => store.close() });
    await w.people('ann', 'bob', 'cem', 'dan', 'eve');
    // ann owns each; bob is in each; eve is banned from each.
    for (const [id, options] of [
      ['open', {}],
      ['locked', { passwordHash: HASH }],
      ['secret', { kind: 'private' }],
      ['club', { kind: 'private', passwordHash: HASH }],
      ['full', { capacity: 2 }],
      ['fleeting', { ephemeral: true }],
    ] as const) {
      await w.make(id, ['ann', 'bob'], options);
      await w.kick('ann', id, 'eve', true);
    }
    await w.direct('ann', 'bob');
  });

  const direct = 'd_ann_bob';
  const refusals: readonly [rule: string, kind: Kind, who: string, where: string, whom: string, code: ErrorCode][] = [
    ['R2.3', 'join', 'nobody', 'open', '', 'unauthenticated'],
    ['R2.3', 'leave', 'nobody', 'open', '', 'unauthenticated'],
    ['R3.6', 'join', 'cem', 'nowhere', '', 'no_such_room'],
    ['R3.6 a private room does not say that it exists:', 'join', 'cem', 'secret', '', 'no_such_room'],
    ['R3.6', 'leave', 'cem', 'secret', '', 'no_such_room'],
    ['R3.6', 'read', 'cem', 'secret', '', 'no_such_room'],
    ['R3.6', 'invite', 'cem', 'secret', 'dan', 'no_such_room'],
    ['R3.6', 'kick', 'cem', 'secret', 'bob', 'no_such_room'],
    ['R3.6 nor does a direct room:', 'join', 'cem', direct, '', 'no_such_room'],
    ['R3.6', 'read', 'cem', direct, '', 'no_such_room'],
    ['R3.6 one with a password does:', 'join', 'cem', 'club', '', 'password_required'],
    ['R3.6', 'read', 'cem', 'club', '', 'not_member'],
    ['P7', 'read', 'cem', 'open', '', 'not_member'],
    ['P7', 'leave', 'cem', 'open', '', 'not_member'],
    ['P7', 'invite', 'cem', 'open', 'dan', 'not_member'],
    ['P7', 'join', 'eve', 'open', '', 'banned'],
    ['P7', 'join', 'eve', 'secret', '', 'banned'],
    ['P7', 'read', 'eve', 'open', '', 'banned'],
    ['P7', 'leave', 'eve', 'open', '', 'banned'],
    ['P7', 'invite', 'eve', 'open', 'dan', 'banned'],
    ['P7', 'join', 'cem', 'locked', '', 'password_required'],
    ['P7', 'join', 'cem', 'full', '', 'room_full'],
    ['P7', 'invite', 'ann', 'full', 'cem', 'room_full'],
    ['P7', 'invite', 'ann', 'open', 'nobody', 'no_such_user'],
    ['P7 a ban is lifted by the owner alone:', 'invite', 'bob', 'open', 'eve', 'not_owner'],
    ['P7 the password is the owner’s to give:', 'invite', 'bob', 'locked', 'cem', 'not_owner'],
    ['P7', 'invite', 'ann', direct, 'cem', 'not_allowed'],
    ['P7', 'leave', 'ann', direct, '', 'not_allowed'],
    ['P7', 'kick', 'ann', direct, 'bob', 'not_allowed'],
    ['P7', 'kick', 'bob', 'open', 'ann', 'not_owner'],
    ['P7', 'kick', 'cem', 'open', 'bob', 'not_member'],
    ['P7', 'kick', 'ann', 'open', 'ann', 'not_allowed'],
    ['P7', 'kick', 'ann', 'open', 'cem', 'no_such_user'],
    ['P7', 'kick', 'ann', 'open', 'nobody', 'no_such_user'],
  ];
  for (const [rule, kind, who, where, whom, code] of refusals)
    it(`${rule} ${kind} of ${whom || who} in ${where} by ${who}: ${code}`, async () => {
      assert.equal(await w.refused(command(kind, who, where, whom || undefined)), code);
    });

  it('P7 a password opens the door, another one does not, and not after it was changed', async () => {
    const join = (verifiedHash: string): RoomCommand => ({ type: 'room.join', actor: user('cem'), room: room('club'), verifiedHash });
    assert.equal(await w.refused(join('wrong')), 'wrong_password');
    assert.equal(await w.refused(join('hash of an older password')), 'wrong_password');
    await w.do(join(HASH));
    assert.equal((await w.store.member(room('club'), user('cem')))?.role, 'member');
  });

  it('P7 who is in already needs no password and no place', async () => {
    for (const where of ['locked', 'full', direct]) assert.deepEqual(await w.join('bob', where), []);
  });

  it('R4.5 who joins, leaves, is invited or sent away is told by a notice in the same commit', async () => {
    const told = async (changes: Promise<Parameters<typeof messageOf>[0]>) => {
      const { notice, sender, kind, text } = messageOf(await changes);
      assert.deepEqual([kind, text], ['notice', '']);
      return [notice, sender?.id];
    };
    const cem = { id: 'cem', name: 'CEM' };
    assert.deepEqual(await told(w.join('cem', 'open')), [{ type: 'joined', user: cem }, 'cem']);
    assert.deepEqual(await told(w.leave('cem', 'open')), [{ type: 'left', user: cem }, 'cem']);
    assert.deepEqual(await told(w.do(command('invite', 'bob', 'secret', 'cem'))), [{ type: 'invited', user: cem }, 'bob']);
    assert.deepEqual(await told(w.kick('ann', 'secret', 'cem', false)), [{ type: 'kicked', user: cem, banned: false }, 'ann']);
  });

  it('P7 who was kicked may come back, who was banned may not, until the owner invites them', async () => {
    await w.kick('ann', 'open', 'bob', false);
    await w.join('bob', 'open');
    await w.kick('ann', 'open', 'bob', true);
    assert.equal(await w.refused(command('join', 'bob', 'open')), 'banned');
    assert.equal((await w.store.room(room('open')))?.memberCount, 1);
    await w.do(command('invite', 'ann', 'open', 'bob'));
    assert.equal((await w.store.member(room('open'), user('bob')))?.role, 'member');
  });

  it('P7 one who is not there can be banned beforehand, quietly; twice is once', async () => {
    const { head } = await w.history('open');
    await w.kick('ann', 'open', 'cem', true);
    assert.deepEqual(await w.kick('ann', 'open', 'cem', true), []);
    assert.equal((await w.history('open')).head, head);
    assert.equal(await w.refused(command('join', 'cem', 'open')), 'banned');
  });

  it('R4.5 an owner who leaves is followed by the one who is there longest', async () => {
    await w.join('dan', 'open');
    await w.join('cem', 'open');
    await w.kick('ann', 'open', 'bob', false);
    const changes = await w.leave('ann', 'open');
    assert.equal((await w.store.room(room('open')))?.owner, 'dan');
    assert.equal((await w.store.member(room('open'), user('dan')))?.role, 'owner');
    const notices = changes.flatMap((change) => (change.type === 'message' ? [change.message.notice?.type] : []));
    assert.deepEqual(notices, ['left', 'owner']);
  });

  it('R4.5 a banned one inherits nothing: the last owner leaves a room to nobody', async () => {
    await w.kick('ann', 'open', 'bob', true);
    await w.leave('ann', 'open');
    const left = await w.store.room(room('open'));
    assert.deepEqual([left?.owner, left?.memberCount], [null, 0]);
    await w.join('cem', 'open');
    assert.equal((await w.store.member(room('open'), user('cem')))?.role, 'member');
  });

  it('an ephemeral room vanishes with its last member, another one stays', async () => {
    await w.leave('ann', 'fleeting');
    assert.ok(await w.store.room(room('fleeting')));
    const changes = await w.leave('bob', 'fleeting');
    assert.deepEqual(
      changes.map(({ type }) => type),
      ['room.dropped'],
    );
    assert.equal(await w.store.room(room('fleeting')), null);
    assert.equal(await w.refused(command('join', 'cem', 'fleeting')), 'no_such_room');
  });

  it('R4.9 reading moves forward only, and no further than what was said', async () => {
    const { pos } = await w.say('ann', 'open', 'one');
    await w.say('ann', 'open', 'two');
    await w.read('bob', 'open', pos);
    assert.equal(await w.readPos('bob', 'open'), pos);
    assert.deepEqual(await w.read('bob', 'open', 1), []);
    assert.equal(await w.readPos('bob', 'open'), pos);
    await w.read('bob', 'open', Number.MAX_SAFE_INTEGER);
    assert.equal(await w.readPos('bob', 'open'), pos + 1);
  });

  it('R4.9 saying something reads up to it; what was said before one came is not unread', async () => {
    const { pos } = await w.say('bob', 'open', 'one');
    assert.equal(await w.readPos('bob', 'open'), pos);
    await w.join('cem', 'open');
    assert.equal(await w.readPos('cem', 'open'), pos + 1);
  });

  it('nobody is in more rooms than the limit', () => {
    const join = command('join', 'cem', 'open');
    const facts = (actorRooms: number, targetRooms = 0): Facts => ({
      actor: { id: user('cem'), name: 'Cem', guest: true, createdAt: 1 },
      room: {
        id: room('open'),
        kind: 'public',
        name: 'open',
        owner: null,
        capacity: null,
        passwordHash: null,
        ephemeral: false,
        createdAt: 1,
        epoch: 'e1',
        head: 0,
        pos: 0,
        memberCount: limits.roomMembers - 1,
      },
      member: null,
      target: null,
      targetUser: { id: user('dan'), name: 'Dan', guest: true, createdAt: 1 },
      message: null,
      duplicate: null,
      viaMember: null,
      viaTarget: null,
      successor: null,
      successorMember: null,
      successorUser: null,
      actorRooms,
      targetRooms,
      files: [],
      gifs: [],
      fileBytes: 0,
      fileUses: 0,
      place: null,
      invitation: null,
      invitations: [],
      mentioned: [],
    });
    assert.equal(plan(join).roomCounts, true);
    assert.equal(decide(facts(limits.roomsPerUser - 1), join, 1).status, 'effects');
    assert.deepEqual(decide(facts(limits.roomsPerUser), join, 1), { status: 'refused', code: 'too_many_rooms' });
    const inside = {
      ...facts(1, limits.roomsPerUser),
      member: { room: room('open'), user: user('cem'), role: 'member', joinedAt: 1, readPos: 0, notify: null, muted: false },
    } as const;
    const invited = decide(inside, command('invite', 'cem', 'open', 'dan'), 1);
    assert.equal(invited.status === 'refused' && invited.code, 'too_many_rooms');
    const crowded = facts(0);
    const full = { ...crowded, room: { ...(crowded.room ?? assert.fail()), memberCount: limits.roomMembers } };
    assert.deepEqual(decide(full, join, 1), { status: 'refused', code: 'room_full' });
    const create: RoomCommand = {
      type: 'room.create',
      actor: user('cem'),
      room: room('mine'),
      name: 'Mine',
      kind: 'public',
      capacity: null,
      passwordHash: null,
      ephemeral: false,
    };
    assert.deepEqual(decide({ ...facts(limits.roomsPerUser), room: null }, create, 1), { status: 'refused', code: 'too_many_rooms' });
    const open: RoomCommand = { type: 'direct.open', actor: user('cem'), room: room('d_cem_dan'), user: user('dan') };
    for (const counts of [facts(limits.roomsPerUser), facts(0, limits.roomsPerUser)]) {
      const opened = decide({ ...counts, room: null }, open, 1);
      assert.equal(opened.status === 'refused' && opened.code, 'too_many_rooms');
    }
  });
});
