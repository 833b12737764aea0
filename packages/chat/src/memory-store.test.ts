import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SudaError } from '@suda/protocol';
import { MemoryStore, newMemoryDisk } from './memory-store.ts';
import { storeContract } from './store.contract.ts';
import { room, World } from './store.world.contract.ts';

async function openMemory() {
  const disk = newMemoryDisk();
  let store = new MemoryStore(disk);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = new MemoryStore(disk);
      return store;
    },
    close: () => store.close(),
  };
}

storeContract('MemoryStore', openMemory, { inOrder: true });

describe('MemoryStore: commits that a test controls', () => {
  const setUp = async () => {
    const disk = newMemoryDisk();
    const hook: { commit: (apply: () => void) => Promise<void> } = { commit: async (apply) => apply() };
    const open = () => new MemoryStore(disk, { commit: (apply) => hook.commit(apply), newEpoch: () => 'e1' });
    const w = new World({ store: open(), reopen: async () => open(), close: async () => {} });
    await w.people('ann');
    await w.make('r1', ['ann']);
    return { w, hook };
  };

  it('P1 nothing is answered or seen before its commit, and what waits goes together', async () => {
    const { w, hook } = await setUp();
    const commits: (() => void)[] = [];
    const asked: (() => void)[] = [];
    const next = () => new Promise<void>((resolve) => asked.push(resolve));
    hook.commit = (apply) =>
      new Promise((resolve) => {
        commits.push(() => {
          apply();
          resolve();
        });
        asked.shift()?.();
      });
    let answered = false;
    const firstAsked = next();
    const first = w.say('ann', 'r1', 'one').then(() => (answered = true));
    await firstAsked;
    const others = Promise.all([w.say('ann', 'r1', 'two'), w.say('ann', 'r1', 'three')]);
    assert.equal((await w.history('r1')).head, 1);
    assert.equal(answered, false);
    const secondAsked = next();
    commits.shift()?.();
    await first;
    await secondAsked;
    assert.equal((await w.history('r1')).head, 2);
    commits.shift()?.();
    await others;
    assert.equal((await w.history('r1')).head, 4);
    assert.equal(commits.length, 0);
  });

  it('P1 a commit that fails leaves nothing, and the store goes on', async () => {
    const { w, hook } = await setUp();
    hook.commit = async () => {
      throw new SudaError('storage_full');
    };
    const full = (error: unknown) => error instanceof SudaError && error.code === 'storage_full';
    await Promise.all([assert.rejects(w.say('ann', 'r1', 'one', 'a'), full), assert.rejects(w.say('ann', 'r1', 'two', 'b'), full)]);
    assert.equal((await w.history('r1')).head, 1);
    hook.commit = async (apply) => apply();
    assert.equal((await w.say('ann', 'r1', 'one', 'a')).pos, 2);
  });

  it('P2 a crash between the disk and the answer: the retry finds the original', async () => {
    const { w, hook } = await setUp();
    const applied = new Promise<void>((resolve) => {
      hook.commit = (apply) => {
        apply();
        resolve();
        return new Promise(() => {});
      };
    });
    void w.say('ann', 'r1', 'one', 'a');
    await applied;
    hook.commit = async (apply) => apply();
    await w.reopen();
    const outcome = await w.execute(w.saying('ann', 'r1', 'one', 'a'));
    assert.ok(outcome.status === 'duplicate' && outcome.message.pos === 2);
    assert.equal((await w.store.room(room('r1')))?.epoch, 'e1');
  });
});
