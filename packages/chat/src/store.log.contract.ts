import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { PageRequest } from './store.ts';
import { type OpenStore, openWorld, room, user } from './store.world.contract.ts';

/** Reading a room's log: by rev to catch up, by pos for history. */
export function logContract(open: OpenStore): void {
  it('P4 changes after a rev: each message once in its present form, ascending by rev', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann']);
    for (const text of ['two', 'three', 'four']) await w.say('ann', 'r1', text);
    await w.edit('ann', 'r1', 2, 'zwei');
    await w.edit('ann', 'r1', 2, 'deux');
    await w.delete('ann', 'r1', 3);
    await w.do({ type: 'message.react', actor: user('ann'), room: room('r1'), pos: 4, emoji: '🎉' });
    const all = await w.store.changes(room('r1'), 0, 100);
    assert.ok(all);
    assert.deepEqual(
      all.messages.map((m) => [m.pos, m.rev, m.text, m.deleted]),
      [
        [1, 1, '', false],
        [2, 6, 'deux', false],
        [3, 7, '', true],
        [4, 8, 'four', false],
      ],
    );
    assert.deepEqual([all.head, all.pos], [8, 4]);
    assert.equal(all.epoch, (await w.store.room(room('r1')))?.epoch);
    const revs = async (after: number, limit = 100) => (await w.store.changes(room('r1'), after, limit))?.messages.map((m) => m.rev);
    assert.deepEqual(await revs(1), [6, 7, 8]);
    assert.deepEqual(await revs(6), [7, 8]);
    assert.deepEqual(await revs(8), []);
    assert.deepEqual(await revs(99), []);
    assert.deepEqual(await revs(0, 2), [1, 6]);
    assert.equal(await w.store.changes(room('nowhere'), 0, 10), null);
  });

  it('P4 whoever takes what each page of changes gives and goes on from there ends with the room as it is', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    for (let i = 0; i < 30; i++) await w.say('ann', 'r1', `m${i}`);
    for (let pos = 2; pos < 30; pos += 3) await w.edit('ann', 'r1', pos, `edited ${pos}`);
    const known = new Map<number, unknown>();
    let rev = 0;
    for (;;) {
      const page = await w.store.changes(room('r1'), rev, 4);
      assert.ok(page);
      for (const message of page.messages) {
        assert.ok(message.rev > rev);
        rev = message.rev;
        known.set(message.pos, message);
      }
      if (page.messages.length < 4) {
        assert.equal(rev, page.head);
        break;
      }
    }
    assert.deepEqual([...known.values()].sort(byPos), (await w.history('r1')).messages);
  });

  it('pages: the latest, before, after and around a pos, ascending, to the edges', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann');
    await w.make('r1', ['ann']);
    for (let pos = 2; pos <= 10; pos++) await w.say('ann', 'r1', `m${pos}`);
    const page = async (request: PageRequest) => (await w.store.page(room('r1'), request))?.messages.map((m) => m.pos);
    const cases: [PageRequest, number[]][] = [
      [{ type: 'latest', limit: 3 }, [8, 9, 10]],
      [{ type: 'latest', limit: 100 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
      [{ type: 'before', pos: 4, limit: 2 }, [2, 3]],
      [{ type: 'before', pos: 3, limit: 5 }, [1, 2]],
      [{ type: 'before', pos: 1, limit: 5 }, []],
      [{ type: 'before', pos: 11, limit: 2 }, [9, 10]],
      [{ type: 'before', pos: 1_000_000, limit: 2 }, [9, 10]],
      [{ type: 'after', pos: 0, limit: 2 }, [1, 2]],
      [{ type: 'after', pos: 8, limit: 5 }, [9, 10]],
      [{ type: 'after', pos: 10, limit: 5 }, []],
      [{ type: 'after', pos: 1_000_000, limit: 5 }, []],
      [{ type: 'around', pos: 5, limit: 4 }, [3, 4, 5, 6]],
      [{ type: 'around', pos: 5, limit: 5 }, [3, 4, 5, 6, 7]],
      [{ type: 'around', pos: 1, limit: 4 }, [1, 2]],
      [{ type: 'around', pos: 10, limit: 4 }, [8, 9, 10]],
      [{ type: 'around', pos: 7, limit: 1 }, [7]],
      [{ type: 'around', pos: 20, limit: 4 }, [9, 10]],
    ];
    for (const [request, expected] of cases) assert.deepEqual(await page(request), expected, JSON.stringify(request));
    const latest = await w.store.page(room('r1'), { type: 'latest', limit: 1 });
    assert.deepEqual([latest?.head, latest?.pos, latest?.messages[0]?.text], [10, 10, 'm10']);
    assert.equal(await w.store.page(room('nowhere'), { type: 'latest', limit: 3 }), null);
  });

  it('an empty room has an empty log', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    const id = await w.direct('ann', 'bob');
    const { epoch } = (await w.store.room(id)) ?? {};
    assert.deepEqual(await w.store.changes(id, 0, 10), { epoch, head: 0, pos: 0, messages: [] });
    assert.deepEqual(await w.store.page(id, { type: 'latest', limit: 10 }), { epoch, head: 0, pos: 0, messages: [] });
  });

  it('a message keeps everything that was said with it', async (t) => {
    const w = await openWorld(open, t);
    await w.people('ann', 'bob');
    await w.make('r1', ['ann', 'bob']);
    const id = await w.direct('ann', 'bob');
    const text = 'line\nbreak\t "quotes" \\ 🎉 𠮷 \u0000 end';
    const first = await w.say('ann', id, text);
    w.now = 1_700_000_000_123;
    const whisper = { ...w.saying('bob', id, 'psst'), replyTo: first.pos, via: room('r1') };
    await w.do(whisper);
    await w.do({ type: 'user.rename', actor: user('ann'), name: 'Anna' });
    const { messages } = await w.history(id);
    assert.deepEqual(messages[0], first);
    assert.equal(messages[0]?.text, text);
    assert.deepEqual(messages[0]?.sender, { id: 'ann', name: 'ANN' }, 'by the name they had when they said it');
    assert.deepEqual(messages[1], {
      room: id,
      pos: 2,
      rev: 2,
      firstRev: 2,
      kind: 'text',
      sender: { id: 'bob', name: 'BOB' },
      clientId: whisper.clientId,
      text: 'psst',
      at: 1_700_000_000_123,
      editedAt: null,
      deleted: false,
      replyTo: 1,
      via: 'r1',
      notice: null,
      reactions: [],
      attachments: [],
      mentions: [],
      preview: null,
    });
    const [created, invited] = (await w.history('r1')).messages;
    assert.deepEqual(created?.notice, { type: 'created' });
    assert.deepEqual(
      [invited?.kind, invited?.clientId, invited?.notice],
      ['notice', null, { type: 'invited', user: { id: 'bob', name: 'BOB' } }],
    );
  });
}

const byPos = (a: unknown, b: unknown): number => (a as { pos: number }).pos - (b as { pos: number }).pos;
