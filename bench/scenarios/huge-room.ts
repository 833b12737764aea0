import { openLoop } from '../load/open-loop.ts';
import { megabytes, microseconds, milliseconds, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { oneRoom } from './rooms.ts';

const RATE = 10;

export const hugeRoom: Scenario = {
  name: 'huge-room',
  title: 'Huge room',
  measures: `5,000 members of one room, ${RATE} messages a second, whether the last has come or not; times from when a message was due.`,
  needs: ['room'],
  peers: ['suda', 'suda-socketio', 'suda-events', 'socketio', 'ws', 'bun', 'socketioxide', 'mosquitto', 'floor'],
  reference: 'socketio',
  ratio: 'cpu',
  lessIsBetter: true,
  fresh: true,
  columns: [
    { key: 'deliveries', title: 'deliveries/s', format: whole },
    { key: 'p50', title: 'p50 ms', format: milliseconds },
    { key: 'p99', title: 'p99 ms', format: milliseconds, spread: true },
    { key: 'cpu', title: 'CPU µs/delivery', format: microseconds },
    { key: 'share', title: 'server CPU', format: percent },
    { key: 'memory', title: 'MB', format: megabytes },
    { key: 'load', title: 'load CPU', format: percent },
  ],
  plots: [{ key: 'p99', title: 'Huge room: 99 % of deliveries within, ms', kind: 'bars', log: true }],
  points: () => [{ name: `${RATE} messages/s`, value: RATE }],
  async open(peer, { members, small, seconds }) {
    const { running, room, close } = await oneRoom(peer, members ?? (small ? 50 : 5_000));
    return {
      async measure({ value }) {
        const { deliveries, times, used } = await openLoop(room, value, seconds);
        const values = {
          deliveries: deliveries / used.seconds,
          cpu: used.server / deliveries,
          share: used.server / used.seconds,
          memory: running.server.resident(),
          load: used.load,
        };
        return { values, times };
      },
      close,
    };
  },
};
