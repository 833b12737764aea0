import { writeSync } from 'node:fs';
import { room, user, World } from '@suda/chat/contracts';
import { openSqliteStore } from './index.ts';

// Says things for ever, many at once, and tells each answer on its output. It is meant to be killed.
const [folder = '', name = ''] = process.argv.slice(2);
const store = await openSqliteStore({ folder });
const world = new World({ store, reopen: async () => store, close: async () => {} });
if ((await store.room(room('r1'))) === null) {
  await world.people('ann', 'bob');
  await world.make('r1', ['ann', 'bob']);
}
writeSync(1, 'ready\n');
await Promise.all(
  Array.from({ length: 40 }, async (_, lane) => {
    for (let i = 0; ; i++) {
      const clientId = `${name}-${lane}-${i}`;
      const { pos } = await world.say(lane % 2 ? 'ann' : 'bob', 'r1', `회의 ${clientId}`, clientId);
      writeSync(1, `${clientId} ${pos}\n`);
      if (i % 10 === 9) await world.do({ type: 'message.react', actor: user('ann'), room: room('r1'), pos, emoji: '🎉' });
    }
  }),
);
