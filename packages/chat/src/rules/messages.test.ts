import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { type ErrorCode, limits } from '@suda/protocol';
import type { RoomCommand } from '../commands.ts';
import { decide } from '../decide.ts';
import type { Facts } from '../facts.ts';
import { MemoryStore } from '../memory-store.ts';
import type { MessageRecord } from '../records.ts';
import { messageOf, room, user, World } from '../store.world.contract.ts';

/** In the room: 1–2 notices, 3 ann's, 4 bob's, 5 bob's, deleted. */
const [NOTICE, ANNS, BOBS, DELETED, NONE] = [1, 3, 4, 5, 99] as const;

type Kind = 'send' | 'edit' | 'delete' | 'react' | 'unreact';
const command = (kind: Kind, who: string, where: string, pos: number): RoomCommand => {
  const base = { actor: user(who), room: room(where), pos };
  switch (kind) {
    case 'send':
      return { type: 'message.send', actor: base.actor, room: base.room, clientId: 'reply', text: 'reply', replyTo: pos };
    case 'edit':
      return { type: 'message.edit', ...base, text: 'other' };
    case 'delete':
      return { type: 'message.delete', ...base };
    case 'react':
    case 'unreact':
      return { type: `message.${kind}`, ...base, emoji: '👍' };
  }
};

