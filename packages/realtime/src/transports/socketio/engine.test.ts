import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { EngineStage, until } from '../../testing/engine-client.ts';
import { type EngineOptions, EngineServer } from './engine-server.ts';

const profile = { pingInterval: 300, pingTimeout: 200, maxPayload: 100_000 } as const;

/** An engine server that says back what it hears. */
const echo = (context: TestContext, options: EngineOptions = {}): Promise<EngineStage> =>
  EngineStage.open(
    context,
    (realtime) =>
      new EngineServer(realtime, { ...profile, ...options }, (engine) => ({ message: (data) => engine.send(data), ended: () => {} })),
  );

const codeOf = (body: string): number => JSON.parse(body).code;

describe('Engine.IO handshake', () => {
  it('R9.1 over polls answers with what the client must know', async (context) => {
    const stage = await echo(context);
    const { status, body, headers } = await stage.call('?EIO=4&transport=polling');
    assert.equal(status, 200);
    assert.equal(body[0], '0');
    const { sid, ...rest } = JSON.parse(body.slice(1));
    assert.ok(sid.length >= 20);
    assert.deepEqual(rest, { upgrades: ['websocket'], ...profile });
    assert.equal(headers.get('set-cookie'), null);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.match(headers.get('content-type') ?? '', /^text\/plain; charset=utf-8$/i);
  });

  it('R9.1 over a WebSocket says the same in its first frame, and offers no upgrade', async (context) => {
    const stage = await echo(context);
    const first = await stage.socket().text();
    const { sid, ...rest } = JSON.parse(first.slice(1));
    assert.equal(first[0], '0');
    assert.equal(typeof sid, 'string');
    assert.deepEqual(rest, { upgrades: [], ...profile });
  });

  for (const [what, query, method, code] of [
    ['no version', '?transport=polling', 'GET', 5],
    ['another version', '?EIO=3&transport=polling', 'GET', 5],
    ['no transport', '?EIO=4', 'GET', 0],
    ['an unknown transport', '?EIO=4&transport=abc', 'GET', 0],
    ['a handshake by POST', '?EIO=4&transport=polling', 'POST', 2],
    ['a handshake by PUT', '?EIO=4&transport=polling', 'PUT', 2],
    ['an unknown session', '?EIO=4&transport=polling&sid=nobody', 'GET', 1],
    ['a WebSocket that is none', '?EIO=4&transport=websocket', 'GET', 3],
  ] as const)
    it(`R9.7 ${what} is refused with 400 and code ${code}`, async (context) => {
      const stage = await echo(context);
      const { status, body } = await stage.call(query, { method });
      assert.deepEqual([status, codeOf(body)], [400, code]);
    });

  for (const query of ['?transport=websocket', '?EIO=abc&transport=websocket', '?EIO=4', '?EIO=4&transport=websocket&sid=nobody'])
    it(`R9.7 an upgrade with ${query} is refused`, async (context) => {
      const stage = await echo(context);
      const socket = stage.socket(query);
      await socket.end();
      assert.deepEqual(socket.all, []);
      assert.equal(stage.engines.size, 0);
    });

  it('R9.7 a method that a session does not know is refused, and the session goes on', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const { status, body } = await stage.poll(sid, { method: 'PUT' });
    assert.deepEqual([status, codeOf(body)], [400, 2]);
    assert.equal((await stage.post(sid, '4x')).status, 200);
  });
});

