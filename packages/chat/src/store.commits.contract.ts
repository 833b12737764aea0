import assert from 'node:assert/strict';
import { it } from 'node:test';
import { SudaError } from '@suda/protocol';
import type { RoomCommand } from './commands.ts';
import type { Outcome } from './store.ts';
import { messageOf, type OpenStore, openWorld, room, user } from './store.world.contract.ts';

/** What a commit promises: pos and rev, once, all or nothing. */
export function commitContract(open: OpenStore): void {
  it('P3 a message takes the next pos and the next rev; a change takes only a rev', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    const first = await w.say('ann', 'r1', 'one');
    assert.deepEqual([first.pos, first.rev, first.firstRev], [2, 2, 2]);
    const edited = await w.edit('ann', 'r1', 2, 'uno');
    assert.deepEqual(edited, { ...first, text: 'uno', rev: 3, editedAt: edited.editedAt });
    const second = await w.say('ann', 'r1', 'two');
    assert.deepEqual([second.pos, second.rev, second.firstRev], [3, 4, 4]);
    const { head, pos } = (await w.store.room(room('r1'))) ?? {};
    assert.deepEqual([head, pos], [4, 3]);
  });

  it('P3 pos and rev have no hole, and answers keep their order, under many commands at once in several rooms', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    const rooms = ['r1', 'r2', 'r3'];
    for (const id of rooms) await w.make(id, ['ann', 'bob']);
    const answered = new Map<string, number[]>(rooms.map((id) => [id, []]));
    const sends = Array.from({ length: 600 }, async (_, i) => {
      const where = String(rooms[i % 3]);
      const message = messageOf(await w.do(w.saying(i % 2 ? 'ann' : 'bob', where, `m${i}`)));
      answered.get(where)?.push(message.rev);
    });
    await Promise.all(sends);
    for (const id of rooms) {
      const { messages, head, pos } = await w.history(id);
      assert.equal(pos, 202);
      assert.equal(head, 202);
      const counted = messages.map((_, i) => i + 1);
      assert.deepEqual(
        messages.map((m) => m.pos),
        counted,
      );
      assert.deepEqual(
        messages.map((m) => m.rev),
        counted,
      );
      assert.deepEqual(answered.get(id), counted.slice(2));
    }
  });

  it('P1 everything is there after reopening, and counting goes on', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann', 'bob'], { capacity: 7, passwordHash: 'hash', kind: 'private' });
    await w.make('gone', ['ann'], { ephemeral: true });
    await w.leave('ann', 'gone');
    await w.say('ann', 'r1', 'one', 'same');
    await w.do({ type: 'message.react', actor: user('bob'), room: room('r1'), pos: 3, emoji: '👍' });
    const message: RoomCommand = { ...w.saying('bob', 'r1', '둘'), replyTo: 3 };
    await w.do(message);
    const look = async () => ({
      room: await w.store.room(room('r1')),
      history: await w.history('r1'),
      members: await w.store.members(room('r1')),
      views: await w.store.roomViews(user('bob'), true, 8),
      gone: await w.store.room(room('gone')),
      found: await w.found('둘', 'r1'),
    });
    const before = await look();
    assert.deepEqual(before.history.messages[2]?.reactions, [{ emoji: '👍', users: ['bob'] }]);
    assert.equal(before.gone, null);
    await w.reopen();
    assert.deepEqual(await look(), before);
    const next = await w.say('ann', 'r1', 'three');
    assert.deepEqual([next.pos, next.rev], [5, 6]);
  });

  it('P2 a retry gets the original, and changes nothing', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann', 'bob']);
    await w.make('r2', ['ann']);
    const first = await w.say('ann', 'r1', 'one', 'same');
    assert.deepEqual(await w.execute(w.saying('ann', 'r1', 'one', 'same')), { status: 'duplicate', message: first });
    assert.equal((await w.store.room(room('r1')))?.head, first.rev);
    assert.equal((await w.say('bob', 'r1', 'mine', 'same')).pos, first.pos + 1, 'another sender’s clientId is another');
    assert.equal((await w.say('ann', 'r2', 'there', 'same')).pos, 2, 'another room’s clientId is another');
  });

  it('P2 of the same send many times at once, one is done and the others are its duplicates', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => w.execute(w.saying('ann', 'r1', 'one', 'same'))));
    assert.equal(outcomes.filter((it) => it.status === 'done').length, 1);
    for (const it of outcomes) if (it.status === 'duplicate') assert.equal(it.message.pos, 2);
    assert.equal((await w.history('r1')).messages.length, 2);
  });

  it('P2 a retry after reopening gets the original’s place, also when it was edited or deleted since', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    await w.say('ann', 'r1', 'one', 'edited');
    await w.say('ann', 'r1', 'two', 'deleted');
    const edited = await w.edit('ann', 'r1', 2, 'uno');
    const deleted = await w.delete('ann', 'r1', 3);
    assert.deepEqual([deleted.text, deleted.deleted, deleted.clientId, deleted.rev], ['', true, 'deleted', 5]);
    for (const again of ['now', 'after reopening']) {
      assert.deepEqual(await w.execute(w.saying('ann', 'r1', 'one', 'edited')), { status: 'duplicate', message: edited }, again);
      assert.deepEqual(await w.execute(w.saying('ann', 'r1', 'two', 'deleted')), { status: 'duplicate', message: deleted }, again);
      await w.reopen();
    }
  });

  it('P8 a refused command leaves nothing, and takes nothing from others in the same commit', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'eve');
    await w.make('r1', ['ann']);
    const both = (i: number): Promise<Outcome>[] => [
      w.execute(w.saying('ann', 'r1', `m${i}`)),
      w.execute(w.saying('eve', 'r1', 'let me in')),
    ];
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => both(i)).flat());
    for (const [i, outcome] of outcomes.entries()) {
      if (i % 2) assert.deepEqual([outcome.status, outcome.status === 'refused' && outcome.code], ['refused', 'not_member']);
      else assert.equal(outcome.status, 'done');
    }
    const { messages, head, pos } = await w.history('r1');
    assert.deepEqual([messages.length, head, pos], [21, 21, 21]);
    assert.deepEqual(await w.found('let', 'r1'), []);
  });

  it('P8 a command that goes wrong inside fails alone and wholly', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann']);
    const broken = { type: 'no.such.command', actor: 'ann', room: 'r1' } as unknown as RoomCommand;
    const fails = (promise: Promise<unknown>) =>
      assert.rejects(promise, (error) => error instanceof SudaError && error.code === 'internal');
    await Promise.all([
      w.say('ann', 'r1', 'before'),
      w.read('ann', 'r1', 1),
      fails(w.execute(broken)),
      w.join('bob', 'r1'),
      fails(w.execute(broken)),
      w.say('ann', 'r1', 'after'),
    ]);
    assert.deepEqual(
      (await w.history('r1')).messages.map((m) => m.text),
      ['', 'before', '', 'after'],
    );
    assert.equal(await w.readPos('ann', 'r1'), 4);
    await w.reopen();
    assert.deepEqual(
      (await w.history('r1')).messages.map((m) => m.pos),
      [1, 2, 3, 4],
    );
    assert.equal((await w.store.room(room('r1')))?.memberCount, 2);
  });

  it('each change shows its record as that effect left it', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    const made = await w.do({
      type: 'room.create',
      actor: user('ann'),
      room: room('r1'),
      name: 'r1',
      kind: 'public',
      capacity: null,
      passwordHash: null,
      ephemeral: false,
    });
    assert.deepEqual(
      made.map((it) => it.type),
      ['room', 'member', 'message'],
    );
    assert.ok(made[0]?.type === 'room' && made[0].before === null && made[0].room.head === 0 && made[0].room.memberCount === 0);
    assert.ok(made[1]?.type === 'member' && made[1].before === null && made[1].user.name === 'ANN' && made[1].member.role === 'owner');
    await w.join('bob', 'r1');
    const left = await w.leave('ann', 'r1');
    assert.deepEqual(
      left.map((it) => it.type),
      ['member.dropped', 'message', 'room', 'member', 'message'],
    );
    assert.ok(left[2]?.type === 'room' && left[2].before === 'public' && left[2].room.head === 3 && left[2].room.owner === 'bob');
    assert.ok(left[3]?.type === 'member' && left[3].before === 'member' && left[3].member.role === 'owner');
    assert.deepEqual(await w.join('bob', 'r1'), [], 'what is so already is no change');
  });

  it('a read that begins after the answer sees the effect; what is closed is unavailable', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    await Promise.all(
      Array.from({ length: 50 }, async (_, i) => {
        const { pos, rev } = await w.say('ann', 'r1', `m${i}`);
        const page = await w.store.page(room('r1'), { type: 'around', pos, limit: 1 });
        assert.equal(page?.messages[0]?.text, `m${i}`);
        assert.ok(page.head >= rev && page.pos >= pos);
      }),
    );
    const given = w.say('ann', 'r1', 'last');
    await w.store.close();
    assert.equal((await given).text, 'last', 'what was given before close is carried out');
    const unavailable = (error: unknown) => error instanceof SudaError && error.code === 'unavailable';
    await assert.rejects(w.execute(w.saying('ann', 'r1', 'later')), unavailable);
    await assert.rejects(w.store.room(room('r1')), unavailable);
    await w.store.close();
  });
}
