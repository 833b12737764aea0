import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { FaultyProxy } from './browser/faulty-proxy.ts';
import { ServerProcess } from './server-process.ts';
import { Inbox, until, within } from './wire/inbox.ts';
import { type IoOptions, travels } from './wire/socketio.ts';

interface Message {
  readonly room: string;
  readonly pos: number;
  readonly rev: number;
  readonly text: string;
}

/** What the document's lines need, and what they give. */
interface Names {
  readonly io: (url: string, options: IoOptions) => Socket;
  readonly url: string;
  readonly token: string;
  readonly room: string;
  show(message: Message): void;
  replace(room: string, messages: readonly Message[]): void;
}

interface Given {
  readonly socket: Socket;
  readonly send: (room: string, text: string) => Promise<{ data: { pos: number } }>;
}

const page = readFileSync(new URL('../docs/socketio-recovery.md', import.meta.url), 'utf8');
const [, lines = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? [];

/** Runs the document's lines as they stand there. */
function run(names: Names): Given {
  return new Function(...Object.keys(names), `${lines}\nreturn { socket, send };`)(...Object.values(names)) as Given;
}

/** What a page would have on its screen: by pos, as it was last told; and everything that it was told. */
class Screen {
  readonly byPos = new Map<number, Message>();
  readonly shown = new Inbox<Message>();
  resets = 0;

  show(message: Message): void {
    this.byPos.set(message.pos, message);
    this.shown.push(message);
  }

  replace(messages: readonly Message[]): void {
    this.resets++;
    this.byPos.clear();
    for (const message of messages) this.byPos.set(message.pos, message);
  }

  has(text: string): Promise<Message> {
    return this.shown.first(text, (message) => message.text === text);
  }
}

describe('docs/socketio-recovery.md', () => {
  it('is ten lines and a little', () => {
    const code = lines.split('\n').filter((line) => /\S/.test(line) && !/^[)}\]; ]*$/.test(line));
    assert.ok(code.length >= 10 && code.length <= 14, `${code.length} lines`);
  });

  for (const [how, travel] of travels) {
    it(`R9.6 P1 P2 P4 its lines, ${how}: cuts, lost answers and a killed server lose nothing and double nothing`, async (context) => {
      const server = await ServerProcess.start(['--rate', '0']);
      context.after(() => server.remove());
      const proxy = new FaultyProxy(server.port);
      context.after(() => proxy.close());
      const [ann, bob] = [await server.guest('Ann'), await server.guest('Bob')];
      const { body } = await server.call<{ id: string }>('POST', '/v1/rooms', { name: 'Room', kind: 'public' }, bob.token);
      const room = body.id;
      await server.call('POST', `/v1/rooms/${room}/join`, {}, ann.token);
      let said = 0;
      const say = async (text: string): Promise<number> => {
        const message = { clientId: `b${said++}`, text };
        return (await server.call<{ pos: number }>('POST', `/v1/rooms/${room}/messages`, message, bob.token)).body.pos;
      };

      const screen = new Screen();
      const { socket, send } = run({
        io: (url, options) => io(url, { ...options, ...travel, ackTimeout: 300, reconnectionDelay: 10, reconnectionDelayMax: 50 }),
        url: await proxy.listen(),
        token: ann.token,
        room,
        show: (message) => screen.show(message),
        replace: (_room, messages) => screen.replace(messages),
      });
      context.after(() => socket.disconnect());
      await until('the beginning', () => screen.resets === 1);
      const gone = (): Promise<unknown> => within('a disconnection', new Promise((resolve) => socket.once('disconnect', resolve)));

      const first = await say('before');
      await screen.has('before');
      const sent: Promise<{ data: { pos: number } }>[] = [];
      for (let round = 0; round < 3; round++) {
        const away = gone();
        proxy.down = true;
        proxy.cut();
        await away;
        sent.push(send(room, `said while away ${round}`));
        for (let i = 0; i < 30; i++) await say(`missed ${round}.${i}`);
        await server.call('PATCH', `/v1/rooms/${room}/messages/${first}`, { text: `edited ${round}` }, bob.token);
        if (round === 1) {
          await server.end('SIGKILL');
          await server.start();
        }
        proxy.down = false;
        await screen.has(`edited ${round}`);
        await screen.has(`said while away ${round}`);
      }
      // It arrives, and its answer does not.
      proxy.mute = true;
      sent.push(send(room, 'unanswered'));
      await within('its arrival', arrival(server, room, bob.token, 'unanswered'));
      const away = socket.connected ? gone() : undefined;
      proxy.cut();
      proxy.mute = false;
      await away;
      const answers = await within('the answers', Promise.all(sent));
      await say('after');
      await screen.has('after');

      const { body: log } = await server.call<{ messages: Message[] }>(
        'GET',
        `/v1/rooms/${room}/messages?after=0&limit=100`,
        undefined,
        bob.token,
      );
      const { body: rest } = await server.call<{ messages: Message[] }>(
        'GET',
        `/v1/rooms/${room}/messages?after=${log.messages.at(-1)?.pos}&limit=100`,
        undefined,
        bob.token,
      );
      const there = [...log.messages, ...rest.messages].map(({ pos, text }) => [pos, text]);
      assert.deepEqual(
        [...screen.byPos.values()].sort((a, b) => a.pos - b.pos).map(({ pos, text }) => [pos, text]),
        there,
      );
      assert.deepEqual(
        answers.map(({ data }) => there.find(([pos]) => pos === data.pos)?.[1]),
        ['said while away 0', 'said while away 1', 'said while away 2', 'unanswered'],
      );
      for (const text of ['said while away 0', 'unanswered']) assert.equal(there.filter(([, one]) => one === text).length, 1);
      const revs = screen.shown.all.map(({ rev }) => rev);
      assert.deepEqual(
        revs,
        [...new Set(revs)].sort((a, b) => a - b),
        'each change once, in its order',
      );
      assert.equal(screen.resets, 1);
    });
  }
});

/** Resolves when the room's log has this text. */
async function arrival(server: ServerProcess, room: string, token: string, text: string): Promise<void> {
  const reader = io(server.url, { forceNew: true, transports: ['websocket'], auth: { token, rooms: [{ room }] } });
  try {
    await new Promise<void>((resolve) => {
      const look = (message: Message): void => {
        if (message.text === text) resolve();
      };
      reader.on('message', look);
      reader.on('reset', ({ messages }: { messages: Message[] }) => messages.forEach(look));
    });
  } finally {
    reader.disconnect();
  }
}
