import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiStage } from '../testing/api-stage.ts';
import type { Server } from './index.ts';

interface Heard {
  hello: (name: string, acknowledge: (greeting: string) => void) => void;
  ping: () => void;
}
interface Said {
  news: (text: string, n: number) => void;
  vote: (about: string, answer: (yes: boolean) => void) => void;
}
interface Between {
  sync: () => void;
}
interface Data {
  name: string;
}

it('events, acknowledgements and data are typed as with Socket.IO’s generics', async (context) => {
  const stage = await ApiStage.open(context);
  const io = stage.io as unknown as Server<Heard, Said, Between, Data>;
  io.on('connection', (socket) => {
    socket.on('hello', (name, acknowledge) => {
      socket.data.name = name.toUpperCase();
      acknowledge(`hello ${name}`);
      // @ts-expect-error an acknowledgement takes a string
      const wrong = (): void => acknowledge(1);
      assert.equal(typeof wrong, 'function');
    });
    socket.on('ping', async () => {
      const yes: boolean = await socket.timeout(1_000).emitWithAck('vote', 'pizza');
      const all: boolean[] = await io.timeout(1_000).emitWithAck('vote', 'pizza');
      socket.timeout(1_000).emit('vote', 'pizza', (error: Error, answer: boolean) => {
        socket.emit('news', `${yes} ${answer} ${error}`, all.length);
      });
      // @ts-expect-error the name of the room, the data and the number are checked
      const wrong = (): unknown => [socket.emit('news', 1, 2), socket.emit('old', 'x'), socket.data.name.n];
      assert.equal(typeof wrong, 'function');
    });
    // @ts-expect-error nobody says this
    const wrong = (): unknown => socket.on('nothing', () => {});
    assert.equal(typeof wrong, 'function');
  });
  const client = await stage.connected();
  client.on('vote', (_about, answer) => answer(true));
  assert.equal(await client.emitWithAck('hello', 'mina'), 'hello mina');
  const news = new Promise<unknown[]>((resolve) => client.once('news', (...args) => resolve(args)));
  client.emit('ping');
  assert.deepEqual(await news, ['true true null', 1]);
  assert.deepEqual(
    (await io.fetchSockets()).map(({ data }) => data.name),
    ['MINA'],
  );
});
