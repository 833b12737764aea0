import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { within } from './wire/inbox.ts';
import { Numbers } from './wire/numbers.ts';
import { SocketIo } from './wire/socketio.ts';
import { Stage } from './wire/stage.ts';

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
/** Two thousand packets in all; more of them with FUZZ=10 and the like. */
const times = Number(process.env.FUZZ ?? 3);

const pieces = [
  ...['0', '1', '2', '3', '4', '5', '6', 'b', '2probe', '3probe', '\x1e', '-', ',', '/', '/custom,', '?', '999', '1e9', '-1'],
  ...['40', '41', '42', '43', '44', '450-', '451-', '4511-', '461-', '42[', ']', '{}', '[]', 'null', '"', '\\', '\u0000', '💥', '\ud800'],
  ...[
    '["hello",{"name":"x"}]',
    '["room.list",{}]',
    '["room.list"]',
    '["disconnect"]',
    '["__proto__",{"__proto__":1}]',
    '[1,2]',
    '["a","b","c"]',
  ],
  ...[
    '{"_placeholder":true,"num":0}',
    '{"_placeholder":true,"num":-1}',
    '{"_placeholder":1}',
    '{"token":1}',
    '{"rooms":[{"room":"lobby"}]}',
  ],
  ...[`${'['.repeat(5_000)}${']'.repeat(5_000)}`, 'x'.repeat(2_000)],
];

describe(`fuzz of Socket.IO (SEED=${seed})`, { timeout: 120_000 }, () => {
  it('P8 whatever comes, over polls or a WebSocket: nobody else notices', async (context) => {
    const numbers = new Numbers(seed);
    const stage = await Stage.open(context);
    const { room, people } = await stage.room(['Ann']);
    const bystander = await SocketIo.connect(stage.url, { auth: { token: people[0].token } });
    context.after(() => bystander.close());
    const { id } = bystander.client;
    await bystander.ask('room.open', { room });
    const packet = (): string => Array.from({ length: 1 + numbers.below(5) }, () => pieces[numbers.below(pieces.length)]).join('');
    const said: string[] = [];
    for (let round = 0; round < 20 * times; round++) {
      const packets = [...(numbers.below(4) === 0 ? [] : ['40']), ...Array.from({ length: 16 }, packet)];
      if (round % 2 === 0) {
        const socket = new WebSocket(`ws://127.0.0.1:${stage.port}/socket.io/?EIO=4&transport=websocket`);
        socket.on('error', () => {});
        await within('the handshake', once(socket, 'open'));
        for (const text of packets)
          if (socket.readyState === WebSocket.OPEN) socket.send(numbers.below(8) === 0 ? Buffer.from(text) : text);
        socket.terminate();
      } else {
        const { text } = await stage.call('GET', '/socket.io/?EIO=4&transport=polling');
        const path = `/socket.io/?EIO=4&transport=polling&sid=${JSON.parse(text.slice(1)).sid}`;
        for (const body of packets) {
          const { status } = await stage.call('POST', path, { body, headers: { 'content-type': 'text/plain' } });
          assert.ok([200, 400].includes(status), `${status} for ${JSON.stringify(body).slice(0, 200)}`);
          if (status === 400) break;
        }
      }
      if (round % 10 > 0) continue;
      said.push(`after ${round}`);
      await bystander.ask('message.send', { room, clientId: `c${round}`, text: `after ${round}` });
    }
    await bystander.caughtUp();
    assert.deepEqual(
      bystander.said(room).filter((text) => text.startsWith('after')),
      said,
    );
    assert.equal(bystander.client.id, id);
  });
});
