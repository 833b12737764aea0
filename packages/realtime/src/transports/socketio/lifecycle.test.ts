import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EngineStage, until } from '../../testing/engine-client.ts';
import type { Engine } from './engine.ts';
import { EngineServer } from './engine-server.ts';
import { frameOf } from './packets.ts';

const profile = { pingInterval: 300, pingTimeout: 200, upgradeTimeout: 400 } as const;

interface Scene {
  readonly stage: EngineStage;
  readonly engines: Engine[];
  /** Why sessions ended, in that order. */
  readonly ends: string[];
}

const scene = async (context: TestContext): Promise<Scene> => {
  const engines: Engine[] = [];
  const ends: string[] = [];
  const welcome = (engine: Engine) => {
    engines.push(engine);
    return { message: (data: string | Buffer) => engine.send(data), ended: (reason: string) => void ends.push(reason) };
  };
  return { stage: await EngineStage.open(context, (realtime) => new EngineServer(realtime, profile, welcome)), engines, ends };
};

describe('Engine.IO heartbeat', () => {
  it('R9.1 polls: ping, pong, and again', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    for (let i = 0; i < 3; i++) {
      const { answer } = await stage.heldPoll(sid);
      await stage.clock.pass(300);
      assert.equal((await answer).body, '2');
      assert.equal((await stage.post(sid, '3')).status, 200);
    }
  });

  it('R9.1 WebSocket: ping, pong, and again', async (context) => {
    const { stage, engines } = await scene(context);
    const socket = await stage.open();
    for (let i = 0; i < 3; i++) {
      await stage.clock.pass(300);
      assert.equal(await socket.next(), '2');
      socket.send('3', '4heard');
      assert.equal(await socket.next(), '4heard');
    }
    assert.equal(engines[0]?.open, true);
  });

  it('R9.5 a session that does not answer is over', async (context) => {
    const { stage, ends } = await scene(context);
    const socket = await stage.open();
    await stage.clock.pass(500);
    await socket.end();
    assert.deepEqual(ends, ['ping timeout']);
  });

  it('R9.5 the deadline is a moment: a request that comes after it finds nobody, however late the timers are', async (context) => {
    const { stage, ends } = await scene(context);
    const sid = await stage.handshake();
    stage.clock.late(499);
    assert.equal((await stage.post(sid, '4x')).status, 200);
    stage.clock.late(1);
    assert.equal((await stage.poll(sid)).status, 400);
    assert.deepEqual(ends, ['ping timeout']);
  });

  it('R9.10 of a client that is not read from, no pong can come: it is excused', async (context) => {
    const { stage, engines, ends } = await scene(context);
    await stage.open();
    const [engine] = engines;
    assert.ok(engine);
    engine.pause('test', true);
    await stage.clock.pass(2_000);
    assert.equal(engine.open, true);
    engine.pause('test', false);
    await stage.clock.pass(200);
    assert.deepEqual(ends, ['ping timeout']);
  });
});

describe('Engine.IO close', () => {
  it('R9.9 a client that closes gets its poll back, and is gone', async (context) => {
    const { stage, ends } = await scene(context);
    const sid = await stage.handshake();
    const { answer } = await stage.heldPoll(sid);
    assert.equal((await stage.post(sid, '1')).body, 'ok');
    assert.equal((await answer).body, '6');
    assert.equal((await stage.poll(sid)).status, 400);
    assert.deepEqual(ends, ['transport close']);
  });

  it('R9.9 a WebSocket client that closes is closed', async (context) => {
    const { stage } = await scene(context);
    const socket = await stage.open();
    socket.send('1');
    await socket.end();
  });

  it('R9.9 a server that closes says so on the poll that is held', async (context) => {
    const { stage, engines, ends } = await scene(context);
    const { answer } = await stage.heldPoll(await stage.handshake());
    engines[0]?.close('test');
    assert.equal((await answer).body, '1');
    assert.deepEqual(ends, ['test']);
    assert.equal(stage.engines.size, 0);
  });

  it('R9.9 what was said before the close is fetched with the next poll', async (context) => {
    const { stage, engines, ends } = await scene(context);
    const sid = await stage.handshake();
    engines[0]?.send('last words');
    engines[0]?.close('test');
    assert.deepEqual(ends, ['test']);
    assert.equal((await stage.poll(sid)).body, '4last words');
    assert.equal((await stage.poll(sid)).body, '1');
    assert.equal((await stage.poll(sid)).status, 400);
  });

  it('R9.9 many last words take more than one poll, and the close comes with the last', async (context) => {
    for (const count of [15, 16, 17, 40]) {
      const { stage, engines } = await scene(context);
      const sid = await stage.handshake();
      const words = Array.from({ length: count }, (_, i) => `4${i}`);
      engines[0]?.write([Buffer.concat(words.map((word) => frameOf({ type: 'message', data: word.slice(1) })))]);
      engines[0]?.close('test');
      const heard: string[] = [];
      while (heard.at(-1) !== '1') {
        const packets = (await stage.poll(sid)).body.split('\x1e');
        assert.ok(packets.length <= 16);
        heard.push(...packets);
      }
      assert.deepEqual(heard, [...words, '1']);
      assert.equal(stage.engines.size, 0);
    }
  });

  it('R9.9 whoever does not fetch the last words is forgotten', async (context) => {
    const { stage, engines } = await scene(context);
    await stage.handshake();
    engines[0]?.close('test');
    assert.equal(stage.engines.size, 1);
    await stage.clock.pass(10_000);
    assert.equal(stage.engines.size, 0);
  });
});

