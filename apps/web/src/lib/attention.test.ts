import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countOf, isWorthTelling, levelOf, toneOf, totalOf } from './attention.ts';

const room = { kind: 'public', unread: 3, role: 'member', readPos: 7 } as const;
const direct = { ...room, kind: 'direct' } as const;
const said = { kind: 'text', pos: 9, sender: { id: 'uann' as never, name: 'Ann' } } as const;

describe('what calls for one', () => {
  it('UX 34 muted rooms don’t count, nor those one is not in', () => {
    assert.equal(countOf(room), 3);
    assert.equal(countOf({ ...room, muted: true }), 0);
    assert.equal(countOf({ ...room, role: null }), 0);
    assert.equal(totalOf([room, direct, { ...room, muted: true }]), 6);
  });

  it('UX 33 a mention and a direct message call, anything else is only new', () => {
    assert.equal(toneOf(room), 'more');
    assert.equal(toneOf({ ...room, mentions: [9] }), 'call');
    assert.equal(toneOf(direct), 'call');
    assert.equal(toneOf({ ...room, mentions: [9], muted: true }), 'quiet');
    assert.equal(toneOf({ ...room, unread: 0 }), null);
  });

  it('UX 37 what one is told of: all in direct rooms, mentions elsewhere, until one says otherwise', () => {
    assert.deepEqual([levelOf(room), levelOf(direct), levelOf({ ...direct, notify: 'nothing' })], ['mentions', 'all', 'nothing']);
    const worth = (where: Parameters<typeof isWorthTelling>[2], concerns: boolean) => isWorthTelling(said, concerns, where, 'ume');
    assert.deepEqual([worth(room, false), worth(room, true), worth(direct, false)], [false, true, true]);
    for (const notify of ['all', 'mentions', 'nothing'] as const)
      assert.deepEqual(
        [worth({ ...room, notify }, false), worth({ ...direct, notify }, true)],
        { all: [true, true], mentions: [false, true], nothing: [false, false] }[notify],
      );
    assert.equal(worth({ ...room, notify: 'all', muted: true }, true), false);
  });

  it('not of one’s own words, notices, what is deleted, edited or read already', () => {
    for (const other of [
      { kind: 'notice' as const },
      { deleted: true as const },
      { editedAt: 5 },
      { sender: null },
      { sender: { id: 'ume' as never, name: 'Me' } },
      { pos: 7 },
    ])
      assert.equal(isWorthTelling({ ...said, ...other }, true, direct, 'ume'), false, JSON.stringify(other));
  });
});