describe('messages', () => {
  let w: World;
  beforeEach(async () => {
    const store = new MemoryStore();
    w = new World({ store, reopen: async () => store, close: () => store.close() });
    await w.people('ann', 'bob', 'cem', 'eve');
    for (const id of ['hall', 'secret']) {
      await w.make(id, ['ann', 'bob'], { kind: id === 'hall' ? 'public' : 'private' });
      await w.say('ann', id, 'from ann');
      await w.say('bob', id, 'from bob');
      const { pos } = await w.say('bob', id, 'taken back');
      await w.delete('bob', id, pos);
      await w.kick('ann', id, 'eve', true);
    }
    await w.direct('ann', 'bob');
  });

  const kinds: readonly Kind[] = ['send', 'edit', 'delete', 'react', 'unreact'];
  for (const kind of kinds) {
    const outside: readonly [who: string, where: string, code: ErrorCode][] = [
      ['nobody', 'hall', 'unauthenticated'],
      ['ann', 'nowhere', 'no_such_room'],
      ['cem', 'hall', 'not_member'],
      ['cem', 'secret', 'no_such_room'],
      ['eve', 'hall', 'banned'],
      ['eve', 'secret', 'banned'],
    ];
    for (const [who, where, code] of outside)
      it(`P7 ${kind} in ${where} by ${who}: ${code}`, async () => assert.equal(await w.refused(command(kind, who, where, ANNS)), code));
  }

  const refusals: readonly (readonly [rule: string, kind: Kind, who: string, pos: number, code: ErrorCode])[] = [
    ...kinds.map((kind) => ['P8', kind, 'ann', NONE, 'no_such_message'] as const),
    ...kinds.map((kind) => ['R4.7', kind, 'ann', NOTICE, 'not_allowed'] as const),
    ['P8', 'send', 'ann', DELETED, 'message_deleted'],
    ['P7 also for the owner:', 'edit', 'ann', BOBS, 'not_author'],
    ['P7', 'edit', 'bob', ANNS, 'not_author'],
    ['P7', 'delete', 'bob', ANNS, 'not_author'],
    ['R4.6', 'edit', 'bob', DELETED, 'message_deleted'],
    ['R4.6', 'react', 'bob', DELETED, 'message_deleted'],
    ['R4.6', 'unreact', 'bob', DELETED, 'message_deleted'],
  ];
  for (const [rule, kind, who, pos, code] of refusals)
    it(`${rule} ${kind} of ${pos} by ${who}: ${code}`, async () => assert.equal(await w.refused(command(kind, who, 'hall', pos)), code));

  it('P2 the same clientId is one message, whatever it says the second time', async () => {
    const first = await w.say('ann', 'hall', 'one', 'mine1');
    const again = await w.execute(w.saying('ann', 'hall', 'two', 'mine1'));
    assert.deepEqual(again, { status: 'duplicate', message: first });
    assert.equal((await w.history('hall')).messages.at(-1)?.text, 'one');
  });

  it('P2 it is one for each sender and room', async () => {
    await w.say('ann', 'hall', 'one', 'mine1');
    await w.say('bob', 'hall', 'two', 'mine1');
    await w.say('ann', 'secret', 'three', 'mine1');
  });

  it('P2 a retry finds its message also when it was edited or deleted since', async () => {
    const { pos, firstRev, at } = await w.say('ann', 'hall', 'one', 'mine1');
    await w.edit('ann', 'hall', pos, 'changed');
    await w.delete('ann', 'hall', pos);
    const again = await w.execute(w.saying('ann', 'hall', 'one', 'mine1'));
    assert.ok(again.status === 'duplicate');
    assert.deepEqual([again.message.pos, again.message.firstRev, again.message.at], [pos, firstRev, at]);
  });

  it('P2 a retry is not refused for what would refuse it now', async () => {
    const reply: RoomCommand = { ...w.saying('bob', 'hall', 'a reply', 'mine1'), replyTo: ANNS };
    await w.do(reply);
    const whisper: RoomCommand = { ...w.saying('ann', 'd_ann_bob', 'psst', 'mine2'), via: room('hall') };
    await w.do(whisper);
    await w.delete('ann', 'hall', ANNS);
    assert.equal((await w.execute(reply)).status, 'duplicate');
    await w.leave('ann', 'hall');
    assert.equal((await w.execute(whisper)).status, 'duplicate');
  });

  it('P7 a retry of one who was sent away since is refused', async () => {
    await w.say('bob', 'hall', 'one', 'mine1');
    await w.kick('ann', 'hall', 'bob', true);
    assert.equal(await w.refused(w.saying('bob', 'hall', 'one', 'mine1')), 'banned');
  });

  it('P3 a reply carries what it answers', async () => {
    await w.do({ ...w.saying('bob', 'hall', 'a reply'), replyTo: ANNS });
    assert.equal((await w.history('hall')).messages.at(-1)?.replyTo, ANNS);
  });

  it('R4.12 a whisper is said in a room in which both are, to a direct room', async () => {
    const whisper = (where: string, via: string): RoomCommand => ({ ...w.saying('ann', where, 'psst'), via: room(via) });
    await w.do(whisper('d_ann_bob', 'hall'));
    assert.equal((await w.history('d_ann_bob')).messages.at(-1)?.via, 'hall');
    assert.equal(await w.refused(whisper('hall', 'secret')), 'not_allowed');
    assert.equal(await w.refused(whisper('d_ann_bob', 'nowhere')), 'not_allowed');
    await w.kick('ann', 'hall', 'bob', true);
    assert.equal(await w.refused(whisper('d_ann_bob', 'hall')), 'not_allowed');
    await w.leave('ann', 'secret');
    assert.equal(await w.refused(whisper('d_ann_bob', 'secret')), 'not_allowed');
  });

  it('R4.6 a deleted message is an empty tombstone; owner and author may take it back', async () => {
    await w.do(command('react', 'ann', 'hall', BOBS));
    const { text, deleted, reactions, editedAt, sender, pos } = await w.delete('ann', 'hall', BOBS);
    assert.deepEqual(
      { text, deleted, reactions, editedAt, sender: sender?.id, pos },
      { text: '', deleted: true, reactions: [], editedAt: null, sender: 'bob', pos: BOBS },
    );
    await w.delete('ann', 'hall', ANNS);
  });

  it('R3.5 what changes nothing takes no rev', async () => {
    await w.do(command('react', 'bob', 'hall', ANNS));
    const { head } = await w.history('hall');
    const same: readonly RoomCommand[] = [
      { type: 'message.edit', actor: user('ann'), room: room('hall'), pos: ANNS, text: 'from ann' },
      command('delete', 'bob', 'hall', DELETED),
      command('react', 'bob', 'hall', ANNS),
      command('unreact', 'ann', 'hall', ANNS),
    ];
    for (const each of same) assert.equal((await w.execute(each)).status, 'duplicate', each.type);
    assert.equal((await w.history('hall')).head, head);
  });

  it('R4.1 an edit says when, leaves the pos and takes the next rev', async () => {
    const { head } = await w.history('hall');
    w.now = 77_000;
    const edited = await w.edit('ann', 'hall', ANNS, 'better');
    assert.deepEqual([edited.text, edited.editedAt, edited.pos, edited.rev], ['better', 77_000, ANNS, head + 1]);
  });

  it('R16.1 an edit that changes only whom it mentions shows nothing new, and doesn’t say that it was edited', async () => {
    const edit = { type: 'message.edit', actor: user('ann'), room: room('hall'), pos: ANNS } as const;
    w.now = 77_000;
    const again = messageOf(await w.do({ ...edit, text: 'from ann', mentions: [user('bob')] }));
    assert.deepEqual([again.editedAt, again.mentions.map(({ id }) => id)], [null, ['bob']]);
    const { editedAt } = await w.edit('ann', 'hall', ANNS, 'better');
    w.now = 88_000;
    const later = messageOf(await w.do({ ...edit, text: 'better', mentions: [user('bob')] }));
    assert.deepEqual([later.text, later.editedAt, later.mentions.length], ['better', editedAt, 1], 'nor another time');
  });

  it('R4.1 a reaction comes and goes', async () => {
    const reactions = async (kind: 'react' | 'unreact', who: string, emoji: string) => {
      await w.do({ type: `message.${kind}`, actor: user(who), room: room('hall'), pos: ANNS, emoji });
      return (await w.history('hall')).messages[ANNS - 1]?.reactions;
    };
    assert.deepEqual(await reactions('react', 'bob', '👍'), [{ emoji: '👍', users: ['bob'] }]);
    assert.deepEqual(await reactions('react', 'ann', '👍'), [{ emoji: '👍', users: ['bob', 'ann'] }]);
    await reactions('react', 'ann', '🎉');
    assert.deepEqual(await reactions('unreact', 'bob', '👍'), [
      { emoji: '👍', users: ['ann'] },
      { emoji: '🎉', users: ['ann'] },
    ]);
    assert.deepEqual(await reactions('unreact', 'ann', '👍'), [{ emoji: '🎉', users: ['ann'] }]);
  });

  it('R3.1 a message carries so many emoji, an emoji so many people', () => {
    const message = (reactions: MessageRecord['reactions']): MessageRecord => ({
      room: room('hall'),
      pos: ANNS,
      rev: 3,
      firstRev: 3,
      kind: 'text',
      sender: { id: user('ann'), name: 'ANN' },
      clientId: 'c',
      text: 'x',
      at: 1,
      editedAt: null,
      deleted: false,
      replyTo: null,
      via: null,
      notice: null,
      reactions,
      attachments: [],
      mentions: [],
      preview: null,
    });
    const react = (reactions: MessageRecord['reactions'], emoji: string): string => {
      const place = { room: room('hall'), user: user('bob'), role: 'member', joinedAt: 1, readPos: 0 } as const;
      const facts = {
        actor: { id: user('bob'), name: 'BOB', guest: true, createdAt: 1 },
        room: { id: room('hall'), kind: 'public', passwordHash: null },
        member: place,
        message: message(reactions),
      } as unknown as Facts;
      const decision = decide(facts, { type: 'message.react', actor: user('bob'), room: room('hall'), pos: ANNS, emoji }, 1);
      return decision.status === 'refused' ? decision.code : decision.status;
    };
    const emoji = (count: number) => Array.from({ length: count }, (_, i) => ({ emoji: `e${i}`, users: [user('ann')] }));
    const people = (count: number) => [{ emoji: '👍', users: Array.from({ length: count }, (_, i) => user(`u${i}`)) }];
    assert.equal(react(emoji(limits.reactionsPerMessage - 1), 'new'), 'effects');
    assert.equal(react(emoji(limits.reactionsPerMessage), 'new'), 'too_many_reactions');
    assert.equal(react(emoji(limits.reactionsPerMessage), 'e3'), 'effects');
    assert.equal(react(people(limits.usersPerReaction - 1), '👍'), 'effects');
    assert.equal(react(people(limits.usersPerReaction), '👍'), 'too_many_reactions');
  });
});
