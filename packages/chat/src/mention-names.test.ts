import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limits, type Sender, type UserId } from '@suda/protocol';
import { mentionsIn, namesIn } from './mention-names.ts';

const person = (name: string, id = name): Sender => ({ id: id as UserId, name });
const people = ['Mina', 'Mina Park', '미나', 'Jo', '김수다', 'a@b', '🎉'].map((name) => person(name));
const mentioned = (text: string) => mentionsIn(text, people).map(({ name }) => name);

describe('R16.1 whom a text mentions', () => {
  const cases: readonly [text: string, names: readonly string[]][] = [
    ['@Mina', ['Mina']],
    ['@Mina Park', ['Mina Park']],
    ['@Mina Parker', ['Mina']],
    ['@Minarets', []],
    ['@mina', []],
    ['@ Mina', []],
    ['(@Jo)', ['Jo']],
    ['@Jo, @Mina: @Jo!', ['Jo', 'Mina']],
    ['@Mina님 안녕하세요', ['Mina']],
    ['안녕@미나야', ['미나']],
    ['@김수다씨, @미나', ['김수다', '미나']],
    ['mail me@Jo', []],
    ['1@Jo _@Jo', []],
    ['@@Jo', ['Jo']],
    ['@a@b', ['a@b']],
    ['@🎉🎉', ['🎉']],
    ['@Mina\nPark', ['Mina']],
    ['`@Mina` and ```\n@Jo\n``` but @미나', ['미나']],
    ['`@Mina\n@Jo`', ['Mina', 'Jo']],
    ['```@Mina never ends @Jo', []],
    ['nobody', []],
    ['', []],
  ];
  for (const [text, names] of cases) it(JSON.stringify(text), () => assert.deepEqual(mentioned(text), names));

  it('all of one name, each once, and no more than the limit', () => {
    const twins = [person('Kim', 'a'), person('Kim', 'b')];
    assert.deepEqual(mentionsIn('@Kim @Kim', twins), twins);
    const crowd = Array.from({ length: 80 }, (_, i) => person('Kim', `k${i}`));
    assert.equal(mentionsIn('@Kim', crowd).length, limits.mentionsPerMessage);
  });

  it('asks for a bounded number of names, whatever the text', () => {
    assert.deepEqual(namesIn('no sign of anybody'), []);
    assert.deepEqual(namesIn('@Jo Kim'), ['Jo Kim', 'Jo']);
    for (const text of ['@', '@가', '@가나다라마바사', '`@', '```@', '@a '].map((it) => it.repeat(4_000 / it.length)))
      assert.ok(namesIn(text).length <= limits.mentionsPerMessage * limits.nameLength, text.slice(0, 10));
    assert.deepEqual(namesIn(`@${'가'.repeat(limits.nameLength + 5)}`)[0], '가'.repeat(limits.nameLength));
    const long = `@${'a'.repeat(limits.nameLength)}`;
    assert.deepEqual([namesIn(long).length, namesIn(`${long}a`).length], [1, 0]);
  });
});
