import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { FaultyProxy } from './browser/faulty-proxy.ts';
import { until, within } from './wire/inbox.ts';
import { type IoOptions, SocketIo, travels } from './wire/socketio.ts';
import { type Person, Stage } from './wire/stage.ts';

interface Scene {
  readonly room: string;
  readonly bob: Person;
  readonly proxy: FaultyProxy;
  /** Ann's client, whose line goes through the proxy, and who listens to the room. */
  readonly socket: SocketIo;
  /** What the room's log says that Ann said. */
  said(): Promise<string[]>;
}

async function scene(context: TestContext, options: IoOptions & { readonly transports: readonly string[] }): Promise<Scene> {
  const stage = await Stage.open(context);
  const { room, people } = await stage.room(['Ann', 'Bob']);
  const [ann, bob] = people;
  const proxy = new FaultyProxy(stage.port);
  context.after(() => proxy.close());
  const socket = new SocketIo(await proxy.listen(), { ...options, auth: { token: ann.token, rooms: [{ room }] } });
  context.after(() => socket.close());
  await socket.events.first('the room', ({ event }) => event === 'reset');
  await until('the upgrade', () => socket.client.io.engine.transport.name === options.transports.at(-1));
  const said = async (): Promise<string[]> => {
    const { messages } = await bob.ask('message.list', { room, after: 0, limit: 100 });
    return messages.filter(({ sender, kind }) => sender?.id === ann.id && kind === 'text').map(({ text }) => text);
  };
  return { room, bob, proxy, socket, said };
}

/** How often a client really sent each clientId. */
function sendings({ client }: SocketIo): Map<string, number> {
  const times = new Map<string, number>();
  client.onAnyOutgoing((_event, { clientId }) => times.set(clientId, (times.get(clientId) ?? 0) + 1));
  return times;
}

/** Resolves when the room has it, whoever was told. */
async function kept(bob: Person, room: string, text: string): Promise<void> {
  const reader = await bob.socket();
  const opened = await reader.ask('room.open', { room });
  const there = 'messages' in opened ? opened.messages : [];
  if (!there.some((message) => message.text === text)) await reader.events.first(text, ({ data }) => data.text === text);
  await reader.close();
}

for (const [how, travel] of travels) {
  describe(`socket.io-client's ways to send, ${how}`, () => {
    it('R3.4 P2 an acknowledgement that is lost fails in time; the same clientId again is answered, and is one message', async (context) => {
      const { room, bob, proxy, socket, said } = await scene(context, travel);
      const message = { room, clientId: 'c1', text: 'once' };
      const { id } = socket.client;
      proxy.mute = true;
      const answer = assert.rejects(
        socket.client.timeout(1_000).emitWithAck('message.send', message),
        /operation has timed out|has been disconnected/,
      );
      await kept(bob, room, 'once');
      await answer;
      proxy.mute = false;
      proxy.cut();
      await until('another connection', () => socket.client.connected && socket.client.id !== id);
      const { data } = await socket.client.timeout(10_000).emitWithAck('message.send', message);
      const { data: again } = await socket.client.timeout(10_000).emitWithAck('message.send', message);
      assert.deepEqual(data, again);
      assert.deepEqual(await said(), ['once']);
    });

    it('R3.4 P2 P3 `retries` sends until it is answered, across cuts: each message once, in the order of the emits', async (context) => {
      const { room, bob, proxy, socket, said } = await scene(context, { ...travel, retries: 50, ackTimeout: 400 });
      const times = sendings(socket);
      const answered: number[] = [];
      const texts = Array.from({ length: 6 }, (_, i) => `m${i}`);
      proxy.mute = true;
      const done = texts.map(
        (text, i) =>
          new Promise<void>((resolve, reject) =>
            socket.client.emit('message.send', { room, clientId: text, text }, (error: Error | null, answer: { data: { pos: number } }) => {
              answered.push(i);
              if (error || !answer.data) reject(error ?? new Error(JSON.stringify(answer)));
              else resolve();
            }),
          ),
      );
      await kept(bob, room, 'm0');
      proxy.cut();
      proxy.mute = false;
      await Promise.all(done);
      assert.ok((times.get('m0') ?? 0) > 1, 'the first was said more than once');
      assert.deepEqual(await said(), texts);
      assert.deepEqual(answered, [0, 1, 2, 3, 4, 5]);
    });

    it('R3.4 P2 `io.engine.close()` in the middle of it: every message once, and each is answered', async (context) => {
      const { room, socket, said } = await scene(context, { ...travel, retries: 50, ackTimeout: 400 });
      const texts = Array.from({ length: 24 }, (_, i) => `m${i}`);
      let closed = 0;
      socket.client.onAnyOutgoing((_event, { clientId }) => {
        // Behind what it writes now.
        if (/[05]$/.test(clientId) && closed < 5) queueMicrotask(() => socket.client.io.engine.close());
      });
      socket.client.on('disconnect', () => closed++);
      const done = texts.map((text) => socket.client.emitWithAck('message.send', { room, clientId: text, text }));
      const answers = await Promise.all(done);
      assert.ok(closed >= 2, `closed ${closed} times`);
      const revs: number[] = answers.map(({ data }) => data.rev);
      assert.deepEqual(
        revs,
        revs.toSorted((a, b) => a - b),
      );
      assert.deepEqual(await said(), texts);
    });

    it('R9.5 what is emitted while away waits for the connection; what is `volatile` is dropped', async (context) => {
      const { room, bob, proxy, socket, said } = await scene(context, travel);
      proxy.down = true;
      const gone = socket.disconnected();
      proxy.cut();
      await gone;
      // Before that, the client itself still takes the old connection for a writable one.
      await within('a vain attempt', new Promise((resolve) => socket.client.io.once('reconnect_error', resolve)));
      for (let i = 0; i < 3; i++) socket.client.volatile.emit('message.send', { room, clientId: `v${i}`, text: `volatile ${i}` });
      for (let i = 0; i < 3; i++) socket.client.emit('message.send', { room, clientId: `k${i}`, text: `kept ${i}` });
      proxy.down = false;
      await socket.connected();
      await kept(bob, room, 'kept 2');
      socket.client.volatile.emit('room.typing', { room });
      await socket.caughtUp();
      assert.deepEqual(await said(), ['kept 0', 'kept 1', 'kept 2']);
    });
  });
}