describe('Engine.IO messages', () => {
  for (const body of ['4hello', '4one\x1e4two\x1e4three', '4hello\x1ebAQIDBA==', '4안녕 👋'])
    it(`R9.1 polls carry ${JSON.stringify(body)} there and back`, async (context) => {
      const stage = await echo(context);
      const sid = await stage.handshake();
      const posted = await stage.post(sid, body);
      assert.deepEqual([posted.status, posted.body], [200, 'ok']);
      const polled = await stage.poll(sid);
      assert.deepEqual([polled.status, polled.body], [200, body]);
    });

  it('R9.1 a poll that is held is answered as soon as there is something to say', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const { answer } = await stage.heldPoll(sid);
    await stage.post(sid, '4now');
    assert.equal((await answer).body, '4now');
  });

  it('R9.1 WebSockets carry text and bytes there and back', async (context) => {
    const stage = await echo(context);
    const socket = await stage.open();
    socket.send('4hello', Uint8Array.of(1, 2, 3, 4));
    assert.equal(await socket.next(), '4hello');
    assert.deepEqual(await socket.next(), Buffer.of(1, 2, 3, 4));
  });

  for (const bad of ['abc', '9', '0', '5', '4x\x1eabc'])
    it(`R9.8 a post of ${JSON.stringify(bad)} ends the session`, async (context) => {
      const stage = await echo(context);
      const sid = await stage.handshake();
      await stage.post(sid, bad);
      assert.equal((await stage.poll(sid)).status, 400);
    });

  it('R9.8 a broken packet on a WebSocket ends the session', async (context) => {
    const stage = await echo(context);
    const socket = await stage.open();
    socket.send('abc');
    await socket.end();
    assert.equal(stage.engines.size, 0);
  });

  it('R9.8 two polls at once end the session: nobody could say which packet comes first', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const { answer } = await stage.heldPoll(sid);
    assert.equal((await stage.poll(sid)).status, 400);
    const held = await answer;
    assert.deepEqual([held.status, held.body], [200, '1']);
    assert.equal((await stage.poll(sid)).status, 400);
  });

  it('R9.8 two posts at once end the session', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    let more: ReadableStreamDefaultController<Uint8Array> | undefined;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        more = controller;
        controller.enqueue(Buffer.from('4he'));
      },
    });
    const first = stage.poll(sid, { method: 'POST', body, duplex: 'half' } as RequestInit);
    first.catch(() => {});
    let second = await stage.post(sid, '4a');
    // The first may have been on its way still.
    while (second.status === 200) second = await stage.post(sid, '4a');
    assert.equal(second.status, 400);
    more?.close();
    await first.catch(() => {});
    assert.equal((await stage.poll(sid)).status, 400);
  });

  it('R9.5 an aborted poll ends the session: what it carried may be lost', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const abort = new AbortController();
    await stage.heldPoll(sid, { signal: abort.signal });
    abort.abort();
    await until('the end of the session', () => stage.engines.size === 0);
    assert.equal((await stage.poll(sid)).status, 400);
  });

  it('R9.7 a post above the maximum gets 413, and the session goes on', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const tooLarge = new Blob(['4', 'x'.repeat(profile.maxPayload)]);
    for (const init of [{ body: tooLarge }, { body: tooLarge.stream(), duplex: 'half' }] as RequestInit[]) {
      const { status, body } = await stage.poll(sid, { method: 'POST', ...init });
      assert.equal(status, 413);
      assert.equal(JSON.parse(body).error.code, 'payload_too_large');
    }
    await stage.post(sid, '4still here');
    assert.equal((await stage.poll(sid)).body, '4still here');
  });

  it('R9.7 a frame above the maximum closes the WebSocket with 1009', async (context) => {
    const stage = await echo(context);
    const socket = await stage.open();
    const closed = new Promise((resolve) => socket.socket.on('close', resolve));
    socket.send(`4${'x'.repeat(profile.maxPayload)}`);
    assert.equal(await closed, 1009);
    await until('the end of the session', () => stage.engines.size === 0);
  });

  it('R9.8 a post that is not UTF-8 ends the session', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    assert.equal((await stage.post(sid, Uint8Array.of(0x34, 0xff, 0xfe))).status, 400);
    assert.equal((await stage.poll(sid)).status, 400);
  });

  it('R9.10 who posts without polling is told "ok" only when they have taken their answers', async (context) => {
    const stage = await echo(context);
    const sid = await stage.handshake();
    const large = `4${'x'.repeat(90_000)}`;
    let answered = 0;
    let posts = 0;
    let last: Promise<unknown> = Promise.resolve();
    while (answered === posts) {
      posts++;
      last = stage.post(sid, large).then(() => answered++);
      await Promise.race([last, until('', () => (stage.engines.find(sid)?.buffered ?? 0) > 256 * 1024).then(() => {})]);
      assert.ok(posts < 10);
    }
    assert.ok((stage.engines.find(sid)?.buffered ?? 0) < 400_000);
    assert.equal((await stage.poll(sid)).body.length, posts * (large.length + 1) - 1);
    await last;
    assert.equal(answered, posts);
  });
});
