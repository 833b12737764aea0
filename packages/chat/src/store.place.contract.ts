import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type InvitationCode, limits } from '@suda/protocol';
import type { RoomCommandOf } from './commands.ts';
import { type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

const code = (text: string) => text as InvitationCode;

interface Terms {
  readonly expiresAt?: number | null;
  readonly uses?: number | null;
}

const making = (w: World, who: string, where: string, name: string, { expiresAt = null, uses = null }: Terms = {}) =>
  ({
    type: 'invitation.create',
    actor: user(who),
    room: room(where),
    invitation: { code: code(name), room: room(where), by: user(who), createdAt: w.now, expiresAt, uses, used: 0 },
  }) satisfies RoomCommandOf<'invitation.create'>;

const accepting = (who: string, where: string, by: string, name: string): RoomCommandOf<'invitation.accept'> => ({
  type: 'invitation.accept',
  actor: user(who),
  room: room(where),
  by: user(by),
  code: code(name),
});

const revoking = (who: string, where: string, name: string): RoomCommandOf<'invitation.revoke'> => ({
  type: 'invitation.revoke',
  actor: user(who),
  room: room(where),
  code: code(name),
});

async function house(w: World): Promise<void> {
  await w.people('ann', 'bob', 'cem', 'eve');
  await w.make('den', ['ann', 'bob'], { kind: 'private' });
}

const used = async (w: World, name: string): Promise<number | undefined> => (await w.store.invitation(code(name)))?.used;

/** What the server is called, and who may come in by an invitation. */
export function placeContract(open: OpenStore): void {
  it('R15.1 a place has no name and no keeper until somebody claims it; of two who claim it one does', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    assert.deepEqual(await w.store.place(), { name: null, keeper: null });
    assert.equal(await w.refused({ type: 'place.update', actor: user('ann'), name: 'Home' }), 'not_keeper');
    assert.equal(await w.refused({ type: 'place.claim', actor: user('nobody') }), 'unauthenticated');
    const claims = await Promise.all(['ann', 'bob'].map((who) => w.execute({ type: 'place.claim', actor: user(who), name: `${who}’s` })));
    assert.deepEqual(
      claims.map(({ status }) => status),
      ['done', 'refused'],
    );
    assert.deepEqual(await w.store.place(), { name: 'ann’s', keeper: 'ann' });
  });

  it('R15.1 its keeper names it, again and again; everyone hears, and it stays', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.do({ type: 'place.claim', actor: user('ann') });
    assert.deepEqual(await w.store.place(), { name: null, keeper: 'ann' });
    const place = { name: '우리집', keeper: user('ann') };
    assert.deepEqual(await w.do({ type: 'place.update', actor: user('ann'), name: '우리집' }), [{ type: 'place', place }]);
    assert.deepEqual(await w.do({ type: 'place.update', actor: user('ann'), name: '우리집' }), [], 'the same name is no change');
    assert.equal(await w.refused({ type: 'place.update', actor: user('bob'), name: 'Bob’s' }), 'not_keeper');
    await w.reopen();
    assert.deepEqual(await w.store.place(), place);
    await w.do({ type: 'place.release', actor: user('system') });
    assert.deepEqual(await w.do({ type: 'place.release', actor: user('system') }), []);
    assert.deepEqual(await w.store.place(), { name: '우리집', keeper: null });
    await w.do({ type: 'place.claim', actor: user('bob') });
    assert.deepEqual(await w.store.place(), { name: '우리집', keeper: 'bob' });
  });

  it('R15.2 an invitation lets someone into a private room, and counts', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    const made = making(w, 'bob', 'den', 'code1', { uses: 1 });
    await w.do(made);
    await w.reopen();
    assert.deepEqual(await w.store.invitation(code('code1')), made.invitation);
    const changes = await w.do(accepting('cem', 'den', 'bob', 'code1'));
    assert.deepEqual(
      changes.map(({ type }) => type),
      ['member', 'message'],
    );
    assert.equal((await w.store.member(room('den'), user('cem')))?.role, 'member');
    assert.equal(await used(w, 'code1'), 1);
    assert.equal(await w.refused(accepting('eve', 'den', 'bob', 'code1')), 'no_such_invitation', 'it was for one');
    assert.deepEqual(await w.do(accepting('cem', 'den', 'bob', 'code1')), [], 'who is in uses nothing up');
    assert.equal(await used(w, 'code1'), 1);
  });

  it('R15.2 of two who come with the last use, one comes in', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.do(making(w, 'ann', 'den', 'code1', { uses: 1 }));
    const came = await Promise.all(['cem', 'eve'].map((who) => w.execute(accepting(who, 'den', 'ann', 'code1'))));
    assert.deepEqual(came.map(({ status }) => status).sort(), ['done', 'refused']);
  });

  it('R15.3 it ends at its time, and is forgotten when the next is made', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.do(making(w, 'ann', 'den', 'code1', { expiresAt: 5_000 }));
    w.now = 4_999;
    await w.do(accepting('cem', 'den', 'ann', 'code1'));
    w.now = 5_000;
    assert.equal(await w.refused(accepting('eve', 'den', 'ann', 'code1')), 'no_such_invitation');
    await w.do(making(w, 'ann', 'den', 'code2'));
    assert.deepEqual(
      (await w.store.invitations(room('den'))).map((one) => one.code),
      ['code2'],
    );
  });

  it('R15.4 P7 it is worth what its maker may do now: a password makes it the owner’s, and who has left lets nobody in', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.do(making(w, 'ann', 'den', 'anns'));
    await w.do(making(w, 'bob', 'den', 'bobs'));
    await w.do({ type: 'room.update', actor: user('ann'), room: room('den'), passwordHash: 'hash' });
    assert.equal(await w.refused(making(w, 'bob', 'den', 'more')), 'not_owner');
    assert.equal(await w.refused(accepting('cem', 'den', 'bob', 'bobs')), 'no_such_invitation');
    await w.do(accepting('cem', 'den', 'ann', 'anns'));
    await w.do({ type: 'room.update', actor: user('ann'), room: room('den'), passwordHash: null });
    await w.kick('ann', 'den', 'bob', false);
    assert.equal(await w.refused(accepting('eve', 'den', 'bob', 'bobs')), 'no_such_invitation');
  });

  it('R15.4 a ban and a full room remain, and so does the invitation', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.do(making(w, 'ann', 'den', 'code1', { uses: 1 }));
    await w.kick('ann', 'den', 'cem', true);
    assert.equal(await w.refused(accepting('cem', 'den', 'ann', 'code1')), 'banned');
    await w.do({ type: 'room.update', actor: user('ann'), room: room('den'), capacity: 2 });
    assert.equal(await w.refused(accepting('eve', 'den', 'ann', 'code1')), 'room_full');
    assert.equal(await used(w, 'code1'), 0);
  });

  it('R15.5 its maker or the room’s owner takes it back; to others there is none', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.do(making(w, 'ann', 'den', 'anns'));
    await w.do(making(w, 'bob', 'den', 'bobs'));
    assert.equal(await w.refused(revoking('eve', 'den', 'bobs')), 'no_such_invitation');
    assert.equal(await w.refused(revoking('bob', 'den', 'anns')), 'not_owner');
    await w.do(revoking('ann', 'den', 'bobs'));
    assert.equal(await w.refused(revoking('ann', 'den', 'bobs')), 'no_such_invitation');
    await w.do(revoking('ann', 'den', 'anns'));
    assert.deepEqual(await w.store.invitations(room('den')), []);
    assert.equal(await w.store.invitation(code('anns')), null);
  });

  it('R15.5 nobody is invited into a direct room, from outside, or with the code of another room', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    const direct = await w.direct('ann', 'bob');
    assert.equal(await w.refused(making(w, 'ann', direct, 'code1')), 'not_allowed');
    assert.equal(await w.refused(making(w, 'eve', 'den', 'code1')), 'no_such_room');
    await w.make('hall', ['eve'], { kind: 'private' });
    await w.do(making(w, 'ann', 'den', 'code1'));
    assert.equal(await w.refused(accepting('cem', 'hall', 'ann', 'code1')), 'no_such_invitation');
    assert.equal(await w.refused(accepting('cem', 'den', 'bob', 'code1')), 'no_such_invitation', 'somebody else’s');
  });

  it('R15.5 a room has so many invitations at the same time, and they go with it', async (t) => {
    const w = await openWorld(open, t);
    await house(w);
    await w.make('brief', ['ann'], { ephemeral: true });
    for (let i = 0; i < limits.invitationsPerRoom; i++) await w.do(making(w, 'ann', 'brief', `code${i}`));
    assert.equal(await w.refused(making(w, 'ann', 'brief', 'more')), 'too_many_invitations');
    await w.do(making(w, 'ann', 'den', 'other'));
    await w.leave('ann', 'brief');
    assert.equal(await w.store.room(room('brief')), null);
    assert.equal(await w.store.invitation(code('code0')), null);
    assert.deepEqual((await w.store.invitations(room('den'))).length, 1);
  });
}
