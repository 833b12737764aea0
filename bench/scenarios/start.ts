import { fixed, megabytes, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { sizeOf, storeOf } from '../stores/store.ts';
import { historySize } from './history.ts';

export const start: Scenario = {
  name: 'start',
  title: 'Start',
  measures: 'From the start of the process to its line that it listens: with nothing in the store, and with the store of history.',
  needs: ['history'],
  peers: ['suda'],
  columns: [
    { key: 'seconds', title: 's', format: fixed(2), spread: true },
    { key: 'cpu', title: 'CPU s', format: fixed(2) },
    { key: 'memory', title: 'MB', format: megabytes },
    { key: 'disk', title: 'MB on disk', format: megabytes },
  ],
  plots: [{ key: 'seconds', title: 'Start: seconds until it listens', kind: 'bars' }],
  points: ({ small }) => [0, historySize(small)].map((value) => ({ name: `${whole(value)} messages`, value })),
  open: async (peer, _settings, say) => ({
    async measure({ value }) {
      const store = value === 0 ? undefined : await storeOf(value, say);
      const begun = performance.now();
      const running = await peer.start(store === undefined ? {} : { folder: store.folder });
      const seconds = (performance.now() - begun) / 1_000;
      const values = {
        seconds,
        cpu: running.server.cpu(),
        memory: running.server.resident(),
        disk: store === undefined ? 0 : sizeOf(store),
      };
      await running.stop();
      return { values };
    },
    close: async () => {},
  }),
};
