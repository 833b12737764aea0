import { usage } from '../load/usage.ts';
import { megabytes, milliseconds, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { Asker, questions } from '../stores/asking.ts';
import { storeOf } from '../stores/store.ts';

/** Messages of the store: a tenth of them in one room. */
export const historySize = (small: boolean): number => (small ? 20_000 : 10_000_000);

export const history: Scenario = {
  name: 'history',
  title: 'History',
  measures:
    'A room of a million messages in a store of ten million (small: a five-hundredth), which is filled once. One person asks one thing after the other over WebSocket: pages and jumps anywhere in the room, the list of 101 rooms with unread counts, searches.',
  needs: ['history'],
  peers: ['suda'],
  seconds: 5,
  columns: [
    { key: 'p50', title: 'p50 ms', format: milliseconds, spread: true },
    { key: 'p99', title: 'p99 ms', format: milliseconds },
    { key: 'asked', title: 'asked', format: whole },
    { key: 'cpu', title: 'CPU ms each', format: milliseconds },
    { key: 'memory', title: 'MB', format: megabytes },
  ],
  plots: [{ key: 'p50', title: 'History: half of all answers within, ms', kind: 'bars', log: true }],
  points: () => questions.map(({ name }, value) => ({ name, value })),
  async open(peer, { small, seconds }, say) {
    const store = await storeOf(historySize(small), say);
    const running = await peer.start({ folder: store.folder });
    try {
      const asker = await Asker.open(running.server.port, store.token);
      return {
        async measure({ value }) {
          const question = questions[value];
          if (question === undefined) throw new Error('there is no such question');
          await asker.ask(question, store, Math.min(1, seconds));
          const used = usage(running.server);
          const times = await asker.ask(question, store, seconds);
          const { server, load, others } = used();
          const note = `the store of ${whole(store.messages)} messages was filled in ${store.seconds.toFixed(0)} s`;
          return {
            values: { asked: times.total, cpu: server / times.total, memory: running.server.resident(), load, others },
            times,
            note,
          };
        },
        async close() {
          asker.end();
          await running.stop();
        },
      };
    } catch (error) {
      await running.stop();
      throw error;
    }
  },
};
