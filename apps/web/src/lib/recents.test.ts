import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Attachment } from '@suda/protocol';
import { Recents } from './recents.ts';

function storage(kept = new Map<string, string>()) {
  return {
    length: 0,
    key: () => null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}
const recent = (id: string) => ({ file: { id, name: `${id}.gif`, type: 'image/gif', size: 1 } as Attachment, words: `춤 ${id}` });

describe('UX 44 the GIFs that one sent last', () => {
  it('come back, the last one first, each once, a dozen at most', () => {
    const kept = storage();
    const recents = new Recents(() => kept);
    for (let i = 0; i < 14; i++) recents.add('mina', recent(`f${i}`));
    recents.add('mina', recent('f5'));
    const ids = new Recents(() => kept).read('mina').map(({ file }) => file.id);
    assert.deepEqual(ids, ['f5', 'f13', 'f12', 'f11', 'f10', 'f9', 'f8', 'f7', 'f6', 'f4', 'f3', 'f2']);
    recents.drop('mina', 'f13');
    assert.equal(recents.read('mina')[1]?.words, '춤 f12');
    assert.deepEqual(recents.read('jihun'), []);
    recents.forget('mina');
    assert.deepEqual(recents.read('mina'), []);
  });

  it('a storage that holds nonsense, or throws, has none', () => {
    for (const text of ['{', '{}', '[1, null, {}, {"words":"x"}]', 'null']) {
      const kept = storage(new Map([['suda.gifs.mina', text]]));
      assert.deepEqual(new Recents(() => kept).read('mina'), [], text);
    }
    const forbidden = new Recents(() => {
      throw new Error('forbidden');
    });
    forbidden.add('mina', recent('fa'));
    forbidden.forget('mina');
    assert.deepEqual(forbidden.read('mina'), []);
  });
});