describe('Engine.IO upgrade', () => {
  it('R9.1 a poll that is held is released, and so is every other one until the upgrade is done', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    const { answer } = await stage.heldPoll(sid);
    const socket = await stage.probe(sid);
    assert.equal((await answer).body, '6');
    for (let i = 0; i < 2; i++) {
      const { answer: again } = await stage.heldPoll(sid);
      await stage.clock.pass(50);
      assert.equal((await again).body, '6');
    }
    socket.send('5', '4hello');
    assert.equal(await socket.next(), '4hello');
  });

  it('R9.1 what waits for a poll goes first over the WebSocket, in its order', async (context) => {
    const { stage, engines } = await scene(context);
    const sid = await stage.handshake();
    const socket = await stage.probe(sid);
    engines[0]?.send('one');
    engines[0]?.send(Buffer.of(2));
    socket.send('5', '4three');
    assert.deepEqual([await socket.next(), await socket.next(), await socket.next()], ['4one', Buffer.of(2), '4three']);
  });

  it('R9.1 what is said while a poll is held during the probe goes with the poll', async (context) => {
    const { stage, engines } = await scene(context);
    const sid = await stage.handshake();
    await stage.probe(sid);
    const { answer } = await stage.heldPoll(sid);
    engines[0]?.send('one');
    assert.equal((await answer).body, '4one');
  });

  it('R9.8 after it, requests of the session are refused, and it goes on', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    const socket = await stage.probe(sid);
    socket.send('5', '4a');
    await socket.next();
    assert.equal((await stage.poll(sid)).status, 400);
    assert.equal((await stage.post(sid, '4x')).status, 400);
    const second = stage.socket(`?EIO=4&transport=websocket&sid=${sid}`);
    await second.end();
    socket.send('4b');
    assert.equal(await socket.next(), '4b');
  });

  it('R9.8 a second WebSocket during the probe is closed, and the first goes on', async (context) => {
    const { stage } = await scene(context);
    const sid = await stage.handshake();
    const socket = await stage.probe(sid);
    await stage.socket(`?EIO=4&transport=websocket&sid=${sid}`).end();
    socket.send('5', '4a');
    assert.equal(await socket.next(), '4a');
  });

  for (const [what, drop] of [
    ['is dropped', (socket) => socket.socket.terminate()],
    ['says something else', (socket) => socket.send('4early')],
    ['says nonsense', (socket) => socket.send('abc')],
  ] as readonly (readonly [string, (socket: Awaited<ReturnType<EngineStage['probe']>>) => void])[])
    it(`R9.1 a probe that ${what} changes nothing: polls go on`, async (context) => {
      const { stage, engines } = await scene(context);
      const sid = await stage.handshake();
      const socket = await stage.probe(sid);
      drop(socket);
      await until('polls again', () => engines[0]?.state.at === 'polling');
      await stage.post(sid, '4a');
      assert.equal((await stage.poll(sid)).body, '4a');
      await stage.probe(sid);
    });

  it('R9.1 a probe that takes too long is closed', async (context) => {
    const { stage, engines } = await scene(context);
    const sid = await stage.handshake();
    const socket = await stage.probe(sid);
    await stage.clock.pass(300);
    await stage.post(sid, '3');
    await stage.clock.pass(100);
    await socket.end();
    assert.equal(engines[0]?.state.at, 'polling');
  });

  it('R9.5 a session that ends takes its probe along', async (context) => {
    const { stage, engines } = await scene(context);
    const socket = await stage.probe(await stage.handshake());
    engines[0]?.end('test');
    await socket.end();
  });
});
