import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SudaError } from '@suda/protocol';
import { HIGH_WATER, MAX_IN_FLIGHT } from './session.ts';
import { FakeConnection } from './testing/fake-connection.ts';
import { FakeLog } from './testing/fake-log.ts';
import { Hub } from './testing/hub.ts';

describe('a session', () => {
  it('R5.2 a handler of its own answers those who ask for an answer', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    session.on('double', (data, reply) => reply({ value: Number((data as { value: number }).value) * 2 }));
    hub.realtime.receive(session, { event: 'double', data: { value: 21 }, id: 'q' });
    hub.realtime.receive(session, { event: 'double', data: { value: 1 } });
    await hub.tick();
    assert.deepEqual(connection.heard, [{ reply: 'q', data: { value: 42 } }]);
  });

  it('R5.4 R5.6 unknown events are refused, ping is answered', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    hub.realtime.receive(session, { event: 'what', data: {}, id: 1 });
    hub.realtime.receive(session, { event: 'what', data: {} });
    hub.realtime.receive(session, { event: 'ping', data: {}, id: 2 });
    hub.realtime.receive(session, { event: 'ping', data: {} });
    await hub.tick();
    assert.deepEqual(
      connection.heard.map(({ event, reply, error, data }) => [event ?? reply, error?.code ?? data?.code, data?.command]),
      [
        [1, 'unknown_command', undefined],
        ['error', 'unknown_command', 'what'],
        [2, undefined, undefined],
      ],
    );
  });

  it('P8 a handler that fails is a refusal; what it did not mean to say is not told', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    session.on('refuse', () => {
      throw new SudaError('not_allowed');
    });
    session.on('break', async () => {
      throw new Error('the secret is 42');
    });
    hub.realtime.receive(session, { event: 'refuse', data: {}, id: 1 });
    hub.realtime.receive(session, { event: 'break', data: {}, id: 2 });
    hub.realtime.receive(session, { event: 'break', data: {} });
    await hub.tick();
    assert.deepEqual(
      connection.heard.map(({ error, data }) => (error ?? data).code),
      ['not_allowed', 'internal', 'internal'],
    );
    assert.doesNotMatch(connection.writes.join(), /secret/);
    assert.equal(hub.errors.length, 2);
  });

  it('P6 who asks faster than answers come is not read from, and is served in order', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    const running: (() => void)[] = [];
    const begun: unknown[] = [];
    session.on('work', (data, reply) => {
      begun.push(data);
      return new Promise<void>((resolve) =>
        running.push(() => {
          reply(data as object);
          resolve();
        }),
      );
    });
    const total = MAX_IN_FLIGHT * 3;
    for (let i = 0; i < total; i++) hub.realtime.receive(session, { event: 'work', data: { i }, id: i });
    await hub.tick();
    assert.equal(begun.length, MAX_IN_FLIGHT);
    assert.deepEqual(connection.pauses, [true]);
    while (running.length > 0) {
      running.shift()?.();
      await hub.tick();
    }
    assert.deepEqual(
      connection.heard.map(({ reply }) => reply),
      Array.from({ length: total }, (_, i) => i),
    );
    assert.equal(connection.pauses.at(-1), false);
  });

  it('P6 who does not read their answers is not read from', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    session.on('much', (_data, reply) => reply({ text: 'x'.repeat(100_000) }));
    connection.stopReading();
    for (let i = 0; i < 100; i++) {
      hub.realtime.receive(session, { event: 'much', data: {}, id: i });
      await hub.tick();
    }
    assert.equal(connection.pauses.at(-1), true);
    assert.ok(connection.most < HIGH_WATER + 250_000, `${connection.most} bytes`);
    connection.read();
    for (let i = 0; i < 10; i++) await hub.tick();
    assert.equal(connection.pauses.at(-1), false);
    assert.equal(connection.heard.length, 100);
  });

  it('R5.6 is pinged, and closed when it is silent for too long', async () => {
    const hub = new Hub();
    const [silent, lively] = [hub.client(), hub.client()];
    for (let seconds = 0; seconds < 90; seconds += 5) {
      await hub.clock.pass(5_000);
      hub.realtime.receive(lively.session, { event: 'ping', data: {} });
    }
    assert.ok(silent.connection.pings >= 2);
    assert.equal(silent.connection.closed, 'heartbeat');
    assert.equal(silent.connection.terminated, true);
    assert.equal(lively.connection.closed, undefined);
    assert.equal(hub.realtime.sessions.size, 1);
  });

  it('R5.6 a stream that cannot speak is not closed for its silence', async () => {
    const hub = new Hub();
    const { connection } = hub.client(new FakeConnection(undefined, 'sse'));
    await hub.clock.pass(200_000);
    assert.equal(connection.closed, undefined);
    assert.ok(connection.pings > 5);
  });

  it('R5.7 is closed when it takes no byte for too long', async () => {
    const hub = new Hub();
    const { connection, session } = hub.client(new FakeConnection(undefined, 'sse'));
    connection.stopReading();
    session.tell('something', {});
    await hub.tick();
    await hub.clock.pass(59_000);
    assert.equal(connection.closed, undefined);
    await hub.clock.pass(60_000);
    assert.equal(connection.closed, 'stuck');
    assert.equal(connection.terminated, true);
  });

  it('R5.7 is not closed as long as it takes bytes, however much keeps coming', async () => {
    const hub = new Hub();
    const { connection, session } = hub.client(new FakeConnection(undefined, 'sse'));
    connection.stopReading();
    for (let seconds = 0; seconds < 300; seconds += 5) {
      session.tell('something', { text: 'x'.repeat(1_100) });
      await hub.tick();
      connection.take(1_000);
      await hub.clock.pass(5_000);
    }
    assert.equal(connection.closed, undefined);
  });

  it('R5.9 everyone is told when to come back, each another time, before they are closed', async () => {
    let random = 0;
    const hub = new Hub({ random: () => (random += 0.1) });
    const clients = [hub.client(), hub.client(), hub.client()];
    const ends: string[] = [];
    hub.realtime.on('end', (_session, reason) => ends.push(reason));
    hub.realtime.drain(1_000);
    assert.equal(hub.realtime.draining, true);
    assert.deepEqual(
      clients.map(({ connection }) => connection.heard),
      [100, 200, 300].map((reconnectIn) => [{ event: 'drain', data: { reconnectIn } }]),
    );
    for (const { connection } of clients) assert.equal(connection.closed, 'draining');
    assert.deepEqual(ends, ['draining', 'draining', 'draining']);
    await hub.tick();
  });

  it('says nothing after it ended, whatever is still under way', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    let answer = (): void => {};
    session.on('late', (_data, reply) => new Promise<void>((resolve) => (answer = () => resolve(reply({})))));
    hub.realtime.receive(session, { event: 'late', data: {}, id: 1 });
    await hub.tick();
    session.close('sessionEnded');
    session.close('normal');
    answer();
    session.tell('more', {});
    session.emit('more', {});
    hub.realtime.emit('all', {});
    hub.realtime.receive(session, { event: 'late', data: {}, id: 2 });
    await hub.tick();
    assert.deepEqual(connection.writes, []);
    assert.equal(connection.closed, 'sessionEnded');
    assert.deepEqual(hub.errors, []);
  });

  it('P4 is closed, to come back and resume, when the log it reads on from fails', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    await hub.follow(log, 0);
    for (let i = 0; i < 2_000; i++) hub.realtime.topic('topic').offer(log.change());
    await hub.tick();
    const client = hub.client();
    log.failure = new Error('disk');
    await hub.follow(log, 0, client);
    await hub.tick();
    assert.equal(client.connection.closed, 'goingAway');
    assert.deepEqual(hub.errors, [log.failure]);
  });

  it('joining twice is joining once; leaving what was not joined is nothing', async () => {
    const hub = new Hub();
    const { session, connection } = hub.client();
    assert.equal(session.join('a'), session.join('a'));
    session.leave('b');
    hub.realtime.to('a').emit('hi', {});
    await hub.tick();
    assert.equal(connection.heard.length, 1);
  });
});
