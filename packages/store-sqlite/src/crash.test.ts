import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { it } from 'node:test';
import { room } from '@suda/chat/contracts';
import { random, runProgram, temporaryFolder } from './fixtures.ts';
import { check, openSqliteStore } from './index.ts';

it('P1 P2 P3 whatever was answered before a kill -9 is there, once, at its place', async (t) => {
  const seed = randomInt(2 ** 31);
  t.diagnostic(`seed ${seed}`);
  const next = random(seed);
  const folder = temporaryFolder(t);
  const answered = new Map<string, number>();
  for (let round = 0; round < 6; round++) {
    const killAfter = Math.floor(next() * 1_500);
    const program = runProgram(t, 'crash.fixture.ts', folder, `round${round}`);
    let count = 0;
    program.lines.on('line', (line) => {
      if (count++ === killAfter) program.kill();
      const [clientId, pos] = line.split(' ');
      if (clientId !== undefined && pos !== undefined) answered.set(clientId, Number(pos));
    });
    await program.ended;

    const context = `seed ${seed}, round ${round}`;
    const store = await openSqliteStore({ folder });
    assert.equal(store.restored, false, 'a crash is not a restored backup');
    const page = await store.page(room('r1'), { type: 'after', pos: 0, limit: 1_000_000 });
    await store.close();
    if (page === null) {
      assert.equal(answered.size, 0, context);
      continue;
    }
    const said = new Map<string, number>();
    for (const [i, message] of page.messages.entries()) {
      assert.equal(message.pos, i + 1, context);
      if (message.clientId === null) continue;
      assert.ok(!said.has(message.clientId), `${message.clientId} is there twice; ${context}`);
      said.set(message.clientId, message.pos);
    }
    for (const [clientId, pos] of answered) assert.equal(said.get(clientId), pos, `${clientId}; ${context}`);
    assert.deepEqual(check(folder).findings, [], context);
  }
  assert.ok(answered.size > 0, `nothing was answered at all; seed ${seed}`);
});
