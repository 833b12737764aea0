import { measureRoom } from '../load/room.ts';
import type { Scenario } from '../runner/scenario.ts';
import { everyone, oneRoom, roomColumns, roomSample } from './rooms.ts';

export const hotRoom: Scenario = {
  name: 'hot-room',
  title: 'Hot room',
  measures:
    '500 members of one room, 100-byte texts. A fixed number of messages is in flight: when the first member has one, the next is sent.',
  needs: ['room'],
  peers: everyone,
  reference: 'socketio',
  ratio: 'deliveries',
  columns: roomColumns,
  plots: [
    { key: 'deliveries', title: 'Hot room: deliveries a second', kind: 'bars', log: true },
    { key: 'cpu', title: 'Hot room: server CPU of a delivery, µs', kind: 'bars', log: true },
  ],
  points: ({ inFlight }) => inFlight.map((value) => ({ name: `${value} in flight`, x: value, value })),
  async open(peer, { members, small, seconds }) {
    const { running, room, close } = await oneRoom(peer, members ?? (small ? 20 : 500));
    return {
      measure: async ({ value }) => roomSample(await measureRoom(room, value, seconds), running.server.resident()),
      close,
    };
  },
};
