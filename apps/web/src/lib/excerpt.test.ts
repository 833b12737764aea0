import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { excerpt, isSearchable } from './excerpt.ts';

const marked = (text: string, query: string) => {
  const it = excerpt(text, query);
  return it.ranges.map(([from, to]) => it.text.slice(from, to));
};

describe('UX 38 what a search found, in its words', () => {
  it('marks every place, also inside words and sentences', () => {
    assert.deepEqual(marked('회의는 세 시', '회의'), ['회의']);
    assert.deepEqual(marked('내일회의자료, 회의실', '회의'), ['회의', '회의']);
    assert.deepEqual(marked('我明天去上海开会', '上海'), ['上海']);
    assert.deepEqual(marked('Deploy DEPLOYED', 'deploy'), ['Deploy', 'DEPLOY']);
    assert.deepEqual(marked('one two three', 'three, one'), ['one', 'three']);
    assert.deepEqual(marked('aaa', 'a aa'), ['aaa'], 'what touches is one');
    assert.deepEqual(marked('nothing here', '"!?"'), []);
  });

  it('shows the part around the first find, and never half a character', () => {
    const text = `${'앞말 '.repeat(60)}여기 회의 ${'뒷말 '.repeat(100)}`;
    const it = excerpt(text, '회의');
    assert.ok(it.text.startsWith('… ') && it.text.endsWith(' …') && it.text.length < 260);
    assert.deepEqual(marked(text, '회의'), ['회의']);
    for (const pad of [0, 1]) {
      const { text: emoji } = excerpt(`${'x'.repeat(pad)}${'🎉'.repeat(200)}find${'🎉'.repeat(200)}`, 'find');
      assert.ok(emoji.isWellFormed());
    }
    assert.deepEqual(excerpt('  a\n b ', ''), { text: 'a b', ranges: [] });
    assert.ok(excerpt(`İ find`, 'find').text.includes('find'));
  });

  it('leaves out no short beginning, and begins with a whole word', () => {
    const short = 'I’ll look up the first train and post it tonight.';
    assert.equal(excerpt(short, 'tonight').text, short);
    assert.match(excerpt(`${'somewhere '.repeat(20)}tonight`, 'tonight').text, /^… somewhere /);
  });

  it('knows what can be searched for', () => {
    assert.deepEqual(['회', 'a', '7', ' ! ', '🎉', ''].map(isSearchable), [true, true, true, false, false, false]);
  });
});
