import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { room, user } from '@suda/chat/contracts';
import { adorn, furnish, openIn, temporaryFolder } from './fixtures.ts';
import { type BackupProgress, backup, check, openSqliteStore } from './index.ts';

const epochIn = async (folder: string) => {
  const store = await openSqliteStore({ folder });
  const epoch = (await store.room(room('r1')))?.epoch;
  await store.close();
  return { epoch, restored: store.restored };
};

describe('backup', () => {
  it('copies one moment while messages are being said, and the copy is whole', async (t) => {
    const [folder, other] = [temporaryFolder(t), temporaryFolder(t)];
    const w = await openIn(t, folder);
    await furnish(w);
    let going = true;
    const saying = Promise.all(
      Array.from({ length: 20 }, async () => {
        while (going) await w.say('ann', 'r1', '회의 on and on');
      }),
    );
    const told: BackupProgress[] = [];
    const size = await backup(folder, join(other, 'suda.db'), (progress) => told.push(progress));
    going = false;
    await saying;
    assert.deepEqual(told.at(-1), { done: size, total: size });
    assert.deepEqual(readdirSync(other), ['suda.db'], 'nothing is left beside it');
    assert.deepEqual(check(other).findings, []);
    const all = (await w.history('r1')).messages;
    const copy = await openIn(t, other);
    const { messages, pos } = await copy.history('r1');
    assert.ok(pos >= 15 && pos <= all.length);
    assert.deepEqual(messages, all.slice(0, pos));
    assert.deepEqual(await copy.found('edited', 'r1'), ['edited words']);
  });

  it('carries the place, invitations, GIFs, mentions and previews', async (t) => {
    const [folder, other] = [temporaryFolder(t), temporaryFolder(t)];
    const w = await openIn(t, folder);
    await furnish(w);
    await adorn(w);
    const seen = async (world: typeof w) => ({
      place: await world.store.place(),
      invitations: await world.store.invitations(room('r1')),
      gifs: await world.store.gifs({ q: '춤', limit: 9 }),
      mentions: await world.store.mentions(user('bob'), 9),
      messages: (await world.history('r1')).messages,
    });
    const before = await seen(w);
    for (const list of [before.invitations, before.gifs, before.mentions]) assert.equal(list.length, 1);
    assert.ok(before.messages.some(({ preview }) => preview !== null) && before.place.name !== null);
    await backup(folder, join(other, 'suda.db'));
    const copy = await openIn(t, other);
    assert.deepEqual(await seen(copy), before);
    assert.deepEqual(check(other).findings, []);
  });

  it('P4 a restored backup gives every room a new epoch, once', async (t) => {
    const [folder, other] = [temporaryFolder(t), temporaryFolder(t)];
    const w = await openIn(t, folder);
    await furnish(w);
    await backup(folder, join(other, 'suda.db'));
    await w.store.close();
    const original = await epochIn(folder);
    assert.equal(original.restored, false);
    const first = await epochIn(other);
    assert.equal(first.restored, true);
    assert.notEqual(first.epoch, original.epoch);
    assert.deepEqual(await epochIn(other), { epoch: first.epoch, restored: false });
  });

  it('P4 a database that was put back by hand is noticed', async (t) => {
    const [folder, other] = [temporaryFolder(t), temporaryFolder(t)];
    const w = await openIn(t, folder);
    await furnish(w);
    await w.store.close();
    const [database, saved] = [join(folder, 'suda.db'), join(other, 'suda.db')];
    copyFileSync(database, saved);
    const before = await epochIn(folder);
    assert.equal(before.restored, false);
    copyFileSync(saved, database);
    const after = await epochIn(folder);
    assert.equal(after.restored, true, 'the file beside it knows a later opening');
    assert.notEqual(after.epoch, before.epoch);
    assert.equal((await epochIn(other)).restored, true, 'there is no file beside it');
    assert.equal((await epochIn(other)).restored, false);
  });

  it('a crash between the two writes of the counter is not taken for a restored backup', async (t) => {
    const folder = temporaryFolder(t);
    const w = await openIn(t, folder);
    await furnish(w);
    await w.store.close();
    const { epoch } = await epochIn(folder);
    writeFileSync(join(folder, 'generation'), '1\n');
    assert.deepEqual(await epochIn(folder), { epoch, restored: false });
  });

  it('overwrites nothing, and leaves nothing when it fails', async (t) => {
    const folder = temporaryFolder(t);
    const { store } = await openIn(t, folder);
    await store.close();
    const target = join(folder, 'copy.db');
    writeFileSync(target, 'mine');
    await assert.rejects(backup(folder, target), /copy\.db exists already\. A backup overwrites nothing\./);
    rmSync(target);
    await assert.rejects(backup(folder, join(folder, 'no', 'copy.db')), /The backup to .* failed: /);
    await assert.rejects(backup(join(folder, 'no'), target), /There is no database in /);
    assert.ok(!existsSync(target) && !readdirSync(folder).some((name) => name.endsWith('.part')));
  });
});
