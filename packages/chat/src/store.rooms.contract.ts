import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

const count = async (w: World, id: string) => (await w.store.room(room(id)))?.memberCount;
const names = async (w: World, id: string) => (await w.store.members(room(id))).map((view) => view.user.id);
const viewed = async (w: World, id: string, publicToo: boolean) =>
  (await w.store.roomViews(user(id), publicToo, 8)).map((view) => view.room.id).sort();

/** Users, rooms, members, and the lists made of them. */
export function roomContract(open: OpenStore): void {
  it('a user is kept, and renamed', async (t) => {
    const w = await openWorld(open, t);
    assert.equal(await w.store.user(user('ann')), null);
    await w.do({ type: 'user.create', actor: user('ann'), name: 'Ann 수다', guest: true });
    const ann = { id: 'ann', name: 'Ann 수다', guest: true, createdAt: 1_000 };
    assert.deepEqual(await w.store.user(user('ann')), ann);
    await w.do({ type: 'user.rename', actor: user('ann'), name: 'Anna' });
    assert.deepEqual(await w.store.user(user('ann')), { ...ann, name: 'Anna' });
    await w.make('r1', ['ann']);
    assert.deepEqual((await w.store.members(room('r1')))[0]?.user.name, 'Anna');
  });

  it('a room keeps its fields; a change of them leaves its counters and its epoch', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann'], { capacity: 5 });
    const before = await w.store.room(room('r1'));
    await w.do({
      type: 'room.update',
      actor: user('ann'),
      room: room('r1'),
      name: 'new',
      kind: 'private',
      passwordHash: 'h',
      ephemeral: true,
      capacity: null,
    });
    const after = { name: 'new', kind: 'private', passwordHash: 'h', ephemeral: true, capacity: null, head: 2, pos: 2 };
    assert.deepEqual(await w.store.room(room('r1')), { ...before, ...after });
    assert.equal(await w.store.room(room('nowhere')), null);
  });

  it('memberCount counts who is in: not who left, was kicked or is banned', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat', 'dan');
    await w.make('r1', ['ann', 'bob', 'cat', 'dan']);
    assert.equal(await count(w, 'r1'), 4);
    await w.leave('bob', 'r1');
    await w.kick('ann', 'r1', 'cat', false);
    await w.kick('ann', 'r1', 'dan', true);
    assert.equal(await count(w, 'r1'), 1);
    await w.join('bob', 'r1');
    await w.join('bob', 'r1');
    assert.equal(await count(w, 'r1'), 2);
    await w.do({ type: 'room.invite', actor: user('ann'), room: room('r1'), user: user('dan') });
    assert.equal(await count(w, 'r1'), 3);
    await w.reopen();
    assert.equal(await count(w, 'r1'), 3);
  });

  it('P7 capacity holds when many join at once', async (t) => {
    const w = await openWorld(open, t);
    const crowd = Array.from({ length: 10 }, (_, i) => `u${i}`);
    await w.people('ann', ...crowd);
    await w.make('r1', ['ann'], { capacity: 4 });
    const joins = crowd.map((id) => w.execute({ type: 'room.join', actor: user(id), room: room('r1'), verifiedHash: null }));
    const outcomes = await Promise.all(joins);
    assert.equal(outcomes.filter((it) => it.status === 'done').length, 3);
    assert.equal(await count(w, 'r1'), 4);
  });

  it('members stand in the order of joining, ties by user id, bans not among them', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat', 'dan', 'eve');
    await w.make('r1', ['ann', 'eve']);
    for (const id of ['dan', 'bob', 'cat']) {
      w.now = 5_000;
      await w.join(id, 'r1');
    }
    assert.deepEqual(await names(w, 'r1'), ['ann', 'eve', 'bob', 'cat', 'dan']);
    await w.kick('ann', 'r1', 'cat', true);
    assert.deepEqual(await names(w, 'r1'), ['ann', 'eve', 'bob', 'dan']);
    assert.equal((await w.store.member(room('r1'), user('cat')))?.role, 'banned');
    assert.deepEqual(await w.store.roomsOf(user('cat')), []);
    assert.equal(await w.refused({ type: 'room.join', actor: user('cat'), room: room('r1'), verifiedHash: null }), 'banned');
    assert.deepEqual(await w.store.members(room('nowhere')), []);
    assert.equal(await w.store.member(room('r1'), user('nobody')), null);
  });

  it('the longest-standing other member inherits an owner’s room, ties by user id', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat', 'dan');
    await w.make('r1', ['ann']);
    for (const id of ['dan', 'cat', 'bob']) {
      w.now = 5_000;
      await w.join(id, 'r1');
    }
    await w.kick('ann', 'r1', 'bob', true);
    await w.leave('ann', 'r1');
    assert.equal((await w.store.room(room('r1')))?.owner, 'cat');
    assert.equal((await w.store.member(room('r1'), user('cat')))?.role, 'owner');
    await w.leave('cat', 'r1');
    assert.equal((await w.store.room(room('r1')))?.owner, 'dan');
    await w.leave('dan', 'r1');
    assert.deepEqual([(await w.store.room(room('r1')))?.owner, await count(w, 'r1')], [null, 0]);
  });

  it('readPos moves forward only; who speaks has read; unread is pos - readPos', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat');
    await w.make('r1', ['ann', 'bob']);
    for (let i = 0; i < 5; i++) await w.say('ann', 'r1', `m${i}`);
    assert.deepEqual([await w.readPos('ann', 'r1'), await w.readPos('bob', 'r1')], [7, 1]);
    assert.deepEqual(await w.read('bob', 'r1', 4), [{ type: 'read', room: 'r1', user: 'bob', pos: 4 }]);
    assert.deepEqual(await w.read('bob', 'r1', 3), []);
    assert.equal(await w.readPos('bob', 'r1'), 4);
    const view = await w.store.roomView(room('r1'), user('bob'), 8);
    assert.equal((view?.room.pos ?? 0) - (view?.member?.readPos ?? 0), 3);
    await Promise.all([w.read('bob', 'r1', 6), w.read('bob', 'r1', 5), w.say('ann', 'r1', 'm'), w.read('bob', 'r1', 1)]);
    assert.equal(await w.readPos('bob', 'r1'), 6);
    await w.reopen();
    assert.deepEqual([await w.readPos('ann', 'r1'), await w.readPos('bob', 'r1')], [8, 6]);
    await w.join('cat', 'r1');
    assert.equal(await w.readPos('cat', 'r1'), 9, 'what was said before one came is not unread');
  });

  it('room.unread moves readPos back only, also to before the first message, and reading moves it on from there', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann', 'bob']);
    for (let i = 0; i < 5; i++) await w.say('ann', 'r1', `m${i}`);
    await w.read('bob', 'r1', 6);
    assert.deepEqual(await w.unread('bob', 'r1', 7), []);
    assert.deepEqual(await w.unread('bob', 'r1', 4), [{ type: 'read', room: 'r1', user: 'bob', pos: 3, back: true }]);
    assert.deepEqual(await w.unread('bob', 'r1', 5), []);
    await w.reopen();
    assert.equal(await w.readPos('bob', 'r1'), 3);
    await w.unread('bob', 'r1', 1);
    assert.equal(await w.readPos('bob', 'r1'), 0);
    await Promise.all([w.read('bob', 'r1', 6), w.unread('bob', 'r1', 5), w.read('bob', 'r1', 5)]);
    assert.equal(await w.readPos('bob', 'r1'), 5);
  });

  it('there is one direct room of two people, whoever opens it', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat');
    const [id, again] = await Promise.all([w.direct('ann', 'bob'), w.direct('bob', 'ann')]);
    assert.equal(id, again);
    assert.deepEqual(await names(w, id), ['ann', 'bob']);
    assert.deepEqual(await w.store.roomsOf(user('bob')), [id]);
    const self = await w.direct('cat', 'cat');
    assert.deepEqual(await names(w, self), ['cat']);
  });

  it('P7 lists show public rooms and mine, never another’s private or direct room', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat');
    await w.do({ type: 'room.found', actor: user('ann'), room: room('lobby'), name: 'Lobby' });
    await w.make('open', ['ann', 'cat']);
    await w.make('closed', ['ann', 'bob'], { kind: 'private' });
    await w.make('secret', ['ann', 'cat'], { kind: 'private' });
    await w.kick('ann', 'secret', 'cat', true);
    await w.kick('ann', 'open', 'cat', true);
    const direct = await w.direct('ann', 'bob');
    assert.deepEqual(await viewed(w, 'ann', true), ['closed', direct, 'lobby', 'open', 'secret']);
    assert.deepEqual(await viewed(w, 'bob', true), ['closed', direct, 'lobby', 'open']);
    assert.deepEqual(await viewed(w, 'bob', false), ['closed', direct]);
    assert.deepEqual(await viewed(w, 'cat', true), ['lobby', 'open']);
    assert.deepEqual(await viewed(w, 'cat', false), []);
    assert.deepEqual([...(await w.store.roomsOf(user('ann')))].sort(), ['closed', direct, 'open', 'secret']);
    const banned = (await w.store.roomViews(user('cat'), true, 8)).find((view) => view.room.id === 'open');
    assert.equal(banned?.member?.role, 'banned');
  });

  it('a room’s view has the last message, the asker’s place, and its people when they are few', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat', 'dan');
    await w.make('r1', ['ann', 'bob', 'cat']);
    await w.kick('ann', 'r1', 'cat', true);
    const said = await w.say('bob', 'r1', 'last');
    const view = await w.store.roomView(room('r1'), user('bob'), 2);
    assert.deepEqual(view?.last, said);
    assert.deepEqual(view?.room, await w.store.room(room('r1')));
    assert.deepEqual(view?.member, await w.store.member(room('r1'), user('bob')));
    assert.deepEqual(
      view?.people?.map((it) => it.name),
      ['ANN', 'BOB'],
    );
    assert.equal((await w.store.roomView(room('r1'), user('bob'), 1))?.people, null);
    assert.equal((await w.store.roomView(room('r1'), user('dan'), 8))?.member, null);
    assert.equal(await w.store.roomView(room('nowhere'), user('dan'), 8), null);
    assert.deepEqual((await w.store.roomViews(user('bob'), false, 2))[0], view);
    await w.do({ type: 'room.found', actor: user('ann'), room: room('lobby'), name: 'Lobby' });
    const lobby = await w.store.roomView(room('lobby'), user('ann'), 8);
    assert.deepEqual([lobby?.last, lobby?.people, lobby?.room.owner], [null, [], null]);
  });

  it('an ephemeral room goes with its last member, and takes everything along', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob', 'cat');
    await w.make('r1', ['ann', 'bob', 'cat'], { ephemeral: true });
    await w.make('r2', ['bob']);
    await w.say('ann', 'r1', 'vanishing words', 'same');
    await w.say('bob', 'r2', 'staying words');
    await w.kick('ann', 'r1', 'cat', true);
    const left = async () => (await w.store.ephemeralMembers()).map((member) => [member.room, member.user]).sort();
    assert.deepEqual(await left(), [
      ['r1', 'ann'],
      ['r1', 'bob'],
    ]);
    const { epoch } = (await w.store.room(room('r1'))) ?? {};
    await w.leave('ann', 'r1');
    assert.deepEqual(await w.leave('bob', 'r1'), [{ type: 'room.dropped', room: 'r1', kind: 'public', members: ['bob'] }]);
    for (const _ of ['now', 'after reopening']) {
      assert.equal(await w.store.room(room('r1')), null);
      assert.deepEqual(await w.store.members(room('r1')), []);
      assert.equal(await w.store.member(room('r1'), user('cat')), null);
      assert.equal(await w.store.page(room('r1'), { type: 'latest', limit: 9 }), null);
      assert.deepEqual(await w.store.roomsOf(user('bob')), ['r2']);
      assert.deepEqual(await left(), []);
      assert.deepEqual(await w.found('words', 'r1', 'r2'), ['staying words']);
      await w.reopen();
    }
    assert.equal(await w.refused(w.saying('ann', 'r1', 'anyone?')), 'no_such_room');
    await w.make('r1', ['cat', 'ann']);
    assert.notEqual((await w.store.room(room('r1')))?.epoch, epoch, 'another life of the log');
    assert.deepEqual(await w.found('words', 'r1'), []);
    assert.equal((await w.say('ann', 'r1', 'new words', 'same')).pos, 3, 'the clientId went with the message');
    assert.deepEqual(await w.found('words', 'r1', 'r2'), ['new words', 'staying words']);
  });

  it('an ephemeral room goes and comes back within what may be one commit', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann'], { ephemeral: true });
    await Promise.all([
      w.say('ann', 'r1', 'old words', 'same'),
      w.leave('ann', 'r1'),
      w.refused(w.saying('ann', 'r1', 'lost words')),
      w.make('r1', ['bob']),
    ]);
    await w.join('ann', 'r1');
    assert.equal((await w.say('ann', 'r1', 'new words', 'same')).pos, 3);
    assert.deepEqual(await w.found('words', 'r1'), ['new words']);
    assert.deepEqual([await count(w, 'r1'), await w.readPos('bob', 'r1'), await w.readPos('ann', 'r1')], [2, 1, 3]);
  });
}
