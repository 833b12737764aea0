import type { Socket } from 'node:net';
import { usage } from '../load/usage.ts';
import { microseconds, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { everyone } from './rooms.ts';

/** Handshakes under way at the same time. */
const AT_ONCE = 32;
/** Loopback ports and file handles are not endless. */
const MOST = 15_000;

export const connect: Scenario = {
  name: 'connect',
  title: 'Connect',
  measures: `New connections a second, ${AT_ONCE} at a time, each until one may speak; people were made before. They stay.`,
  needs: [],
  peers: everyone,
  reference: 'socketio',
  ratio: 'rate',
  fresh: true,
  seconds: 3,
  columns: [
    { key: 'rate', title: 'connections/s', format: whole, spread: true },
    { key: 'cpu', title: 'CPU µs each', format: microseconds },
    { key: 'load', title: 'load CPU', format: percent },
    { key: 'others', title: 'others', format: (value) => value.toFixed(2) },
  ],
  plots: [{ key: 'rate', title: 'New connections a second', kind: 'bars' }],
  points: ({ small, members }) => [{ name: '', value: members ?? (small ? 100 : MOST) }],
  async open(peer, { seconds }, say) {
    const running = await peer.start();
    const sockets: Socket[] = [];
    return {
      async measure({ value: most }) {
        say('people are made');
        await running.ready?.(most);
        for (let i = 0; i < Math.min(50, most); i++) sockets.push((await running.connect(i)).socket);
        let next = sockets.length;
        const first = next;
        const used = usage(running.server);
        const end = performance.now() + seconds * 1_000;
        const one = async (): Promise<void> => {
          while (performance.now() < end && next < most) sockets.push((await running.connect(next++)).socket);
        };
        await Promise.all(Array.from({ length: AT_ONCE }, one));
        const { seconds: elapsed, server, load, others } = used();
        const count = next - first;
        return { values: { rate: count / elapsed, cpu: server / count, load, others } };
      },
      async close() {
        for (const socket of sockets) socket.destroy();
        await running.stop();
      },
    };
  },
};
