import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limits } from '@suda/protocol';
import type { MessagePlace } from './store.ts';
import { messageOf, type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

async function hall(w: World): Promise<void> {
  await w.people('ann', 'bob', 'cem', 'eve');
  await w.make('hall', ['ann', 'bob', 'cem']);
}

const mentioned = (message: { readonly mentions: readonly { readonly id: string }[] }) => message.mentions.map(({ id }) => id);
const unread = async (w: World, who: string, where: string) => (await w.store.roomView(room(where), user(who), 0))?.mentions;
const listed = async (w: World, who: string) => (await w.store.mentions(user(who), 100)).map(({ text }) => text);

/** Whom messages mention, whom they answer, and how one finds these again. */
export function mentionContract(open: OpenStore): void {
  it('R16.1 a message mentions the members that it names by id; who is none is left out', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const said = await w.mention('ann', 'hall', 'hello', 'cem', 'eve', 'bob', 'cem', 'nobody');
    assert.deepEqual(said.mentions, [
      { id: 'cem', name: 'CEM' },
      { id: 'bob', name: 'BOB' },
    ]);
    await w.kick('ann', 'hall', 'cem', true);
    assert.deepEqual(mentioned(await w.mention('ann', 'hall', 'again', 'cem', 'bob')), ['bob']);
    await w.reopen();
    assert.deepEqual((await w.history('hall')).messages.find(({ pos }) => pos === said.pos)?.mentions, said.mentions);
  });

  it('R16.1 without ids, it mentions the members whose exact names its text says: the longest, all of one name', async (t) => {
    const w = await openWorld(open, t);
    const names = { ann: 'Ann', bob: 'Ann Lee', cem: '미나', dan: '미나', eve: 'Eve' };
    for (const [id, name] of Object.entries(names)) await w.do({ type: 'user.create', actor: user(id), name, guest: true });
    await w.make('hall', ['ann', 'bob', 'cem', 'dan']);
    const says = async (text: string) => mentioned(await w.say('ann', 'hall', text));
    assert.deepEqual(await says('@Ann Lee and @미나야'), ['bob', 'cem', 'dan']);
    assert.deepEqual(await says('@Ann, you'), ['ann']);
    assert.deepEqual(await says('@Annabel @ann @Eve ann@Ann `@Ann`'), [], 'longer, other case, no member, an address, code');
    assert.deepEqual(mentioned(messageOf(await w.do({ ...w.saying('ann', 'hall', '@Ann'), mentions: [] }))), [], 'said so');
  });

  it('R16.1 names are those of the members now: who came, went, was banned, is called otherwise', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const says = async (text: string) => mentioned(await w.say('ann', 'hall', text)).sort();
    assert.deepEqual(await says('@EVE @BOB @CEM'), ['bob', 'cem']);
    await w.join('eve', 'hall');
    await w.leave('bob', 'hall');
    await w.kick('ann', 'hall', 'cem', true);
    assert.deepEqual(await says('@EVE @BOB @CEM'), ['eve']);
    await w.do({ type: 'user.rename', actor: user('eve'), name: 'Eva' });
    assert.deepEqual(await says('@EVE @Eva'), ['eve']);
    await w.do({ type: 'user.rename', actor: user('bob'), name: 'Eva' });
    assert.deepEqual(await says('@Eva'), ['eve'], 'of that name, but elsewhere');
    await w.join('bob', 'hall');
    await w.do({ type: 'room.invite', actor: user('ann'), room: room('hall'), user: user('cem') });
    assert.deepEqual(await says('@Eva @CEM @BOB'), ['bob', 'cem', 'eve']);
    await w.reopen();
    assert.deepEqual(await says('@Eva @CEM'), ['bob', 'cem', 'eve']);
  });

  it('R16.2 the list: what mentions or answers me, newest first; not what I say to myself', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const bobs = await w.say('bob', 'hall', 'one');
    await w.answer('ann', 'hall', bobs.pos, 'an answer');
    await w.mention('ann', 'hall', 'to both', 'bob', 'cem');
    await w.mention('bob', 'hall', 'to me', 'bob');
    await w.answer('bob', 'hall', bobs.pos, 'to myself');
    await w.direct('ann', 'bob');
    await w.mention('ann', 'd_ann_bob', 'here too', 'bob');
    assert.deepEqual(await listed(w, 'bob'), ['here too', 'to both', 'an answer']);
    assert.deepEqual(await listed(w, 'cem'), ['to both']);
    assert.deepEqual(await listed(w, 'ann'), []);
    await w.reopen();
    assert.deepEqual(await listed(w, 'bob'), ['here too', 'to both', 'an answer']);
  });

  it('R16.2 P7 the list has only rooms that I am a member of now', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    await w.mention('ann', 'hall', 'psst', 'bob', 'cem');
    await w.leave('bob', 'hall');
    await w.kick('ann', 'hall', 'cem', true);
    assert.deepEqual([await listed(w, 'bob'), await listed(w, 'cem')], [[], []]);
    assert.deepEqual([await unread(w, 'bob', 'hall'), await unread(w, 'cem', 'hall')], [[], []]);
    await w.join('bob', 'hall');
    assert.deepEqual(await listed(w, 'bob'), ['psst']);
    await w.make('brief', ['ann', 'bob'], { ephemeral: true });
    await w.mention('ann', 'brief', 'gone soon', 'bob');
    await w.leave('bob', 'brief');
    await w.leave('ann', 'brief');
    await w.make('brief', ['ann', 'bob']);
    assert.deepEqual(await listed(w, 'bob'), ['psst'], 'a room that vanished took its mentions along');
  });

  it('R16.3 an edit and a deletion change whom it concerns; a reaction does not', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const bobs = await w.say('bob', 'hall', 'one');
    const { pos } = await w.answer('ann', 'hall', bobs.pos, 'well, @CEM');
    const concerns = async (command: Parameters<World['do']>[0]) => {
      const change = (await w.do(command)).find((it) => it.type === 'message');
      return [...(change?.concerns ?? [])].sort();
    };
    const edit = { type: 'message.edit', actor: user('ann'), room: room('hall'), pos } as const;
    assert.deepEqual([await listed(w, 'bob'), await listed(w, 'cem')], [['well, @CEM'], ['well, @CEM']]);
    assert.deepEqual(await concerns({ ...edit, text: 'well' }), ['bob', 'cem']);
    assert.deepEqual([await listed(w, 'bob'), await listed(w, 'cem')], [['well'], []]);
    assert.deepEqual(await concerns({ ...edit, text: 'well', mentions: [user('cem')] }), ['bob', 'cem']);
    assert.deepEqual(await unread(w, 'cem', 'hall'), [pos]);
    assert.deepEqual(await concerns({ type: 'message.react', actor: user('bob'), room: room('hall'), pos, emoji: '👍' }), []);
    await w.delete('bob', 'hall', bobs.pos);
    assert.deepEqual(await listed(w, 'bob'), ['well'], 'the answer is still one to me');
    assert.deepEqual(await concerns({ type: 'message.delete', actor: user('ann'), room: room('hall'), pos }), ['bob', 'cem']);
    for (const who of ['bob', 'cem']) assert.deepEqual([await listed(w, who), await unread(w, who, 'hall')], [[], []]);
    assert.deepEqual((await w.history('hall')).messages.at(-1)?.mentions, []);
  });

  it('UX 33 unread are those above readPos: reading ends them, the latest of very many are named', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const first = await w.mention('ann', 'hall', '1', 'bob');
    const second = await w.mention('ann', 'hall', '2', 'bob');
    assert.deepEqual(await unread(w, 'bob', 'hall'), [first.pos, second.pos]);
    await w.read('bob', 'hall', first.pos);
    assert.deepEqual(await unread(w, 'bob', 'hall'), [second.pos]);
    await w.say('bob', 'hall', 'I am here');
    assert.deepEqual(await unread(w, 'bob', 'hall'), []);
    const many = Array.from({ length: limits.unreadMentions + 2 }, () => ({ ...w.saying('ann', 'hall', 'x'), mentions: [user('bob')] }));
    for (const saying of many) await w.do(saying);
    const { pos } = await w.history('hall');
    assert.deepEqual(
      await unread(w, 'bob', 'hall'),
      Array.from({ length: limits.unreadMentions }, (_, i) => pos - limits.unreadMentions + 1 + i),
    );
    const [view] = await w.store.roomViews(user('bob'), false, 0);
    assert.equal(view?.mentions.length, limits.unreadMentions);
  });

  it('P9 pages through all mentions in the one order (at, room, pos), also when many have the same time', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    const rooms = ['r3', 'r1', 'r2'];
    for (const id of rooms) await w.make(id, ['ann', 'bob']);
    for (const at of [50, 50, 51, 40, 52, 49, 53, 53]) {
      for (const id of rooms) {
        w.now = at;
        await w.mention('ann', id, `${id} at ${at}`, 'bob');
      }
    }
    const all = await w.store.mentions(user('bob'), 1_000);
    assert.equal(all.length, 24);
    assert.deepEqual(
      all,
      [...all].sort((a, b) => b.at - a.at || (a.room < b.room ? -1 : a.room > b.room ? 1 : b.pos - a.pos)),
    );
    for (const limit of [1, 5]) {
      const paged = [];
      let before: MessagePlace | undefined;
      for (;;) {
        const page = await w.store.mentions(user('bob'), limit, before);
        paged.push(...page);
        before = page.at(-1);
        if (page.length < limit) break;
      }
      assert.deepEqual(paged, all, `by ${limit}`);
    }
  });

  it('R16.4 what a member wants to be told is kept, for this member alone, as long as they are one', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const place = async (who: string) => {
      const member = await w.store.member(room('hall'), user(who));
      return [member?.notify, member?.muted];
    };
    const notify = { type: 'room.notify', actor: user('bob'), room: room('hall') } as const;
    assert.deepEqual(await place('bob'), [null, false]);
    const [change] = await w.do({ ...notify, notify: 'nothing' });
    assert.deepEqual(change, { type: 'notify', room: 'hall', user: 'bob', notify: 'nothing', muted: false });
    assert.deepEqual(await w.do({ ...notify, notify: 'nothing' }), []);
    await w.do({ ...notify, muted: true });
    await w.say('bob', 'hall', 'and this leaves it so');
    await w.reopen();
    assert.deepEqual(
      [await place('bob'), await place('ann')],
      [
        ['nothing', true],
        [null, false],
      ],
    );
    assert.equal(await w.readPos('bob', 'hall'), (await w.history('hall')).pos, 'what was read stays so');
    await w.leave('bob', 'hall');
    assert.equal(await w.refused({ ...notify, muted: false }), 'not_member');
    await w.join('bob', 'hall');
    assert.deepEqual(await place('bob'), [null, false]);
  });
}
