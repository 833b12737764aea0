import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HIGH_WATER } from './session.ts';
import { countingEncoding, FakeConnection } from './testing/fake-connection.ts';
import { FakeLog, Reader } from './testing/fake-log.ts';
import { Hub } from './testing/hub.ts';

const kilobyte = 'x'.repeat(1024);
const seqs = (connection: FakeConnection): unknown[] => connection.heard.map(({ data }) => data.rev);

describe('a topic', () => {
  it('P6 what is said in one tick leaves in one write, encoded once for each encoding', async () => {
    const hub = new Hub();
    const [one, other] = [countingEncoding('one'), countingEncoding('other')];
    const connections = [one, one, one, other].map((encoding) => new FakeConnection(encoding));
    const log = new FakeLog();
    for (const connection of connections) await hub.follow(log, 0, hub.client(connection));
    for (let i = 0; i < 10; i++) hub.realtime.topic('topic').offer(log.change());
    hub.realtime.to('topic').emit('typing', { who: 'mina' });
    await hub.tick();
    for (const connection of connections) {
      assert.equal(connection.writes.length, 1);
      assert.equal(connection.heard.length, 11);
    }
    assert.deepEqual([one.encoded, other.encoded], [11, 11]);
  });

  it('P6 several topics of one tick leave in one write, in the order in which each was said', async () => {
    const hub = new Hub();
    const { connection, session } = hub.client();
    const logs = [new FakeLog(), new FakeLog()] as const;
    await hub.follow(logs[0], 0, { connection, session }, 'a');
    await hub.follow(logs[1], 0, { connection, session }, 'b');
    for (const name of ['a', 'b', 'a'] as const) hub.realtime.topic(name).offer(logs[name === 'a' ? 0 : 1].change());
    session.reply(7, { ok: true });
    await hub.tick();
    assert.equal(connection.writes.length, 1);
    assert.equal(connection.heard.length, 4);
  });

  it('P4 a hint that comes too early makes it read what is between', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const client = hub.client();
    const { topic } = await hub.follow(log, 0, client);
    const entries = [1, 2, 3, 4, 5].map(() => log.change());
    for (const i of [0, 1, 4]) topic.offer(entries[i] ?? assert.fail());
    await hub.tick();
    await hub.tick();
    assert.deepEqual(seqs(client.connection), [1, 2, 3, 4, 5]);
    assert.deepEqual(log.reads.slice(-1), [2]);
  });

  it('P4 doubled, late and reordered hints change nothing', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const client = hub.client();
    const { topic } = await hub.follow(log, 0, client);
    const entries = Array.from({ length: 6 }, () => log.change());
    for (const i of [0, 0, 2, 1, 5, 3, 4, 5, 0]) {
      topic.offer(entries[i] ?? assert.fail());
      if (i === 5) await hub.tick();
    }
    await hub.tick();
    assert.deepEqual(seqs(client.connection), [1, 2, 3, 4, 5, 6]);
  });

  it('P4 a log that cannot be read for a moment loses nothing: the next hint repairs it', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const client = hub.client();
    const { topic } = await hub.follow(log, 0, client);
    log.change();
    log.failure = new Error('disk');
    topic.offer(log.change());
    await hub.tick();
    assert.deepEqual(hub.errors, [log.failure]);
    log.failure = undefined;
    topic.offer(log.change());
    await hub.tick();
    await hub.tick();
    assert.deepEqual(seqs(client.connection), [1, 2, 3]);
  });

  it('R4.4 nothing is lost or doubled between hold, read and start', async () => {
    for (const during of ['before the read', 'while it is read', 'before the start'] as const) {
      const hub = new Hub();
      const log = new FakeLog();
      for (let i = 0; i < 3; i++) log.change();
      const client = hub.client();
      const subscription = client.session.join('topic', log);
      const say = () => subscription.topic.offer(log.change());
      if (during === 'before the read') say();
      log.hold();
      const ready = subscription.topic.ready();
      await hub.tick();
      if (during === 'while it is read') say();
      log.release();
      await ready;
      const page = (await log.read(0, 100)) ?? assert.fail();
      if (during === 'before the start') say();
      await hub.tick();
      assert.deepEqual(client.connection.heard, []);
      subscription.start(page.head);
      say();
      await hub.tick();
      await hub.tick();
      const got = [...page.entries.map(({ seq }) => seq), ...seqs(client.connection)];
      assert.deepEqual(got, [1, 2, 3, 4, 5], during);
    }
  });

  it('R4.2 one who missed much gets each key once, in its last form, saying what it follows', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    for (const key of [1, 2, 1, 3, 2]) log.change(key);
    const client = hub.client();
    await hub.follow(log, 0, client);
    assert.deepEqual(client.connection.heard, [
      { event: 'fresh', data: { key: 1, rev: 3, after: 0 } },
      { event: 'fresh', data: { key: 3, rev: 4 } },
      { event: 'fresh', data: { key: 2, rev: 5 } },
    ]);
  });

  it('R4.1 what is new to a reader is called new, also where it was changed while they were away', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    log.change(1);
    const client = hub.client();
    for (const key of [2, 3, 2, 1]) log.change(key);
    await hub.follow(log, 1, client);
    assert.deepEqual(
      client.connection.heard.map(({ event, data }) => [event, data.key]),
      [
        ['fresh', 3],
        ['fresh', 2],
        ['changed', 1],
      ],
    );
  });

  it('P6 a tail that was trimmed sends those who are further behind to the log, and they get everything', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const { topic } = await hub.follow(log, 0);
    for (let i = 0; i < 3_000; i++) topic.offer(log.change());
    await hub.tick();
    assert.equal(topic.since(0), undefined);
    assert.equal(topic.since(2_900)?.length, 100);
    const reads = log.reads.length;
    const [near, far] = [hub.client(), hub.client()];
    await hub.follow(log, 2_900, near);
    assert.equal(log.reads.length, reads);
    await hub.follow(log, 0, far);
    await hub.tick();
    assert.ok(log.reads.length > reads);
    assert.deepEqual(
      seqs(near.connection),
      Array.from({ length: 100 }, (_, i) => 2_901 + i),
    );
    assert.deepEqual(
      seqs(far.connection),
      Array.from({ length: 3_000 }, (_, i) => i + 1),
    );
  });

  it('P6 ten thousand who come back at once read the log once', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    for (let i = 0; i < 100; i++) log.change();
    const name = 'topic';
    await Promise.all(
      Array.from({ length: 10_000 }, async () => {
        const subscription = hub.client().session.join(name, log);
        await subscription.topic.ready();
        subscription.start(90);
      }),
    );
    while (hub.clock.isBusy) await hub.tick();
    assert.ok(log.reads.length <= 2, `${log.reads.length} reads`);
    for (const { buffered } of hub.realtime.sessions.values()) assert.equal(buffered, 0);
  });

  it('P6 a slow reader holds nobody up, costs a bounded number of bytes, and misses nothing', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const [slow, quick] = [hub.client(), hub.client()];
    const { topic } = await hub.follow(log, 0, slow);
    await hub.follow(log, 0, quick);
    slow.connection.stopReading();
    for (let i = 0; i < 2_000; i++) {
      topic.offer(log.change(undefined, kilobyte));
      if (i % 10 === 9) await hub.tick();
    }
    assert.equal(quick.connection.heard.length, 2_000);
    assert.ok(slow.connection.most < HIGH_WATER + 64 * 1024, `${slow.connection.most} bytes`);
    const before = slow.connection.heard.length;
    assert.ok(before < 400);
    // It reads a little: what has left this process is not pushed again until all of it has.
    slow.connection.take(100 * 1024);
    await hub.tick();
    assert.equal(slow.connection.heard.length, before);
    slow.connection.read();
    for (let i = 0; i < 50 && slow.connection.heard.length < 2_000; i++) await hub.tick();
    const reader = new Reader(0);
    for (const heard of slow.connection.heard) reader.hear(heard);
    assert.equal(reader.cursor, 2_000);
    assert.equal(reader.forms.size, 2_000);
    topic.offer(log.change());
    await hub.tick();
    assert.equal(seqs(slow.connection).at(-1), 2_001);
  });

  it('P6 who stays slow gets everything in portions, never more than the bound at once', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    for (let i = 0; i < 1_500; i++) log.change(undefined, kilobyte);
    const slow = hub.client();
    slow.connection.stopReading();
    await hub.follow(log, 0, slow);
    for (let i = 0; i < 500 && slow.connection.heard.length < 1_500; i++) {
      slow.connection.take(50 * 1024);
      await hub.tick();
    }
    assert.deepEqual(
      seqs(slow.connection),
      Array.from({ length: 1_500 }, (_, i) => i + 1),
    );
    assert.ok(slow.connection.most < HIGH_WATER + 64 * 1024, `${slow.connection.most} bytes`);
  });

  it('P6 what is only said is dropped for one who is behind, and for nobody else', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const [slow, quick] = [hub.client(), hub.client()];
    await hub.follow(log, 0, slow);
    await hub.follow(log, 0, quick);
    slow.connection.stopReading();
    slow.session.reply(1, { text: 'x'.repeat(HIGH_WATER) });
    await hub.tick();
    const before = slow.connection.heard.length;
    hub.realtime.to('topic').emit('typing', {});
    hub.realtime.emit('news', {});
    slow.session.emit('personal', {});
    slow.session.tell('farewell', {});
    await hub.tick();
    assert.deepEqual(
      slow.connection.heard.slice(before).map(({ event }) => event),
      ['farewell'],
    );
    assert.deepEqual(
      quick.connection.heard.map(({ event }) => event),
      ['news', 'typing'],
    );
    slow.connection.read();
    await hub.tick();
    hub.realtime.to('topic').emit('typing', {});
    await hub.tick();
    assert.equal(slow.connection.heard.at(-1)?.event, 'typing');
  });

  it('P7 who leaves hears nothing more, not even of the same tick', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const [one, two] = [hub.client(), hub.client()];
    const { topic } = await hub.follow(log, 0, one);
    await hub.follow(log, 0, two);
    topic.offer(log.change());
    hub.realtime.to('topic').emit('typing', {});
    one.session.leave('topic');
    await hub.tick();
    topic.offer(log.change());
    await hub.tick();
    assert.deepEqual(one.connection.heard, []);
    assert.equal(two.connection.heard.length, 3);
  });

  it('P7 who leaves while the log is read for them hears nothing of it', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    await hub.follow(log, 0);
    for (let i = 0; i < 2_000; i++) hub.realtime.topic('topic').offer(log.change());
    await hub.tick();
    const client = hub.client();
    const subscription = client.session.join('topic', log);
    log.hold();
    subscription.start(0);
    await hub.tick();
    client.session.leave('topic');
    log.release();
    await hub.tick();
    await hub.tick();
    assert.deepEqual(client.connection.heard, []);
    assert.equal(subscription.ended, true);
  });

  it('is forgotten when nobody listens any more', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const client = hub.client();
    await hub.follow(log, 0, client);
    assert.ok(hub.realtime.active('topic'));
    client.session.end('gone');
    assert.equal(hub.realtime.active('topic'), undefined);
  });

  it('takes in nobody whose connection is gone', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    const client = hub.client();
    client.session.end('gone');
    const subscription = client.session.join('topic', log);
    assert.equal(subscription.ended, true);
    assert.equal(hub.realtime.active('topic'), undefined);
  });

  it('whose log is gone lets its readers go', async () => {
    const hub = new Hub();
    const log = new FakeLog();
    log.gone = true;
    assert.equal(await hub.client().session.join('topic', log).topic.ready(), false);
  });

  it('says to everyone but the one that is left out', async () => {
    const hub = new Hub();
    const [a, b, c] = [hub.client(), hub.client(), hub.client()];
    a.session.join('room');
    b.session.join('room');
    hub.realtime.to('room').emit('hi', { n: 1 }, a.session.id);
    hub.realtime.emit('all', { n: 2 }, b.session.id);
    hub.realtime.to('nowhere').emit('hi', {});
    await hub.tick();
    const names = ({ connection }: typeof a) => connection.heard.map(({ event }) => event).sort();
    assert.deepEqual([names(a), names(b), names(c)], [['all'], ['hi'], ['all']]);
  });
});
