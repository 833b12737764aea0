import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SudaError } from '@suda/protocol/errors';
import fc from 'fast-check';
import { createSuda } from './suda.ts';
import { FakeChat, userOf } from './testing/fake-chat.ts';
import { FakeClock, seeded } from './testing/fake-clock.ts';
import { FakeNetwork } from './testing/fake-network.ts';
import { sharedStore } from './testing/shared-store.ts';
import type { OutboxStore, RoomState, Suda, TransportName } from './types.ts';

const client = fc.nat(2);
const room = fc.constantFrom('hall', 'garden');
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('say' as const), client, room }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('edit' as const, 'delete' as const), client, room, which: fc.nat(999) }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(4_000) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom('cut' as const, 'down' as const, 'silent' as const, 'lossy' as const, 'no websockets' as const),
      ms: fc.nat(20_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('reload' as const, 'wake' as const, 'toggle' as const), client, room }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('older' as const, 'around' as const, 'latest' as const), client, room }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('busy' as const), ms: fc.nat(5_000) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const names = ['Mina', 'Mina', 'Jun'] as const;
const rooms = ['hall', 'garden'] as const;

interface Page {
  suda: Suda;
  releases: Map<string, () => void>;
  /** Of each room: the poses that were told as new, since the last reset. */
  heard: Map<string, number[]>;
}

class World {
  readonly clock = new FakeClock();
  readonly chat = new FakeChat();
  readonly network = new FakeNetwork(this.chat, this.clock);
  readonly transports: readonly TransportName[];
  readonly stores: OutboxStore[];
  readonly pages: Page[];
  readonly said = new Map<string, { readonly page: number; readonly room: string }>();
  readonly unowned: string[] = [];
  readonly failures: unknown[] = [];
  seed: number;

  constructor(seed: number, transports: readonly TransportName[]) {
    this.seed = seed;
    this.transports = transports;
    for (const name of names) this.chat.users.set(`token-${name}`, userOf(name));
    for (const id of rooms) {
      const room = this.chat.room(id);
      room.resumeChanges = 40;
      room.pageSize = 20;
      for (const name of names) room.join(userOf(name));
    }
    this.network.jitter = seeded(seed);
    const minas = sharedStore();
    this.stores = [minas, minas, sharedStore()];
    this.pages = names.map((_, index) => this.open(index));
  }

  open(index: number): Page {
    const suda = createSuda({
      url: 'http://suda.test',
      token: `token-${names[index]}`,
      clock: this.clock,
      random: seeded(++this.seed),
      dial: this.network.dialers,
      transports: this.transports,
      ...(this.stores[index] ? { outbox: this.stores[index] } : {}),
    });
    const page: Page = { suda, releases: new Map(), heard: new Map() };
    suda.on('message', ({ room, pos }) => page.heard.set(room, [...(page.heard.get(room) ?? []), pos]));
    suda.on('reset', ({ room }) => page.heard.delete(room.id));
    for (const id of rooms) {
      page.releases.set(id, suda.room(id).open());
      suda.room(id).subscribe((state) => this.look(state));
    }
    suda.connect();
    return page;
  }

  look(state: RoomState): void {
    try {
      check(state);
    } catch (reason) {
      this.failures.push(reason);
    }
  }

  async run(step: Step): Promise<void> {
    const { network, clock, chat } = this;
    const index = 'client' in step ? step.client : 0;
    const page = this.pages[index];
    if (!page) return;
    const handle = page.suda.room('room' in step ? step.room : 'hall');
    const until = (undo: () => void): void => void ('ms' in step && clock.after(step.ms, undo));
    const ignore = (work: Promise<unknown>): void => void work.catch(() => {});
    switch (step.type) {
      case 'say':
        this.said.set(handle.send('hi'), { page: index, room: handle.id });
        break;
      case 'edit':
      case 'delete': {
        const server = chat.room(step.room);
        if (server.messages.length === 0) break;
        server[step.type]((step.which % server.messages.length) + 1, `edited at ${server.head}`);
        break;
      }
      case 'pass':
        await clock.advance(step.ms);
        break;
      case 'cut':
        network.cut();
        break;
      case 'down':
        network.down = true;
        network.cut();
        until(() => {
          network.down = false;
        });
        break;
      case 'silent':
        network.silent = true;
        until(() => {
          // What was on the way is lost, and with it these connections: TCP would not have gone on.
          network.cut();
          network.silent = false;
        });
        break;
      case 'lossy': {
        const random = seeded(++this.seed);
        network.loses = (event) => event !== 'reply' && random() < 0.3;
        until(() => {
          network.loses = () => false;
          network.cut();
        });
        break;
      }
      case 'no websockets':
        network.noWebSockets = true;
        network.cut();
        until(() => {
          network.noWebSockets = false;
        });
        break;
      case 'busy':
        chat.guard = (command) => {
          if (command !== 'hello' && command !== 'ping') throw new SudaError('rate_limited', undefined, 400);
        };
        until(() => {
          chat.guard = () => {};
        });
        break;
      case 'reload':
        await clock.advance(0);
        // What is said before it is known by whom, is kept in memory only.
        if (!page.suda.me.get()) for (const [id, entry] of this.said) if (entry.page === index) this.unowned.push(id);
        page.suda.close();
        this.pages[index] = this.open(index);
        break;
      case 'wake':
        page.suda.wake();
        break;
      case 'toggle': {
        const release = page.releases.get(step.room);
        if (release) page.releases.delete(step.room);
        else page.releases.set(step.room, handle.open());
        release?.();
        break;
      }
      case 'older':
        ignore(handle.loadOlder(7));
        break;
      case 'around':
        ignore(handle.loadAround(1 + Math.floor(handle.get().messages.length / 2)));
        break;
      case 'latest':
        ignore(handle.toLatest());
        break;
    }
  }
}

