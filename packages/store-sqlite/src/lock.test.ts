import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openIn, runProgram, temporaryFolder } from './fixtures.ts';
import { openSqliteStore } from './index.ts';

describe('one data folder, one server', () => {
  it('another process is told who has the folder, and gets it once that one was killed', async (t) => {
    const folder = temporaryFolder(t);
    const program = runProgram(t, 'lock.fixture.ts', folder);
    await once(program.lines, 'line');
    await assert.rejects(openSqliteStore({ folder }), {
      message: `The data folder ${folder} is in use by another Suda (pid ${program.pid}). Stop it first, or choose another with --data.`,
    });
    program.kill();
    await program.ended;
    await openIn(t, folder);
  });

  it('the same process is refused too; being refused costs the holder nothing; closing gives the folder free', async (t) => {
    const folder = temporaryFolder(t);
    const { store } = await openIn(t, folder);
    for (let i = 0; i < 2; i++) await assert.rejects(openSqliteStore({ folder }), /in use by another Suda \(pid \d+\)/);
    await store.close();
    assert.ok(!existsSync(join(folder, 'suda.pid')));
    await openIn(t, folder);
  });

  it('a folder is made; one that cannot be is named in a sentence', async (t) => {
    const folder = temporaryFolder(t);
    await openIn(t, join(folder, 'a', 'b'));
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(
      openSqliteStore({ folder: join(folder, 'file', 'data') }),
      /The data folder .*file.data cannot be made: .* Choose another with --data\./,
    );
    mkdirSync(join(folder, 'c', 'suda.lock'), { recursive: true });
    await assert.rejects(
      openSqliteStore({ folder: join(folder, 'c') }),
      /The data folder .* cannot be written: .* Choose another with --data\./,
    );
  });
});
