import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageEvent } from '@suda/protocol';
import fc from 'fast-check';
import type { Page } from '../links/link.ts';
import { FakeRoom, userOf } from '../testing/fake-chat.ts';
import { applyEvent, applyPage, beginLoad, emptyLog, endOf, type HistoryPage, mergePage, type Place, type RoomLog } from './log.ts';

const jun = userOf('Jun');

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('say' as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constantFrom('edit' as const, 'delete' as const), which: fc.nat(999) }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('deliver' as const), which: fc.nat(3), keep: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('lose' as const), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('ask' as const, 'answer' as const, 'catch up' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('load' as const),
      place: fc.constantFrom<Place>('older', 'newer', 'there'),
      which: fc.nat(999),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('loaded' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('reset' as const, 'restore' as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A client's log and a server's room with an unreliable way between them. */
class Simulation {
  readonly room = new FakeRoom('hall');
  log: RoomLog = emptyLog;
  epochs = 1;
  /** Events under way. */
  events: MessageEvent[] = [];
  answer: Page | undefined;
  loading: { readonly page: HistoryPage; readonly place: Place } | undefined;
  readonly fresh = new Map<number, number>();
  /** The log at the moment before. */
  before: RoomLog = emptyLog;

  constructor(messages: number) {
    this.room.pageSize = 5;
    this.room.resumeChanges = 30;
    for (let n = 0; n < messages; n++) this.room.say(jun, { text: `m${n}` });
    this.log = applyPage(this.log, this.room.open(jun.id)).log;
    this.room.listeners.add((event) => this.events.push(event));
  }

  #take(event: MessageEvent): void {
    const { log, news, gap } = applyEvent(this.log, event);
    this.log = log;
    this.#count(news);
    if (gap) this.answer = this.room.open(jun.id, this.log.cursor ?? undefined);
  }

  #count(news: ReturnType<typeof applyEvent>['news']): void {
    for (const { message, fresh } of news) if (fresh) this.fresh.set(message.pos, (this.fresh.get(message.pos) ?? 0) + 1);
  }

  #page(page: Page): void {
    const { log, gap, news } = applyPage(this.log, page);
    if ('reset' in page && log !== this.log) {
      this.fresh.clear();
      this.before = emptyLog;
    }
    this.log = log;
    this.#count(news);
    if (gap) this.#page(this.room.open(jun.id));
  }

  /** The server writes what was missed to the stream, saying `after`: R4.2. */
  catchUp(): void {
    const { cursor } = this.log;
    if (cursor?.epoch !== this.room.epoch) return;
    let after = cursor.rev;
    for (const change of this.room.since(cursor.rev)) {
      this.#take({ ...change, after });
      after = change.rev;
      this.check();
    }
  }

  run(step: Step): void {
    const { room } = this;
    const some = 'which' in step ? (step.which % Math.max(1, room.messages.length)) + 1 : 1;
    switch (step.type) {
      case 'say':
        room.say(jun, { text: 'new' });
        break;
      case 'edit':
      case 'delete':
        if (room.messages.length > 0) room[step.type](some, `edited at ${room.head}`);
        break;
      case 'deliver': {
        const event = this.events[step.which];
        if (!event) break;
        if (!step.keep) this.events.splice(step.which, 1);
        this.#take(event);
        break;
      }
      case 'lose':
        this.events.splice(step.which, 1);
        break;
      case 'ask':
        this.answer = room.open(jun.id, this.log.cursor ?? undefined);
        break;
      case 'answer':
        if (this.answer) this.#page(this.answer);
        this.answer = undefined;
        break;
      case 'catch up':
        this.catchUp();
        break;
      case 'load': {
        if (this.loading) break;
        this.log = beginLoad(this.log);
        const before = this.log.messages[0]?.pos ?? this.log.base + 1;
        const input = step.place === 'older' ? { before } : step.place === 'newer' ? { after: endOf(this.log) } : { around: some };
        this.loading = { page: room.page({ ...input, limit: 5 }), place: step.place };
        break;
      }
      case 'loaded':
        if (this.loading) this.log = mergePage(this.log, this.loading.page, this.loading.place) ?? { ...this.log, load: null };
        this.loading = undefined;
        break;
      case 'reset':
        this.#page({ ...room.open(jun.id) });
        break;
      case 'restore':
        // What was under way is of the old life; the connections of that server are gone.
        this.events = [];
        this.answer = undefined;
        room.restore(`e${++this.epochs}`, Math.floor(room.messages.length / 2));
        this.#page(room.open(jun.id, this.log.cursor ?? undefined));
        break;
    }
    this.check();
  }

  /** What must hold at every moment. */
  check(): void {
    const { log, room } = this;
    const first = log.messages[0]?.pos ?? 1;
    log.messages.forEach((message, index) => {
      assert.equal(message.pos, first + index, 'no hole and no double');
      const now = room.messages[message.pos - 1];
      assert.ok(now && message.rev <= now.rev, 'nothing that the server does not have');
      if (now.rev <= (log.cursor?.rev ?? 0)) assert.deepEqual(message, now, 'as of the cursor, or newer');
    });
    if (this.before.cursor?.epoch === log.cursor?.epoch) {
      assert.ok((this.before.cursor?.rev ?? 0) <= (log.cursor?.rev ?? 0), 'the cursor never goes back');
      for (const old of this.before.messages) {
        const now = log.messages[old.pos - first];
        if (now) assert.ok(old.rev <= now.rev, 'a message never takes an older form');
      }
    }
    this.before = log;
    for (const [pos, times] of this.fresh) assert.equal(times, 1, `${pos} is new only once`);
  }
}

test('P4 whatever is lost, doubled, late or out of order: the window is the log', () => {
  const property = fc.property(fc.nat(30), fc.array(step, { maxLength: 150, size: 'max' }), fc.boolean(), (messages, steps, byStream) => {
    const simulation = new Simulation(messages);
    for (const step of steps) simulation.run(step);
    if (simulation.loading) simulation.run({ type: 'loaded' });
    if (byStream) simulation.catchUp();
    simulation.run({ type: 'ask' });
    simulation.run({ type: 'answer' });
    const { log, room } = simulation;
    assert.deepEqual(log.cursor, { epoch: room.epoch, rev: room.head });
    const first = log.messages[0]?.pos ?? 1;
    assert.deepEqual(log.messages, room.messages.slice(first - 1, first - 1 + log.messages.length));
    assert.deepEqual(log.ahead, []);
    assert.deepEqual(log.missing, []);
    if (log.following) assert.equal(log.messages.at(-1)?.pos ?? room.messages.length, room.messages.length);
  });
  const seed = Number(process.env.SEED ?? Date.now());
  console.log(`seed ${seed}`);
  fc.assert(property, { numRuns: Number(process.env.RUNS ?? 1_000), seed });
});
