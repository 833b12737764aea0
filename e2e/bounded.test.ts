import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { RoomId, UserId } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import { Stage } from './wire/stage.ts';

const MB = 1e6;
const ASKED = 300;
const TEXT = '읽지 않는 사람에게 얼마든지 쌓아 두어서는 안 된다. '.repeat(200).slice(0, 3_000);

it('P6 hundreds of large answers to one who reads nothing are not piled up, and all come when it reads', {
  timeout: 120_000,
}, async (context) => {
  const stage = await Stage.open(context);
  const { room, people } = await stage.room(['Mina', 'Jihoon']);
  const [mina, jihoon] = people;
  for (let i = 0; i < 120; i++)
    await stage.server.chat.execute({
      type: 'message.send',
      actor: mina.id as UserId,
      room: room as RoomId,
      clientId: `c${i}`,
      text: `${i} ${TEXT}`,
    });
  const { sessions } = stage.server.realtime;
  const before = new Set(sessions.keys());
  const greedy = await mina.socket();
  await greedy.caughtUp();
  const session = [...sessions.values()].find(({ id }) => !before.has(id)) ?? assert.fail();
  const other = await jihoon.socket();
  await other.ask('room.open', { room });

  greedy.ws.pause();
  for (let i = 0; i < ASKED; i++) {
    if (i % 2 === 0) greedy.send('room.open', { room }, i);
    else greedy.send('message.list', { room, limit: 100, ...(i % 4 === 1 ? {} : { before: 110 }) }, i);
  }
  let most = 0;
  const look = (): void => {
    most = Math.max(most, session.buffered);
  };
  // All the while another one is served: and the server has all the turns it needs to pile up what it would.
  for (let i = 0; i < 300; i++) {
    await other.ask('room.typing', { room });
    if (i % 30 === 0) await other.ask('message.send', { room, clientId: `live${i}`, text: `live ${i}` });
    look();
  }
  await within(
    'what is said meanwhile',
    other.events.first('the last', ({ data }) => data.text === 'live 270'),
  );
  assert.ok(session.open);
  assert.ok(session.congested, 'it really reads nothing');
  assert.ok(most < 8 * MB, `${(most / MB).toFixed(1)} MB wait`);

  greedy.ws.on('message', look);
  greedy.ws.resume();
  const answers = await within(
    'all answers',
    greedy.frames.count(ASKED, ({ reply }) => typeof reply === 'number'),
    60_000,
  );
  assert.deepEqual(
    answers.map(({ reply }) => reply).sort((a, b) => a - b),
    Array.from({ length: ASKED }, (_, i) => i),
  );
  let volume = 0;
  for (const { error, data } of answers) {
    assert.equal(error, undefined);
    assert.ok(data.messages.length > 0);
    volume += JSON.stringify(data).length;
  }
  assert.ok(most < 8 * MB, `${(most / MB).toFixed(1)} MB waited`);
  assert.ok(volume > 40 * MB, 'there was much to pile up');
  context.diagnostic(`${(volume / MB).toFixed(0)} million characters of answers; at most ${(most / MB).toFixed(1)} MB waited`);
  // It is open and live afterwards.
  await jihoon.say(room, 'after all');
  await greedy.events.first('what is said afterwards', ({ event, data }) => event === 'message' && data.text === 'after all');
  await Promise.all([greedy.close(), other.close()]);
});
