import { measureRoom } from '../load/room.ts';
import type { Running } from '../peers/peer.ts';
import { megabytes, microseconds, percent, whole } from '../runner/formats.ts';
import type { Scenario } from '../runner/scenario.ts';
import { oneRoom, roomSample } from './rooms.ts';

const IN_FLIGHT = 64;

export const growth: Scenario = {
  name: 'growth',
  title: 'Growth with members',
  measures: `Rooms of 10 to 5,000 members, ${IN_FLIGHT} messages in flight: what a delivery costs the server should not grow with the room.`,
  needs: ['room'],
  peers: ['suda', 'suda-events', 'socketio'],
  reference: 'socketio',
  ratio: 'cpu',
  lessIsBetter: true,
  seconds: 3,
  columns: [
    { key: 'cpu', title: 'CPU µs/delivery', format: microseconds, spread: true },
    { key: 'deliveries', title: 'deliveries/s', format: whole },
    { key: 'memory', title: 'MB', format: megabytes },
    { key: 'load', title: 'load CPU', format: percent },
  ],
  plots: [{ key: 'cpu', title: 'What a delivery costs, CPU µs', kind: 'lines', axis: 'members of the room', log: true }],
  points: ({ small, members }) =>
    [10, 50, 100, 500, 1_000, 5_000]
      .filter((count) => count <= (members ?? (small ? 50 : 5_000)))
      .map((value) => ({ name: `${whole(value)} members`, x: value, value })),
  async open(peer, { seconds }) {
    // A server of its own for each size, made when it comes to it and gone before the next.
    let now: { count: number; running: Running; room: Awaited<ReturnType<typeof oneRoom>>['room']; close: () => Promise<void> } | undefined;
    return {
      async measure({ value }) {
        if (now?.count !== value) {
          await now?.close();
          now = undefined;
          now = { count: value, ...(await oneRoom(peer, value)) };
        }
        return roomSample(await measureRoom(now.room, IN_FLIGHT, seconds), now.running.server.resident());
      },
      close: async () => now?.close(),
    };
  },
};
