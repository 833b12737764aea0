import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { World } from '@suda/chat/contracts';
import { SudaError } from '@suda/protocol';
import { atEnd, openIn, temporaryFolder } from './fixtures.ts';
import { check } from './index.ts';

/** Says things until the store takes no more. @returns the clientIds that were answered, and those that were refused */
async function fill(w: World, prefix: string): Promise<{ taken: string[]; refused: string[] }> {
  const [taken, refused]: [string[], string[]] = [[], []];
  for (let i = 0; refused.length === 0; i++) {
    const clientIds = Array.from({ length: 20 }, (_, n) => `${prefix}-${i}-${n}`);
    await Promise.all(
      clientIds.map((id) =>
        w.say('ann', 'r1', `${id} ${'words '.repeat(500)}`, id).then(
          () => taken.push(id),
          (error) => {
            assert.ok(error instanceof SudaError && error.code === 'storage_full', String(error));
            refused.push(id);
          },
        ),
      ),
    );
  }
  return { taken, refused };
}

async function clientIds(w: World): Promise<(string | null)[]> {
  const { messages, pos } = await w.history('r1');
  assert.equal(pos, messages.length);
  return messages.map((m) => m.clientId).filter((id) => id !== null);
}

async function setUp(t: TestContext, folder: string, maxBytes?: number) {
  const reports: string[] = [];
  const w = await openIn(t, folder, { report: (sentence) => reports.push(sentence), ...(maxBytes === undefined ? {} : { maxBytes }) });
  await w.people('ann', 'bob');
  await w.make('r1', ['ann']);
  return { w, reports };
}

describe('a full disk', () => {
  it('P1 P8 refuses whole batches as storage_full, keeps all that was taken, and goes on reading', async (t) => {
    const folder = temporaryFolder(t);
    const { w, reports } = await setUp(t, folder, 1_000_000);
    const { taken, refused } = await fill(w, 'a');
    assert.deepEqual(new Set(await clientIds(w)), new Set(taken));
    assert.ok(reports.length > 0 && reports.length < refused.length && reports.every((sentence) => sentence.includes('storage_full')));
    const readPos = await w.readPos('ann', 'r1');
    assert.equal(readPos, (await w.history('r1')).pos, 'counters went back with the batch');
    await w.store.close();
    assert.deepEqual(check(folder).findings, []);
    const again = await openIn(t, folder, { maxBytes: 2_000_000 });
    for (const id of refused.slice(0, 3)) await again.say('ann', 'r1', 'now it fits', id);
    assert.equal((await clientIds(again)).length, taken.length + 3);
  });

  it('P1 takes commands again once there is room', async (t) => {
    const folder = temporaryFolder(t);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder], { stdio: 'pipe' });
    } catch (error) {
      t.skip(`needs the right to mount a small file system: ${error instanceof Error ? error.message : error}`);
      return;
    }
    atEnd(t, () => execFileSync('umount', [folder]));
    const ballast = join(folder, 'ballast');
    writeFileSync(ballast, Buffer.alloc(3_000_000));
    const { w } = await setUp(t, join(folder, 'data'));
    const first = await fill(w, 'a');
    assert.ok(statfsSync(folder).bavail < 100, 'it is the disk that is full');
    assert.deepEqual(new Set(await clientIds(w)), new Set(first.taken));
    rmSync(ballast);
    for (const id of first.refused) await w.say('ann', 'r1', 'again', id);
    const second = await fill(w, 'b');
    assert.deepEqual(new Set(await clientIds(w)), new Set([...first.taken, ...first.refused, ...second.taken]));
    await w.store.close();
    assert.deepEqual(check(join(folder, 'data')).findings, []);
  });
});
