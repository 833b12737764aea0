import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Turns } from './turns.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

/** Commands that a test ends by hand, and what has begun. */
class Board {
  readonly turns = new Turns();
  readonly begun: string[] = [];
  readonly #running = new Map<string, (ok: boolean) => void>();

  take(room: string, name: string, alone: boolean): Promise<void> {
    return this.turns.take(room, alone, () => {
      this.begun.push(name);
      return new Promise<void>((resolve, reject) => this.#running.set(name, (ok) => (ok ? resolve() : reject(new Error(name)))));
    });
  }

  get running(): string[] {
    return [...this.#running.keys()];
  }

  async end(name: string, ok = true): Promise<void> {
    const end = this.#running.get(name);
    this.#running.delete(name);
    end?.(ok);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe(`turns (SEED=${seed})`, () => {
  it('R5.3 what goes straight runs together, anything else alone and in between', async () => {
    const board = new Board();
    for (const name of ['a', 'b', 'C', 'd', 'e', 'F']) void board.take('hall', name, name === name.toUpperCase());
    void board.take('other', 'x', true);
    assert.deepEqual(board.begun, ['a', 'b', 'x']);
    await board.end('a');
    assert.deepEqual(board.running, ['b', 'x']);
    await board.end('b');
    assert.deepEqual(board.running, ['x', 'C']);
    await board.end('C');
    assert.deepEqual(board.running, ['x', 'd', 'e']);
    await board.end('d');
    await board.end('e');
    assert.deepEqual(board.running, ['x', 'F']);
  });

  it('R5.3 what fails holds nobody up', async () => {
    const board = new Board();
    const failed = assert.rejects(board.take('hall', 'A', true));
    void board.take('hall', 'b', false);
    await board.end('A', false);
    await failed;
    assert.deepEqual(board.running, ['b']);
    const thrown = board.turns.take('hall', true, async () => {
      throw new Error('at once');
    });
    const refused = assert.rejects(thrown);
    await board.end('b');
    await refused;
  });

  it('R5.3 begins in the order of asking, never with another beside one that is alone, and ends with all', async () => {
    const asked = fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 9 })), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(asked, async (list) => {
        const board = new Board();
        const alone = new Set<string>();
        const names = list.map(([isAlone], i) => {
          if (isAlone) alone.add(`${i}`);
          return `${i}`;
        });
        const done = [];
        for (const [i, [isAlone, endings]] of list.entries()) {
          done.push(board.take('hall', `${i}`, isAlone));
          for (let n = 0; n < endings - 5; n++) await board.end(board.running[n % Math.max(1, board.running.length)] ?? '');
          assert.ok(board.running.length <= 1 || !board.running.some((name) => alone.has(name)));
        }
        while (board.running.length > 0) await board.end(board.running.at(-1) ?? '');
        await Promise.all(done);
        assert.deepEqual(board.begun, names);
      }),
      { seed, numRuns: 100 },
    );
  });
});
