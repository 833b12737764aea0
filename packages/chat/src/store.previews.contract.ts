import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { FileId, Preview } from '@suda/protocol';
import type { FileRecord, MessageRecord } from './records.ts';
import { messageOf, type OpenStore, openWorld, room, user, type World } from './store.world.contract.ts';

const preview = (address: string): Preview => ({ address, url: `${address}/at`, host: 'a.example', title: '제목' });

function picture(id: string): FileRecord {
  const attachment = { id: id as FileId, name: 'preview.webp', type: 'image/webp', size: 10, width: 4, height: 3 };
  return { id: attachment.id, owner: user('system'), hash: `hash of ${id}`, createdAt: 1, attachment };
}

async function put(w: World, pos: number, address: string, file: FileRecord | null = null): Promise<MessageRecord | null> {
  const found = file === null ? preview(address) : { ...preview(address), picture: file.attachment };
  const changes = await w.do({ type: 'message.preview', actor: user('system'), room: room('hall'), pos, preview: found, file });
  return changes.length === 0 ? null : messageOf(changes);
}

async function hall(w: World): Promise<MessageRecord> {
  await w.people('ann', 'bob', 'eve');
  await w.make('hall', ['ann', 'bob']);
  return w.say('ann', 'hall', 'see https://a.example and https://b.example');
}

/** Previews: whose address they are of, when they go, and who may see their picture. */
export function previewContract(open: OpenStore): void {
  it('R17.1 R4.1 a preview is a change of its message: the same pos, the next rev', async (t) => {
    const w = await openWorld(open, t);
    const said = await hall(w);
    const changed = await put(w, said.pos, 'https://a.example/');
    assert.deepEqual(changed, { ...said, rev: said.rev + 1, preview: preview('https://a.example/') });
    await w.reopen();
    assert.deepEqual((await w.history('hall')).messages.at(-1), changed);
    assert.equal(await put(w, said.pos, 'https://a.example/'), null, 'there is one already');
  });

  it('R17.1 what comes too late changes nothing: other text, deleted, gone, no such message', async (t) => {
    const w = await openWorld(open, t);
    const { pos } = await hall(w);
    assert.equal(await put(w, pos, 'https://b.example/'), null, 'of the second address');
    await w.edit('ann', 'hall', pos, '`https://a.example`');
    assert.equal(await put(w, pos, 'https://a.example/'), null, 'in code by now');
    await w.edit('ann', 'hall', pos, 'https://a.example');
    await w.delete('ann', 'hall', pos);
    assert.equal(await put(w, pos, 'https://a.example/', picture('p1')), null);
    assert.equal(await w.store.hasContent('hash of p1'), false);
    assert.equal(await put(w, 99, 'https://a.example/'), null);
    assert.equal(await put(w, 1, 'https://a.example/'), null, 'a notice');
  });

  it('R17.3 an edit keeps it while its address is the first, and takes it away with it', async (t) => {
    const w = await openWorld(open, t);
    const { pos } = await hall(w);
    await put(w, pos, 'https://a.example/');
    assert.deepEqual((await w.edit('ann', 'hall', pos, 'look: https://a.example.')).preview, preview('https://a.example/'));
    assert.equal((await w.edit('ann', 'hall', pos, 'https://b.example')).preview, null);
    assert.notEqual(await put(w, pos, 'https://b.example/'), null);
    assert.equal((await w.edit('ann', 'hall', pos, 'nothing')).preview, null);
  });

  it('R17.3 its author takes it off for good, also before it came; nobody else does', async (t) => {
    const w = await openWorld(open, t);
    const { pos } = await hall(w);
    const takeOff = (who: string) => ({ type: 'message.unpreview', actor: user(who), room: room('hall'), pos }) as const;
    assert.equal(await w.refused(takeOff('bob')), 'not_author');
    assert.equal(messageOf(await w.do(takeOff('ann'))).preview, 'off');
    assert.equal((await w.execute(takeOff('ann'))).status, 'duplicate');
    assert.equal(await put(w, pos, 'https://a.example/'), null);
    await w.edit('ann', 'hall', pos, 'https://b.example');
    assert.equal(await put(w, pos, 'https://b.example/'), null);
    await w.delete('ann', 'hall', pos);
    assert.equal((await last(w)).preview, null);
    assert.equal(await w.refused(takeOff('ann')), 'message_deleted');
  });

  it('R17.2 P7 its picture is for who may read the message, and stray when the preview goes', async (t) => {
    const w = await openWorld(open, t);
    const { pos } = await hall(w);
    const [one, two] = [picture('p1'), picture('p2')];
    const readers = async (of: FileRecord): Promise<string[]> => {
      const all = ['ann', 'bob', 'eve'];
      const found = await Promise.all(all.map((who) => w.store.readableFile(of.id, user(who))));
      return all.filter((_, i) => found[i] !== null);
    };
    const stray = async () => (await w.store.strayFiles(w.now, 10)).map((file) => file.id);
    const shown = await w.file('ann', 'fa');
    const { pos: both } = await w.show('ann', 'hall', 'https://a.example', shown);
    await put(w, pos, 'https://a.example/', one);
    await put(w, both, 'https://a.example/', two);
    assert.deepEqual(await readers(one), ['ann', 'bob']);
    assert.deepEqual(await stray(), []);
    await w.edit('ann', 'hall', both, 'no address');
    assert.deepEqual(await readers(shown), ['ann', 'bob'], 'what was attached stays');
    assert.deepEqual(await readers(two), []);
    await w.delete('ann', 'hall', pos);
    assert.deepEqual(await readers(one), []);
    assert.deepEqual((await stray()).sort(), ['p1', 'p2']);
  });
}

async function last(w: World): Promise<MessageRecord> {
  const message = (await w.history('hall')).messages.at(-1);
  assert.ok(message);
  return message;
}
