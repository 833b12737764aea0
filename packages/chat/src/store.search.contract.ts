import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { MessageRecord } from './records.ts';
import type { SearchRequest } from './store.ts';
import { type OpenStore, openWorld, room } from './store.world.contract.ts';

/** Finding messages by their words. What a word is, `search-grams.ts` says and its tests prove; here, that the store asks it. */
export function searchContract(open: OpenStore): void {
  it('finds Hangul, Han, kana and words, newest first', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    const said = [
      '회의는 세 시',
      '내일회의자료',
      '我明天去上海开会',
      'カタカナとひらがな',
      'Deploy v2.1 "done" AND NOT',
      '𠮷野家',
      'ｶﾞｲﾄﾞ',
      '🎉',
    ];
    for (const text of said) await w.say('ann', 'r1', text);
    const cases: [q: string, found: string[]][] = [
      ['회의', ['내일회의자료', '회의는 세 시']],
      ['회의는', ['회의는 세 시']],
      ['료', ['내일회의자료']],
      ['의 회', ['내일회의자료', '회의는 세 시']],
      ['上海', ['我明天去上海开会']],
      ['会', ['我明天去上海开会']],
      ['ひら', ['カタカナとひらがな']],
      ['DEP', ['Deploy v2.1 "done" AND NOT']],
      ['"done"', ['Deploy v2.1 "done" AND NOT']],
      ['and not', ['Deploy v2.1 "done" AND NOT']],
      ['NOT deploy*', ['Deploy v2.1 "done" AND NOT']],
      ['grams:deploy', []],
      ['ploy', []],
      ['𠮷', ['𠮷野家']],
      ['ガイド', ['ｶﾞｲﾄﾞ']],
      ['🎉', []],
      ['"', []],
      ["' OR 1", []],
      ['   ', []],
    ];
    for (const [q, found] of cases) assert.deepEqual(await w.found(q, 'r1'), found, q);
  });

  it('finds only in the rooms that are named', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    for (const id of ['r1', 'r2', 'r3']) await w.make(id, ['ann']);
    for (const id of ['r1', 'r2', 'r3']) await w.say('ann', id, `회의 in ${id}`);
    assert.deepEqual(await w.found('회의', 'r2'), ['회의 in r2']);
    assert.deepEqual(await w.found('회의', 'r1', 'r3', 'r1', 'nowhere'), ['회의 in r3', '회의 in r1']);
    assert.deepEqual(await w.found('회의'), []);
  });

  it('follows an edit and a deletion', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    await w.say('ann', 'r1', 'first words');
    await w.say('ann', 'r1', '...');
    await w.edit('ann', 'r1', 2, '다른 말');
    await w.edit('ann', 'r1', 3, 'second words');
    assert.deepEqual(await w.found('words', 'r1'), ['second words']);
    assert.deepEqual(await w.found('다른', 'r1'), ['다른 말']);
    await w.edit('ann', 'r1', 3, '!!!');
    await w.delete('ann', 'r1', 2);
    await w.reopen();
    for (const q of ['words', '다른', 'first', 'second']) assert.deepEqual(await w.found(q, 'r1'), [], q);
  });

  it('finds no notices', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    assert.deepEqual(await w.found('ann', 'r1'), []);
    assert.deepEqual(await w.found('created', 'r1'), []);
  });

  it('P9 pages through all finds in the one order (at, room, pos), also when the clock went back', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    const rooms = ['r1', 'r2', 'r3'];
    for (const id of rooms) await w.make(id, ['ann']);
    const times = [50, 50, 51, 40, 52, 49, 53, 53, 10, 54, 200, 55, 56, 57];
    for (const at of times) {
      for (const id of rooms) {
        w.now = at;
        await w.say('ann', id, `word ${id}`);
      }
    }
    const request = { q: 'word', rooms: ['r3', 'r1', 'r2'].map(room) };
    const all = await w.store.search({ ...request, limit: 1_000 });
    assert.equal(all.length, times.length * 3);
    assert.deepEqual(all, [...all].sort(newestFirst));
    for (const limit of [1, 4, 10]) {
      const paged: MessageRecord[] = [];
      let before: SearchRequest['before'];
      for (;;) {
        const page = await w.store.search({ ...request, limit, ...(before ? { before } : {}) });
        assert.ok(page.length <= limit);
        paged.push(...page);
        before = page.at(-1);
        if (page.length < limit) break;
      }
      assert.deepEqual(paged, all, `by ${limit}`);
    }
  });
}

function newestFirst(a: MessageRecord, b: MessageRecord): number {
  return b.at - a.at || (a.room < b.room ? -1 : a.room > b.room ? 1 : b.pos - a.pos);
}
