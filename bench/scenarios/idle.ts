import type { Socket } from 'node:net';
import { many, pause } from '../load/pause.ts';
import { kilobytes, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { everyone } from './rooms.ts';

/** Who comes first warms up what is made once. */
const FIRST = 100;

export const idle: Scenario = {
  name: 'idle',
  title: 'Idle',
  measures:
    '10,000 connections that say nothing, each who knows people: each a person of its own. Resident memory of the server for each, after what the handshakes left behind had time to be collected.',
  needs: [],
  peers: everyone,
  reference: 'socketio',
  ratio: 'each',
  lessIsBetter: true,
  fresh: true,
  columns: [
    { key: 'each', title: 'KB each', format: kilobytes, spread: true },
    { key: 'held', title: 'held', format: whole },
  ],
  plots: [{ key: 'each', title: 'Idle: resident memory of a connection, KB', kind: 'bars' }],
  points: ({ members, small }) => {
    const value = members ?? (small ? 200 : 10_000);
    return [{ name: `${whole(value)} connections`, value }];
  },
  async open(peer, { small }, say) {
    const running = await peer.start();
    const sockets: Socket[] = [];
    const settled = (): Promise<void> => pause(small ? 500 : 8_000);
    const connect = (count: number): Promise<unknown> =>
      many(
        count,
        async (i) => {
          const at = sockets.length;
          if (i % 1_000 === 0) say(`${i} of ${count}`);
          sockets.push((await running.connect(at)).socket);
        },
        25,
      );
    return {
      async measure({ value }) {
        await connect(Math.min(FIRST, value));
        await settled();
        const before = running.server.resident();
        await connect(value);
        await settled();
        const after = running.server.resident();
        const held = sockets.filter(({ destroyed }) => !destroyed).length - Math.min(FIRST, value);
        if (held < value) throw new Error(`${value - held} of ${value} connections were lost`);
        return { values: { each: (after - before) / value, held } };
      },
      async close() {
        for (const socket of sockets) socket.destroy();
        await running.stop();
      },
    };
  },
};
