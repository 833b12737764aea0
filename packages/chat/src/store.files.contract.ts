import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type FileId, limits } from '@suda/protocol';
import type { FileRecord } from './records.ts';
import { type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

const id = (text: string) => text as FileId;

async function hall(w: World): Promise<void> {
  await w.people('ann', 'bob', 'cem', 'eve');
  await w.make('hall', ['ann', 'bob']);
  await w.make('den', ['ann', 'cem'], { kind: 'private' });
}

/** Files: whose they are, which messages carry them, who may read them, and when nobody needs them any more. */
export function fileContract(open: OpenStore): void {
  it('R14.1 a message carries its files, in the order in which they were given, wherever it is read', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const [a, b] = [await w.file('ann', 'fa'), await w.file('ann', 'fb')];
    const said = await w.show('ann', 'hall', '', b, a);
    assert.deepEqual(said.attachments, [b.attachment, a.attachment]);
    await w.reopen();
    const { messages } = await w.history('hall');
    assert.deepEqual(messages.at(-1), said);
    assert.deepEqual((await w.store.changes(room('hall'), said.rev - 1, 10))?.messages, [said]);
    assert.deepEqual((await w.store.roomView(room('hall'), user('bob'), 8))?.last, said);
    assert.deepEqual(messages[0]?.attachments, []);
  });

  it('R14.1 only one’s own files: those of others, and those that are not there, are refused, and nothing is said', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const mine = await w.file('ann', 'fa');
    const theirs = await w.file('bob', 'fb');
    const { pos } = await w.history('hall');
    for (const attachments of [[theirs.id], [mine.id, theirs.id], [id('nowhere')], [mine.id, id('nowhere')]])
      assert.equal(await w.refused({ ...w.saying('ann', 'hall', 'look'), attachments }), 'no_such_file');
    assert.equal((await w.history('hall')).pos, pos);
  });

  it('R14.1 P2 a retry is the same message, whatever became of its files', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const a = await w.file('ann', 'fa');
    const send = { ...w.saying('ann', 'hall', 'look', 'once'), attachments: [a.id] };
    await w.do(send);
    assert.equal((await w.execute(send)).status, 'duplicate');
    assert.equal((await w.execute({ ...send, attachments: [id('nowhere')] })).status, 'duplicate');
  });

  it('R14.1 an edit keeps the files, and may take the text away; without files it may not', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const a = await w.file('ann', 'fa');
    const { pos } = await w.show('ann', 'hall', 'look', a);
    assert.deepEqual((await w.edit('ann', 'hall', pos, 'see')).attachments, [a.attachment]);
    assert.deepEqual((await w.edit('ann', 'hall', pos, '')).attachments, [a.attachment]);
    const plain = await w.say('ann', 'hall', 'words');
    const edit = { type: 'message.edit', actor: user('ann'), room: room('hall'), pos: plain.pos, text: '' } as const;
    assert.equal(await w.refused(edit), 'invalid');
  });

  it('R14.5 P7 a file is readable to its owner and to members of a room where a message carries it, as they are now', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const a = await w.file('ann', 'fa');
    const readers = async (): Promise<string[]> => {
      const all = ['ann', 'bob', 'cem', 'eve', 'nobody'];
      const found = await Promise.all(all.map((who) => w.store.readableFile(a.id, user(who))));
      for (const file of found) if (file !== null) assert.deepEqual(file, a);
      return all.filter((_, i) => found[i] !== null);
    };
    assert.deepEqual(await readers(), ['ann'], 'who uploaded it');
    const { pos } = await w.show('ann', 'hall', 'look', a);
    assert.deepEqual(await readers(), ['ann', 'bob']);
    await w.join('eve', 'hall');
    assert.deepEqual(await readers(), ['ann', 'bob', 'eve'], 'who came later');
    await w.kick('ann', 'hall', 'eve', true);
    await w.leave('bob', 'hall');
    assert.deepEqual(await readers(), ['ann'], 'who was removed, and who left');
    await w.join('bob', 'hall');
    await w.show('ann', 'den', '', a);
    assert.deepEqual(await readers(), ['ann', 'bob', 'cem'], 'said again elsewhere');
    await w.delete('ann', 'hall', pos);
    assert.deepEqual(await readers(), ['ann', 'cem'], 'taken back here');
    assert.equal(await w.store.readableFile(id('nowhere'), user('ann')), null);
  });

  it('R14.7 a file is stray while no message carries it: taken back, or gone with its room', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const [a, b] = [await w.file('ann', 'fa'), await w.file('cem', 'fb')];
    const stray = async (before = w.now) => (await w.store.strayFiles(before, 10)).map((file: FileRecord) => file.id);
    assert.deepEqual(await stray(), [a.id, b.id]);
    assert.deepEqual(await stray(b.createdAt), [a.id], 'b is not older than that');
    assert.equal((await w.store.strayFiles(w.now, 1)).length, 1);
    const { pos } = await w.show('ann', 'hall', 'look', a);
    await w.show('cem', 'den', 'look', b);
    assert.deepEqual(await stray(), []);
    await w.do({ type: 'file.drop', actor: user('system'), file: a.id });
    assert.ok(await w.store.readableFile(a.id, user('bob')), 'what a message carries is not dropped');
    await w.delete('ann', 'hall', pos);
    assert.deepEqual(await stray(), [a.id]);
    await w.do({ type: 'file.drop', actor: user('system'), file: a.id });
    await w.do({ type: 'file.drop', actor: user('system'), file: a.id });
    assert.deepEqual(await stray(), []);
    assert.equal(await w.store.readableFile(a.id, user('ann')), null);
    assert.equal(await w.refused({ ...w.saying('ann', 'hall', 'again'), attachments: [a.id] }), 'no_such_file');
    await w.make('brief', ['cem'], { ephemeral: true });
    const c = await w.file('cem', 'fc');
    await w.show('cem', 'brief', '', c);
    await w.leave('cem', 'brief');
    assert.deepEqual(await stray(), [c.id]);
  });

  it('R14.6 says whether any file has these bytes', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const a = await w.file('ann', 'fa', 'same.png');
    const b = await w.file('bob', 'fb', 'same.png');
    assert.equal(a.hash, b.hash);
    await w.do({ type: 'file.drop', actor: user('system'), file: a.id });
    assert.equal(await w.store.hasContent(a.hash), true);
    await w.do({ type: 'file.drop', actor: user('system'), file: b.id });
    assert.equal(await w.store.hasContent(a.hash), false);
  });

  it('R14.3 one person’s files have a limit together', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const most = limits.filesPerUserBytes;
    await w.file('ann', 'fa', 'a', most - 5);
    const put = (who: string, size: number) => {
      const attachment = { id: id('fb'), name: 'b', type: 'text/plain', size };
      return {
        type: 'file.put',
        actor: user(who),
        file: { id: attachment.id, owner: user(who), hash: 'h', createdAt: 1, attachment },
      } as const;
    };
    assert.equal(await w.refused(put('ann', 6)), 'too_many_files');
    assert.equal(await w.refused(put('nobody', 1)), 'unauthenticated');
    await w.do(put('ann', 5));
    await w.do(put('ann', 5));
    assert.equal(await w.refused({ ...put('ann', 1), file: { ...put('ann', 1).file, id: id('fc') } }), 'too_many_files');
  });

  it('R14.8 finds a message by the names of its files, and no longer when it was taken back', async (t) => {
    const w = await openWorld(open, t);
    await hall(w);
    const a = await w.file('ann', 'fa', '회의자료 2026.pdf');
    const { pos } = await w.show('ann', 'hall', 'here you are', a);
    for (const q of ['회의', '2026', 'pdf', 'here']) assert.deepEqual(await w.found(q, 'hall'), ['here you are'], q);
    await w.edit('ann', 'hall', pos, '');
    assert.deepEqual(await w.found('자료', 'hall'), ['']);
    assert.deepEqual(await w.found('here', 'hall'), []);
    await w.delete('ann', 'hall', pos);
    await w.reopen();
    assert.deepEqual(await w.found('회의', 'hall'), []);
    assert.deepEqual((await w.history('hall')).messages.at(-1)?.attachments, []);
  });
}
