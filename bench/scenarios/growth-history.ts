import type { Histogram } from '../load/histogram.ts';
import { post } from '../load/posting.ts';
import type { Running } from '../peers/peer.ts';
import { microseconds, milliseconds, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { Asker, questions } from '../stores/asking.ts';
import { type Store, storeOf } from '../stores/store.ts';

const SENDERS = 64;

export const growthHistory: Scenario = {
  name: 'growth-history',
  title: 'Growth with history',
  measures: `Stores of ten thousand to ten million messages, a tenth in one room: what a message costs the server there (${SENDERS} senders, acknowledged), and how long a page, the unread counts and a search take.`,
  needs: ['history'],
  peers: ['suda'],
  seconds: 3,
  columns: [
    { key: 'cpu', title: 'CPU µs/post', format: microseconds, spread: true },
    { key: 'posts', title: 'posts/s', format: whole },
    { key: 'page', title: 'page p50 ms', format: milliseconds, spread: true },
    { key: 'unread', title: 'unread p50 ms', format: milliseconds, spread: true },
    { key: 'search', title: 'rare word p50 ms', format: milliseconds, spread: true },
  ],
  plots: [
    { key: 'cpu', title: 'What a message costs, CPU µs', kind: 'lines', axis: 'messages in the store' },
    { key: 'page', title: 'A page of history, ms', kind: 'lines', axis: 'messages in the store' },
    { key: 'search', title: 'A search for a rare word, ms', kind: 'lines', axis: 'messages in the store' },
  ],
  points: ({ small }) =>
    [1e4, 1e5, 1e6, 1e7].slice(0, small ? 2 : 4).map((value) => ({ name: `${whole(value)} messages`, x: value, value })),
  async open(peer, { seconds, small }, say) {
    let now: { store: Store; running: Running; asker: Asker } | undefined;
    const close = async (): Promise<void> => {
      now?.asker.end();
      await now?.running.stop();
      now = undefined;
    };
    return {
      async measure({ value }) {
        if (now?.store.messages !== value) {
          await close();
          const store = await storeOf(value, say);
          const running = await peer.start({ folder: store.folder });
          now = { store, running, asker: await Asker.open(running.server.port, store.token) };
        }
        const { store, running, asker } = now;
        const half = async (name: string): Promise<number> => {
          const question = questions.find((one) => one.name === name);
          if (question === undefined) throw new Error(`nobody asks for ${name}`);
          const times: Histogram = await asker.ask(question, store, seconds / 3);
          return times.percentile(0.5) / 1e6;
        };
        const values = { page: await half('a page'), unread: await half('unread counts'), search: await half('search, a rare word') };
        return { values: { ...values, ...(await post(running, store.room, 'websocket', small ? 4 : SENDERS, seconds)) } };
      },
      close,
    };
  },
};
