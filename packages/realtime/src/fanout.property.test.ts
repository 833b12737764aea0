import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LogEntry } from './log.ts';
import { HIGH_WATER } from './session.ts';
import { FakeConnection } from './testing/fake-connection.ts';
import { FakeLog, Reader } from './testing/fake-log.ts';
import { type Client, Hub } from './testing/hub.ts';

const seed = Number(process.env.SEED ?? Date.now() % 2 ** 31);

/** What a step of the test does: one of these, with a number to choose by. */
const step = fc.record(
  {
    what: fc.constantFrom(
      'new',
      'new',
      'new',
      'again',
      'again',
      'burst',
      'lose',
      'delay',
      'double',
      'join',
      'join',
      'leave',
      'restart',
      'slow',
      'read',
      'take',
      'hold',
      'release',
      'say',
      'tick',
      'tick',
      'tick',
    ),
    by: fc.nat({ max: 1_000 }),
  },
  { noNullPrototype: true },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What went wrong once. */
const failedOnce: readonly (readonly [what: Step['what'], by?: number][])[] = [
  // A hint that came just when a filling read had seen its last one was nobody's.
  [['hold'], ['delay'], ['new'], ['lose'], ['tick'], ['say'], ['restart'], ['read'], ['slow']],
  // Late hints that were passed on during a filling read came again with it.
  [['delay'], ['hold'], ['new'], ['double'], ['new'], ['lose']],
];

interface Follower {
  readonly client: Client;
  /** Where this reader began, and everything they heard since. */
  start: number;
  skip: number;
}

class Play {
  readonly hub = new Hub();
  readonly log = new FakeLog();
  readonly followers: Follower[] = [];
  late: LogEntry[] = [];
  readonly joining: Promise<void>[] = [];
  /** Bytes said since the last tick, and in the fullest one. A tick is written whole, to everyone the same bytes. */
  #said = 0;
  #most = 0;

  offer(entry: LogEntry): void {
    this.#said += entry.json.length + 64;
    this.#most = Math.max(this.#most, this.#said);
    this.hub.realtime.active('topic')?.offer(entry);
  }

  async tick(): Promise<void> {
    await this.hub.tick();
    this.#said = 0;
  }

  change(by: number, key?: number): LogEntry {
    return this.log.change(key, 'x'.repeat(by * 20));
  }

  join(by: number): void {
    const client = this.hub.client(new FakeConnection());
    const start = by % (this.log.head + 1);
    this.joining.push(
      (async () => {
        const subscription = client.session.join('topic', this.log);
        assert.equal(await subscription.topic.ready(), true);
        if (!subscription.ended) {
          this.followers.push({ client, start, skip: 0 });
          subscription.start(start);
        }
      })(),
    );
  }

  async play({ what, by }: Step): Promise<void> {
    const one = this.followers[by % Math.max(1, this.followers.length)];
    switch (what) {
      case 'new':
        return this.offer(this.change(by));
      case 'again':
        return this.offer(this.change(by, 1 + (by % (this.log.head + 1))));
      case 'burst':
        for (let i = 0; i < 300; i++) this.offer(this.change(20));
        return;
      case 'lose':
        this.change(by);
        return;
      case 'delay':
        this.late.push(this.change(by));
        return;
      case 'double':
        for (const entry of this.late.splice(0)) this.offer(entry);
        for (const entry of this.log.state.slice(-3)) this.offer(entry);
        return;
      case 'join':
        return this.join(by);
      case 'leave':
        if (one && this.followers.length > 1) this.followers.splice(this.followers.indexOf(one), 1)[0]?.client.session.end('left');
        return;
      case 'restart': {
        // Opens again from where it is, as a client does that found something missing.
        const subscription = one?.client.session.subscriptions.get('topic');
        if (one === undefined || subscription === undefined) return;
        subscription.hold();
        await this.tick();
        one.skip = one.client.connection.heard.length;
        one.start = by % (this.log.head + 1);
        subscription.start(one.start);
        return;
      }
      case 'slow':
        return one?.client.connection.stopReading();
      case 'read':
        return one?.client.connection.read();
      case 'take':
        return one?.client.connection.take(by * 100);
      case 'hold':
        return this.log.hold();
      case 'release':
        return this.log.release();
      case 'say':
        return this.hub.realtime.to('topic').emit('typing', {});
      case 'tick':
        return this.tick();
    }
  }

  /** Everyone reads, every hint that was late comes, and all of it has come about. */
  async settle(): Promise<void> {
    this.log.release();
    await Promise.all(this.joining);
    for (const entry of this.late) this.offer(entry);
    this.offer(this.change(1));
    const behind = ({ client }: Follower) => client.session.subscriptions.get('topic')?.cursor !== this.log.head;
    for (let i = 0; i < 200 && (i < 3 || this.followers.some(behind)); i++) {
      for (const { client } of this.followers) client.connection.read();
      await this.tick();
    }
  }

  check(): void {
    assert.deepEqual(this.hub.errors, []);
    for (const { client, start, skip } of this.followers) {
      const { connection } = client;
      assert.ok(connection.most < HIGH_WATER + this.#most + 64 * 1024, `${connection.most} bytes waited`);
      const reader = new Reader(start);
      for (const heard of connection.heard.slice(skip)) reader.hear(heard);
      assert.equal(reader.cursor, this.log.head);
      for (const { key, seq, first } of this.log.state) {
        assert.equal(reader.forms.get(Number(key)), seq > start ? seq : undefined, `key ${key} of one who began at ${start}`);
        assert.equal(reader.fresh.includes(Number(key)), first > start, `key ${key} first came at ${first}`);
      }
    }
  }
}

describe(`fan-out (SEED=${seed})`, () => {
  it('P4 P6 R4.2 whatever happens, everyone ends with every key in its last form, by a chain without a gap', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const play = new Play();
        play.join(0);
        await play.hub.tick();
        for (const each of steps) await play.play(each);
        await play.settle();
        play.check();
      }),
      { seed, numRuns: 1_000, examples: failedOnce.map((steps) => [steps.map(([what, by = 0]) => ({ what, by }))]) },
    );
  });
});