/** What must hold in every state that a room ever shows. */
function check({ messages, outbox, atLatest, cursor }: RoomState): void {
  messages.forEach((message, index) => {
    assert.equal(message.pos, (messages[0]?.pos ?? 0) + index, 'one contiguous window');
  });
  const shown = new Set(messages.map(({ clientId }) => clientId));
  for (const { clientId } of outbox) assert.ok(!shown.has(clientId), 'a message is not shown twice');
  assert.ok(cursor !== null || (messages.length === 0 && atLatest));
}

for (const transports of [['websocket'], ['sse'], ['polling'], ['websocket', 'sse', 'polling']] as const) {
  test(`P2 P3 P4 over ${transports.join(', ')}: whatever the network does, everyone ends with the same log, each message once`, async () => {
    const property = fc.asyncProperty(fc.nat(1_000_000), fc.array(step, { maxLength: 60, size: 'max' }), async (seed, steps) => {
      const world = new World(seed, transports);
      const { clock, network, chat, pages, said } = world;
      await clock.advance(200);
      for (const step of steps) await world.run(step);
      await clock.advance(25_000);
      for (const { suda, releases } of pages) for (const id of rooms) if (!releases.has(id)) releases.set(id, suda.room(id).open());
      await clock.advance(180_000);
      if (world.failures.length > 0) throw world.failures[0];
      for (const id of rooms) {
        const server = chat.room(id);
        const ids = server.messages.map(({ clientId }) => clientId ?? '');
        assert.equal(new Set(ids).size, ids.length, 'P2 once');
        for (const [clientId, { room }] of said)
          if (room === id && !world.unowned.includes(clientId)) assert.ok(ids.includes(clientId), 'everything said is there');
        for (const page of [0, 1, 2]) {
          const mine = [...said].filter(([, entry]) => entry.page === page && entry.room === id).map(([clientId]) => clientId);
          assert.deepEqual(
            ids.filter((clientId) => mine.includes(clientId)),
            mine.filter((clientId) => ids.includes(clientId)),
            'P3 in the order in which it was said',
          );
        }
        for (const { suda, heard } of pages) {
          const state = suda.room(id).get();
          assert.equal(suda.connection.get().state, 'online');
          assert.equal(state.status, 'live');
          assert.deepEqual(state.cursor, { epoch: 'e1', rev: server.head });
          const first = state.messages[0]?.pos ?? 1;
          assert.deepEqual(state.messages, server.messages.slice(first - 1, first - 1 + state.messages.length), 'P4 the log');
          if (state.atLatest) assert.equal(state.messages.at(-1)?.pos ?? 0, server.messages.length);
          assert.deepEqual(state.outbox, []);
          assert.equal(suda.rooms.get().find((room) => room.id === id)?.pos, server.messages.length);
          const told = heard.get(id) ?? [];
          assert.equal(new Set(told).size, told.length, 'told once');
        }
      }
      for (const { suda } of pages) suda.close();
      await clock.advance(30_000);
      assert.equal(clock.pending, 0, 'nothing stays behind');
      assert.equal(network.lines.size, 0);
    });
    const seed = Number(process.env.SEED ?? Date.now());
    console.log(`seed ${seed}`);
    await fc.assert(property, { seed, numRuns: Number(process.env.RUNS ?? 25) });
  });
}
