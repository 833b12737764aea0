import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutboxStore, StoredEntry } from '@suda/client';
import type { TextStorage } from './drafts.ts';
import { journaled } from './journal.ts';

class Texts extends Map<string, string> implements TextStorage {
  get length(): number {
    return this.size;
  }
  key = (index: number): string | null => [...this.keys()][index] ?? null;
  getItem = (key: string): string | null => this.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.set(key, value);
  removeItem = (key: string): void => void this.delete(key);
}

/** A store that keeps nothing until it is told to go on; `lost` is what a reload makes of the rest. */
class Slow implements OutboxStore {
  readonly kept = new Map<string, StoredEntry>();
  #held: (() => void)[] = [];
  holding = true;

  async #wait(): Promise<void> {
    if (this.holding) await new Promise<void>((go) => this.#held.push(go));
  }
  go(): void {
    this.holding = false;
    for (const go of this.#held.splice(0)) go();
  }
  load = async (): Promise<StoredEntry[]> => [...this.kept.values()];
  put = async (_user: string, entry: StoredEntry): Promise<void> => {
    await this.#wait();
    this.kept.set(entry.clientId, entry);
  };
  remove = async (_user: string, clientId: string): Promise<void> => {
    this.kept.delete(clientId);
  };
  clear = async (): Promise<void> => this.kept.clear();
}

const entry = (clientId: string, more: Partial<StoredEntry> = {}): StoredEntry => ({
  clientId,
  room: 'lobby',
  text: `text of ${clientId}`,
  createdAt: 1,
  order: 1,
  ...more,
});
const ids = (entries: readonly StoredEntry[]): string[] => entries.map(({ clientId }) => clientId);

describe('the journal of the outbox', () => {
  it('7 what was said survives a reload in the very moment, before the store has it', async () => {
    const texts = new Texts();
    void journaled(new Slow(), () => texts).put('ann', entry('c1'));
    const after = journaled(new Slow(), () => texts);
    assert.deepEqual(await after.load('ann'), [entry('c1')]);
    assert.deepEqual(await after.load('bob'), [], 'nobody else’s');
  });

  it('7 it stands there only until the store has it, and once', async () => {
    const texts = new Texts();
    const slow = new Slow();
    const store = journaled(slow, () => texts);
    const put = store.put('ann', entry('c1'));
    assert.equal(texts.length, 1);
    slow.go();
    await put;
    assert.equal(texts.length, 0);
    texts.setItem('suda.said.ann.c1', JSON.stringify(entry('c1')));
    assert.deepEqual(ids(await store.load('ann')), ['c1'], 'in both, it is one');
  });

  it('7 what was sent or signed away does not come back', async () => {
    const texts = new Texts();
    const store = journaled(new Slow(), () => texts);
    for (const id of ['c1', 'c2', 'c3']) void store.put('ann', entry(id));
    void store.put('bob', entry('b1'));
    await store.remove('ann', 'c1');
    assert.deepEqual(ids(await store.load('ann')), ['c2', 'c3']);
    await store.clear('ann');
    assert.deepEqual(await store.load('ann'), []);
    assert.deepEqual(ids(await store.load('bob')), ['b1']);
  });

  it('7 a storage that is full, forbidden or full of nonsense is no worse than none', async () => {
    const slow = new Slow();
    slow.go();
    const forbidden = journaled(slow, () => {
      throw new Error('SecurityError');
    });
    await forbidden.put('ann', entry('c1'));
    assert.deepEqual(ids(await forbidden.load('ann')), ['c1']);
    const texts = new Texts();
    for (const [key, value] of [
      ['x', '{'],
      ['y', 'null'],
      ['z', '{"clientId":"other"}'],
    ] as const)
      texts.setItem(`suda.said.ann.${key}`, value);
    assert.deepEqual(ids(await journaled(slow, () => texts).load('ann')), ['c1']);
    assert.equal(texts.length, 0);
  });
});
