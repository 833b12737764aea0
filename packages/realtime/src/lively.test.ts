import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Hub } from './testing/hub.ts';

it('R5.6 who is silent in a lively room is closed too: bytes that the kernel took are no sign of life', async () => {
  const hub = new Hub();
  const { connection, session } = hub.client();
  for (let second = 0; second < 120 && connection.closed === undefined; second++) {
    session.tell('message', { text: 'x' });
    await hub.tick();
    await hub.clock.pass(1_000);
  }
  assert.equal(connection.closed, 'heartbeat');
});
