import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { SudaClientError, unavailable } from '../errors.ts';
import { FakeClock, seeded } from '../testing/fake-clock.ts';
import { sharedStore } from '../testing/shared-store.ts';
import type { StoredEntry } from '../types.ts';
import { createOutbox, type Outbox } from './outbox.ts';

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ type: fc.constant('say' as const), tab: fc.nat(1), room: fc.constantFrom('hall', 'garden') }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.nat(3_000) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom('break' as const, 'mend' as const, 'reload' as const), tab: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('discard' as const), tab: fc.nat(1), room: fc.constantFrom('hall', 'garden') }) },
);

/** What becomes of an attempt. */
const fates = ['ack', 'ack', 'ack', 'ack lost', 'lost', 'later', 'refused'] as const;

/** Two tabs of one user, a shared store, and a server that dedupes by clientId. */
class Simulation {
  readonly clock = new FakeClock();
  readonly store = sharedStore();
  readonly log = new Map<string, string[]>([
    ['hall', []],
    ['garden', []],
  ]);
  readonly refused = new Set<string>();
  readonly discarded = new Set<string>();
  readonly said: { readonly id: string; readonly room: string; readonly tab: number }[] = [];
  readonly random: () => number;
  readonly tabs: { outbox: Outbox; online: boolean }[];
  calm = false;
  seed: number;

  constructor(seed: number) {
    this.seed = seed;
    this.random = seeded(seed);
    this.tabs = [0, 1].map(() => ({ outbox: this.open(), online: false }));
  }

  open(): Outbox {
    const outbox = createOutbox({
      upload: async () => [],
      cancel: () => {},
      store: this.store,
      clock: this.clock,
      random: seeded(++this.seed),
      send: (entry) => this.send(entry),
      reached: () => true,
      changed: () => {},
    });
    outbox.setUser('mina');
    return outbox;
  }

  send({ clientId, room }: StoredEntry): Promise<{ pos: number; rev: number }> {
    const log = this.log.get(room) ?? [];
    const fate = this.calm ? 'ack' : (fates[Math.floor(this.random() * fates.length)] ?? 'ack');
    const known = log.includes(clientId);
    return new Promise((resolve, reject) => {
      this.clock.after(20, () => {
        if (fate === 'lost') reject(unavailable());
        else if (fate === 'later') reject(new SudaClientError({ code: 'rate_limited', message: '', retry: true, retryAfter: 300 }));
        else if (fate === 'refused' && !known) {
          this.refused.add(clientId);
          reject(new SudaClientError({ code: 'not_allowed', message: '', retry: false }));
        } else {
          if (!log.includes(clientId)) log.push(clientId);
          if (fate === 'ack lost') reject(unavailable());
          else resolve({ pos: log.indexOf(clientId) + 1, rev: log.indexOf(clientId) + 1 });
        }
      });
    });
  }

  async run(step: Step): Promise<void> {
    const tab = 'tab' in step ? this.tabs[step.tab] : undefined;
    if (step.type === 'pass') await this.clock.advance(step.ms);
    if (!tab) return;
    if (step.type === 'say') this.said.push({ id: tab.outbox.add(step.room, 'x', {}), room: step.room, tab: step.tab });
    if (step.type === 'break') {
      tab.online = false;
      tab.outbox.stop();
    }
    if (step.type === 'mend') {
      tab.online = true;
      tab.outbox.start();
    }
    if (step.type === 'reload') {
      // What was said a moment ago is given the time to be kept.
      await this.clock.advance(0);
      tab.outbox.close();
      tab.outbox = this.open();
      if (tab.online) tab.outbox.start();
    }
    if (step.type === 'discard') {
      const entry = tab.outbox.entries(step.room).find(({ state }) => state === 'waiting' || state === 'failed');
      if (!entry) return;
      this.discarded.add(entry.clientId);
      tab.outbox.discard(step.room, entry.clientId);
    }
  }
}
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

test('P2 P3 whatever is lost, refused or reloaded: each message once, in the order of each tab', async () => {
  const property = fc.asyncProperty(fc.nat(1_000_000), fc.array(step, { maxLength: 60, size: 'max' }), async (seed, steps) => {
    const simulation = new Simulation(seed);
    for (const step of steps) await simulation.run(step);
    simulation.calm = true;
    for (const { outbox } of simulation.tabs) outbox.start();
    await simulation.clock.advance(600_000);
    const { said, refused, discarded, log, tabs } = simulation;
    for (const [room, ids] of log) {
      assert.equal(new Set(ids).size, ids.length, 'no double');
      const ours = said.filter((entry) => entry.room === room);
      for (const { id } of ours) assert.ok(ids.includes(id) || refused.has(id) || discarded.has(id), `${id} is there`);
      for (const tab of [0, 1]) {
        // One that was refused lets the others pass, so it may come later.
        const mine = ours.filter((entry) => entry.tab === tab && !refused.has(entry.id)).map(({ id }) => id);
        assert.deepEqual(
          ids.filter((id) => mine.includes(id)),
          mine.filter((id) => ids.includes(id)),
          'in order',
        );
      }
      for (const { outbox } of tabs) {
        const left = outbox.entries(room).filter(({ state }) => state !== 'failed');
        assert.deepEqual(left, [], 'nothing stays under way');
      }
    }
    for (const { outbox } of tabs) outbox.close();
    await simulation.clock.advance(0);
  });
  const seed = Number(process.env.SEED ?? Date.now());
  console.log(`seed ${seed}`);
  await fc.assert(property, { seed, numRuns: Number(process.env.RUNS ?? 150) });
});
