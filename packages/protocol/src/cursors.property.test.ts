import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type Cursor, formatCursors, parseCursor, parseCursors } from './index.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const signs = [...letters, ...'0123456789'];
const word = (of: readonly string[], most: number) => fc.array(fc.constantFrom(...of), { minLength: 1, maxLength: most });
const room = fc.tuple(fc.constantFrom(...letters), word([...signs, '_'], 63)).map(([first, rest]) => first + rest.join(''));
const cursor = fc.record(
  { epoch: word(signs, 32).map((c) => c.join('')), rev: fc.maxSafeNat().map((n) => n % 1e15) },
  { noNullPrototype: true },
);

describe(`cursors (SEED=${seed})`, () => {
  it('R6.1 what is written is read back', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(room, cursor), { selector: ([id]) => id, maxLength: 50 }), (list) => {
        const cursors: [string, Cursor][] = list;
        assert.deepEqual(parseCursors(formatCursors(cursors)), new Map(cursors));
      }),
      { seed },
    );
    fc.assert(
      fc.property(cursor, (one) => assert.deepEqual(parseCursor(`${one.epoch}:${one.rev}`), one)),
      { seed },
    );
  });

  it('R6.1 whatever is read without complaint is written the same', () => {
    const noise = fc.array(fc.constantFrom(':', ',', '-', '.', ' ', 'a', 'b1', '_', '0', '7', '__proto__', '\n', 'é'), { maxLength: 12 });
    fc.assert(
      fc.property(
        noise.map((parts) => parts.join('')),
        (line) => {
          const read = parseCursors(line);
          if (read && new Set(line.split(',').map((part) => part.split(':')[0])).size === read.size && !/:0\d/.test(line)) {
            assert.equal(formatCursors(read), line);
          }
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });

  for (const line of [
    'x',
    'room:e',
    'room:e:',
    'room:e:-1',
    'room:e:1.5',
    'room:e:1,',
    ',room:e:1',
    'room:E:1',
    'r:e:1',
    'room:e:1234567890123456',
  ])
    it(`R6.1 ${line} is no line of cursors`, () => assert.equal(parseCursors(line), undefined));

  for (const text of ['', 'e', 'e:', ':1', 'e:x', 'e:1:2', 'e:1,e:2', 'e:9999999999999999', ' e:1'])
    it(`R7.3 "${text}" is no cursor`, () => assert.equal(parseCursor(text), undefined));
});
