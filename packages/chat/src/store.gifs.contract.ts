import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type FileId, limits } from '@suda/protocol';
import type { RoomCommand } from './commands.ts';
import type { FileRecord } from './records.ts';
import { rankOf } from './rules/gifs.ts';
import { type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

/** An open room, one with a password, a private one, and two people talking alone. */
async function town(w: World): Promise<void> {
  await w.people('ann', 'bob', 'eve');
  await w.make('hall', ['ann', 'bob']);
  await w.make('den', ['ann', 'bob'], { kind: 'private' });
  await w.make('club', ['ann', 'bob'], { passwordHash: 'hash' });
  await w.direct('ann', 'bob');
}

async function moving(w: World, who: string, id: string, name = `${id}.gif`, more: object = {}): Promise<FileRecord> {
  const attachment = {
    id: id as FileId,
    name,
    type: 'image/gif',
    size: 10,
    width: 4,
    height: 3,
    animated: true as const,
    duration: 90,
    ...more,
  };
  const file = { id: attachment.id, owner: user(who), hash: `hash of ${name}`, createdAt: w.now, attachment };
  await w.do({ type: 'file.put', actor: user(who), file });
  return file;
}

const add = (who: string, file: FileRecord, words: string): RoomCommand => ({ type: 'gif.add', actor: user(who), file: file.id, words });
const remove = (who: string, file: FileRecord): RoomCommand => ({ type: 'gif.remove', actor: user(who), file: file.id });
const library = async (w: World, q?: string): Promise<string[]> =>
  (await w.store.gifs({ limit: 100, ...(q === undefined ? {} : { q }) })).map(({ file }) => file);

/** The library of GIFs: what comes into it, who may take from it, and how it is found. */
export function gifContract(open: OpenStore): void {
  it('R14.11 what moves and is shown in an open room is everyone’s; what is shown elsewhere is not', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const direct = await w.direct('ann', 'bob');
    for (const where of ['den', 'club', direct])
      await w.show('ann', where, 'look', await moving(w, 'ann', `f${where.replaceAll('_', '')}`));
    assert.deepEqual(await library(w), []);
    await w.show('ann', 'hall', 'look', await w.file('ann', 'fstill'), await moving(w, 'ann', 'fdance', '춤추는 고양이.gif'));
    await w.reopen();
    const [gif, ...more] = await w.store.gifs({ limit: 10 });
    assert.deepEqual(more, []);
    assert.deepEqual([gif?.file, gif?.by, gif?.words, gif?.from], ['fdance', 'ann', '춤추는 고양이', { room: 'hall', pos: 3 }]);
    assert.deepEqual(gif?.attachment.name, '춤추는 고양이.gif');
    assert.deepEqual(await w.store.gifOf(gif?.hash ?? ''), gif);
    assert.equal(await w.store.gifOf('nowhere'), null);
  });

  it('R14.11 what came from a provider is looked for there, and not kept in the library', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    await w.show('ann', 'hall', '', await moving(w, 'ann', 'fa', 'a.gif', { source: 'giphy' }));
    assert.deepEqual(await library(w), []);
  });

  it('R14.11 it leaves with its message, with its room, and when its room is no longer open; given on purpose, it stays', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const [a, b] = [await moving(w, 'ann', 'fa'), await moving(w, 'ann', 'fb')];
    const { pos } = await w.show('ann', 'hall', '', a, b);
    await w.do(add('ann', b, 'kept'));
    await w.delete('ann', 'hall', pos);
    assert.deepEqual(await library(w), ['fb']);
    await w.make('brief', ['bob'], { ephemeral: true });
    await w.show('bob', 'brief', '', await moving(w, 'bob', 'fc'));
    assert.deepEqual((await library(w)).sort(), ['fb', 'fc']);
    await w.leave('bob', 'brief');
    assert.deepEqual(await library(w), ['fb']);
    const update = { type: 'room.update', actor: user('ann'), room: room('hall') } as const;
    for (const closing of [{ kind: 'private' as const }, { passwordHash: 'hash' }]) {
      await w.show('bob', 'hall', '', await moving(w, 'bob', `fd${Object.keys(closing)[0]?.toLowerCase()}`));
      assert.equal((await library(w)).length, 2);
      await w.do({ ...update, ...closing });
      assert.deepEqual(await library(w), ['fb']);
      await w.do({ ...update, kind: 'public', passwordHash: null });
    }
    assert.deepEqual(await library(w), ['fb'], 'opened again, what was said while it was closed stays there');
  });

  it('R14.12 one gives one’s own: not a still one, not someone else’s, not one that isn’t there', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const mine = await moving(w, 'ann', 'fa');
    assert.equal(await w.refused(add('bob', mine, 'x')), 'no_such_file');
    assert.equal(await w.refused(add('ann', { ...mine, id: 'nowhere' as FileId }, 'x')), 'no_such_file');
    assert.equal(await w.refused(add('nobody', mine, 'x')), 'unauthenticated');
    assert.equal(await w.refused(add('ann', await w.file('ann', 'fs'), 'x')), 'not_allowed');
    await w.do(add('ann', mine, '춤추는 고양이'));
    assert.deepEqual(await library(w), ['fa']);
    await w.do(add('ann', mine, '졸린 고양이'));
    assert.deepEqual(await library(w, '졸린'), ['fa']);
    assert.deepEqual(await library(w, '춤'), [], 'again is other words');
  });

  it('R14.12 the same bytes are one GIF: found by both people’s words, and no longer bound to a message', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const [a, b] = [await moving(w, 'ann', 'fa', 'same.gif'), await moving(w, 'bob', 'fb', 'same.gif')];
    const { pos } = await w.show('ann', 'hall', '', a);
    await w.do(add('bob', b, 'mine now'));
    assert.deepEqual(await library(w), ['fb']);
    await w.delete('ann', 'hall', pos);
    assert.deepEqual(await library(w), ['fb']);
    await w.do(add('ann', a, 'now 고양이'));
    assert.deepEqual([await library(w, 'mine'), await library(w, '고양'), await library(w)], [['fb'], ['fb'], ['fb']]);
    assert.equal((await w.store.gifs({ limit: 1 }))[0]?.words, 'mine now 고양이');
    await w.do(add('ann', a, 'ㅋ'.repeat(limits.gifWordsLength)));
    assert.equal((await w.store.gifs({ limit: 1 }))[0]?.words, 'mine now 고양이', 'as far as there is room');
  });

  it('R14.12 who brought it in takes it out, and nobody else; messages keep it', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const a = await moving(w, 'ann', 'fa');
    const { pos } = await w.show('ann', 'hall', '', a);
    assert.equal(await w.refused(remove('bob', a)), 'not_author');
    await w.do(remove('ann', a));
    assert.deepEqual([await library(w), await library(w, 'fa')], [[], []]);
    assert.equal(await w.refused(remove('ann', a)), 'no_such_file');
    assert.deepEqual((await w.history('hall')).messages[pos - 1]?.attachments, [a.attachment]);
    assert.ok(await w.store.readableFile(a.id, user('bob')));
    assert.equal(await w.store.readableFile(a.id, user('eve')), null);
  });

  it('R14.13 P7 everyone may read and send a GIF of the library, and no longer when it was taken out', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    await w.make('cave', ['eve'], { kind: 'private' });
    const a = await moving(w, 'ann', 'fa');
    const send = { ...w.saying('eve', 'cave', ''), attachments: [a.id] };
    assert.equal(await w.refused(send), 'no_such_file');
    assert.equal(await w.store.readableFile(a.id, user('eve')), null);
    await w.do(add('ann', a, 'cat'));
    assert.deepEqual(await w.store.readableFile(a.id, user('eve')), a);
    const said = await w.show('eve', 'cave', '', a);
    assert.deepEqual(said.attachments, [a.attachment]);
    await w.do(remove('ann', a));
    assert.equal(await w.refused({ ...send, clientId: 'later' }), 'no_such_file');
    assert.ok(await w.store.readableFile(a.id, user('eve')), 'what was said stays said');
    await w.make('elsewhere', ['eve']);
    assert.deepEqual(await library(w), [], 'someone else’s doesn’t come back by being sent on');
  });

  it('R14.7 a GIF of the library is kept, whether a message carries it or not', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const a = await moving(w, 'ann', 'fa');
    await w.do(add('ann', a, 'cat'));
    assert.deepEqual(await w.store.strayFiles(w.now, 10), []);
    await w.do({ type: 'file.drop', actor: user('system'), file: a.id });
    assert.deepEqual(await library(w), ['fa']);
    await w.do(remove('ann', a));
    assert.deepEqual(
      (await w.store.strayFiles(w.now, 10)).map(({ id }) => id),
      ['fa'],
    );
  });

  it('R14.14 what was wanted of late and what is sent often comes first; a page goes on where the last one ended', async (t) => {
    const w = await openWorld(open, t);
    await town(w);
    const all = await Promise.all(['fa', 'fb', 'fc', 'fd'].map((id) => moving(w, 'ann', id)));
    for (const gif of all) await w.do(add('ann', gif, '고양이 cat'));
    assert.deepEqual(await library(w), ['fd', 'fc', 'fb', 'fa']);
    const [, second] = all;
    if (second) await w.show('bob', 'hall', '', second);
    const order = ['fb', 'fd', 'fc', 'fa'];
    for (const q of [undefined, '고양', 'ca']) {
      assert.deepEqual(await library(w, q), order, String(q));
      const pages: string[] = [];
      for (;;) {
        const last = pages.length === 0 ? undefined : (await w.store.gifs({ limit: 10 })).find(({ file }) => file === pages.at(-1));
        const page = await w.store.gifs({ limit: 3, ...(q === undefined ? {} : { q }), ...(last ? { before: last } : {}) });
        if (page.length === 0) break;
        pages.push(...page.map(({ file }) => file as string));
      }
      assert.deepEqual(pages, order, String(q));
    }
    assert.deepEqual(await library(w, '!'), []);
    assert.deepEqual(await library(w, '양이'), order, 'inside a word');
    const [first] = await w.store.gifs({ limit: 1 });
    assert.equal(first?.uses, 1);
    assert.equal(first?.rank, rankOf(w.now - 1, 1));
  });
}
