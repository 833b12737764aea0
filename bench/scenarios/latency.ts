import { openLoop } from '../load/open-loop.ts';
import { measureRoom, type Room } from '../load/room.ts';
import { milliseconds, percent, whole } from '../runner/formats.ts';
import type { Point, Scenario } from '../runner/scenario.ts';
import { oneRoom } from './rooms.ts';

/** Messages in flight while the capacity is measured. */
const IN_FLIGHT = 64;

/** Messages a second of Socket.IO at its capacity, once it was measured in this run: the others are measured at half of it too. */
let capacityOfSocketIo: number | undefined;

async function capacity(room: Room, seconds: number): Promise<number> {
  const { messages, used } = await measureRoom(room, IN_FLIGHT, seconds);
  return messages / used.seconds;
}

const points: readonly Point[] = [
  { name: 'half of Socket.IO’s capacity', value: 0 },
  { name: '25 % of its own', value: 0.25 },
  { name: '50 % of its own', value: 0.5 },
  { name: '75 % of its own', value: 0.75 },
];

export const latency: Scenario = {
  name: 'latency',
  title: 'Latency',
  measures: `500 members of one room, messages at a share of what the server carries with ${IN_FLIGHT} in flight, measured first. Times from when a message was due, to each member.`,
  needs: ['room'],
  // Socket.IO first: the others need to know what it carries.
  peers: ['socketio', 'suda', 'suda-socketio', 'suda-events', 'ws', 'bun', 'socketioxide', 'mosquitto', 'floor'],
  reference: 'socketio',
  ratio: 'p99',
  lessIsBetter: true,
  columns: [
    { key: 'rate', title: 'messages/s', format: whole },
    { key: 'p50', title: 'p50 ms', format: milliseconds },
    { key: 'p99', title: 'p99 ms', format: milliseconds, spread: true },
    { key: 'p99.9', title: 'p99.9 ms', format: milliseconds },
    { key: 'late', title: 'sent late ms', format: milliseconds },
    { key: 'share', title: 'server CPU', format: percent },
    { key: 'load', title: 'load CPU', format: percent },
  ],
  plots: [
    { key: 'p50', title: 'Latency: half of all deliveries within, ms', kind: 'bars', log: true },
    { key: 'p99', title: 'Latency: 99 % of deliveries within, ms', kind: 'bars', log: true },
    { key: 'p99.9', title: 'Latency: 99.9 % of deliveries within, ms', kind: 'bars', log: true },
  ],
  points: () => points,
  async open(peer, { members, small, seconds }, say) {
    const { room, close } = await oneRoom(peer, members ?? (small ? 20 : 500));
    try {
      say('how much it carries');
      const own = await capacity(room, seconds);
      if (peer.name === 'socketio') capacityOfSocketIo = own;
      return {
        async measure({ value }) {
          if (value === 0 && capacityOfSocketIo === undefined) return { values: {}, note: 'Socket.IO was not measured in this run' };
          const rate = value === 0 ? (capacityOfSocketIo ?? 0) / 2 : own * value;
          const { times, late, used } = await openLoop(room, rate, seconds);
          return { values: { rate, late, share: used.server / used.seconds, load: used.load }, times };
        },
        close,
      };
    } catch (error) {
      await close();
      throw error;
    }
  },
};
