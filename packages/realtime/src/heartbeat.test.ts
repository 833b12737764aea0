import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from './clock.ts';
import { HIGH_WATER, type Session } from './session.ts';
import { FakeConnection } from './testing/fake-connection.ts';
import { Hub } from './testing/hub.ts';

/** Remembers when it was pinged; answers if it is let. */
class Pinged extends FakeConnection {
  readonly at: number[] = [];
  readonly #hub: Hub;
  session: Session | undefined;

  constructor(hub: Hub) {
    super();
    this.#hub = hub;
  }

  override ping(): void {
    super.ping();
    this.at.push(this.#hub.clock.now());
    if (this.session) this.session.heardAt = this.#hub.clock.now();
  }
}

const enter = (hub: Hub): Pinged => {
  const connection = new Pinged(hub);
  connection.session = hub.client(connection).session;
  return connection;
};

describe('the heartbeat', () => {
  it('R5.6 however many come and go, those who stay are pinged every 25 s, and stay', async () => {
    const hub = new Hub();
    const staying: Pinged[] = [];
    const passing: Session[] = [];
    for (let i = 0; i < 23; i++) {
      staying.push(enter(hub));
      for (let j = 0; j < i % 4; j++) passing.push(hub.client().session);
    }
    for (let second = 0; second < 600; second++) {
      for (let i = 0; i < second % 5; i++) passing.push(hub.client().session);
      // The oldest, so that everyone moves to another place in the list.
      for (const session of passing.splice(0, (second * 7) % 6)) session.end('gone');
      await hub.clock.pass(1_000);
    }
    for (const { at, closed } of staying) {
      assert.equal(closed, undefined);
      assert.equal(at.length, 24);
      for (const [i, time] of at.slice(1).entries()) assert.equal(time - (at[i] ?? 0), 25_000);
    }
  });

  it('R5.6 who is silent is closed after 60 s, and no later than one step after, whoever comes and goes', async () => {
    const hub = new Hub();
    const start = hub.clock.now();
    const silent = Array.from({ length: 23 }, () => hub.client());
    const passing: Session[] = [];
    const ends = new Map<Session, number>();
    hub.realtime.on('end', (session) => ends.set(session, hub.clock.now() - start));
    for (let second = 0; second < 70; second++) {
      for (let i = 0; i < 3; i++) passing.push(hub.client().session);
      for (const session of passing.splice(0, second % 5)) session.end('gone');
      await hub.clock.pass(1_000);
    }
    for (const { session, connection } of silent) {
      assert.equal(connection.closed, 'heartbeat');
      const end = ends.get(session) ?? Number.POSITIVE_INFINITY;
      assert.ok(end >= 60_000 && end <= 62_500, `${end} ms`);
    }
  });

  it('R5.6 R5.7 a slow reader that keeps taking bytes is not closed as silent', async () => {
    const hub = new Hub();
    const { connection, session } = hub.client();
    connection.stopReading();
    // More than it may have: it is not read from either, so that no pong of its would be heard.
    session.tell('much', { text: 'x'.repeat(2 * HIGH_WATER) });
    await hub.tick();
    for (let second = 0; second < 300; second += 5) {
      connection.take(1_000);
      await hub.clock.pass(5_000);
    }
    assert.equal(connection.closed, undefined);
    // Less than the bound, so that it is read from: pings don't go out behind bytes that wait.
    const other = hub.client();
    other.connection.stopReading();
    other.session.tell('something', { text: 'x'.repeat(HIGH_WATER / 2) });
    await hub.tick();
    for (let second = 0; second < 120; second += 5) {
      other.connection.take(1_000);
      await hub.clock.pass(5_000);
    }
    assert.equal(other.connection.closed, undefined);
  });

  it('R5.6 who has taken everything at last has the whole time again to answer a ping', async () => {
    const hub = new Hub();
    const { connection, session } = hub.client();
    connection.stopReading();
    session.tell('much', { text: 'x'.repeat(2 * HIGH_WATER) });
    await hub.tick();
    for (let second = 0; second < 120; second += 5) {
      connection.take(1_000);
      await hub.clock.pass(5_000);
    }
    connection.read();
    await hub.clock.pass(50_000);
    assert.equal(connection.closed, undefined);
    assert.ok(connection.pings > 0);
    await hub.clock.pass(15_000);
    assert.equal(connection.closed, 'heartbeat');
  });

  it('P9 a wall clock that jumps makes nobody silent', (context) => {
    const before = systemClock.now();
    const wall = Date.now();
    context.mock.method(Date, 'now', () => wall + 3_600_000);
    assert.equal(Date.now() - wall, 3_600_000);
    assert.ok(systemClock.now() - before < 60_000);
    context.mock.method(Date, 'now', () => wall - 3_600_000);
    assert.ok(systemClock.now() >= before);
  });
});
