import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Line, type LineLimits } from './line.ts';

function open(limits: Partial<LineLimits> = {}) {
  const line = new Line({ atOnce: 2, waiting: 3, each: 9, rest: 0, ...limits });
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (name: string, host = name, who = 'ann') =>
    line.add(who, host, () => {
      begun.push(name);
      return new Promise<void>((end) => ends.set(name, end));
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((later) => setImmediate(later));
  };
  return { line, begun, add, end };
}

it('R17.5 so many at once, so many waiting, and the next is turned away', async () => {
  const { begun, add, end } = open();
  assert.deepEqual(
    [...'abcdef'].map((name) => add(name)),
    [true, true, true, true, true, false],
  );
  assert.deepEqual(begun, ['a', 'b']);
  await end('a');
  assert.deepEqual(begun, ['a', 'b', 'c']);
});

it('R17.5 one person has so many', async () => {
  const { add, end } = open({ each: 2 });
  assert.deepEqual([add('a'), add('b'), add('c'), add('d', 'd', 'bob')], [true, true, false, true]);
  await end('a');
  assert.equal(add('c'), true);
});

it('R17.5 a host is asked once at a time; others pass by', async () => {
  const { begun, add, end } = open();
  for (const [name, host] of [
    ['1', 'x'],
    ['2', 'x'],
    ['3', 'y'],
  ] as const)
    add(name, host);
  assert.deepEqual(begun, ['1', '3']);
  await end('1');
  assert.deepEqual(begun, ['1', '3', '2']);
});

it('R17.5 between two questions a host rests', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { begun, add, end } = open({ rest: 1_000 });
  add('1', 'x');
  add('2', 'x');
  await end('1');
  assert.deepEqual(begun, ['1']);
  t.mock.timers.tick(1_000);
  assert.deepEqual(begun, ['1', '2']);
});

it('work that fails makes place like any other, and closing waits for what is under way', async () => {
  const line = new Line({ atOnce: 1, waiting: 9, each: 9, rest: 0 });
  const done: string[] = [];
  line.add('ann', 'x', async () => {
    done.push('fails');
    throw new Error('x');
  });
  let end = (): void => {};
  line.add('ann', 'y', async () => {
    await new Promise<void>((go) => {
      end = go;
    });
    done.push('last');
  });
  line.add('ann', 'z', async () => void done.push('never'));
  await new Promise((later) => setImmediate(later));
  const closed = line.close();
  end();
  await closed;
  assert.deepEqual(done, ['fails', 'last']);
  assert.equal(
    line.add('ann', 'x', async () => {}),
    false,
  );
});
