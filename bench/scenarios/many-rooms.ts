import type { Member } from '../load/member.ts';
import { pause } from '../load/pause.ts';
import { AFTER_COMING, everyoneHasAll, quiet, TEXT } from '../load/room.ts';
import { usage } from '../load/usage.ts';
import type { Scenario } from '../runner/scenario.ts';
import { everyone, roomColumns, roomSample } from './rooms.ts';

/** So many connections to a room, so that all rooms have the same number of members. */
const PER_ROOM = 2;
/** The rooms of a connection, counted from its own on: five, and no two connections that share one share all. */
const OFFSETS = [0, 1, 11, 101, 501];

/** @returns for each room who is in it */
function membersOf(connections: number, roomsOf: (i: number) => readonly number[], rooms: number): readonly (readonly number[])[] {
  const inside: number[][] = Array.from({ length: rooms }, () => []);
  for (let i = 0; i < connections; i++) for (const room of roomsOf(i)) inside[room]?.push(i);
  return inside;
}

export const manyRooms: Scenario = {
  name: 'many-rooms',
  title: 'Many rooms',
  measures: '2,000 connections, each in 5 of 1,000 rooms of 10. A fixed number of messages is in flight, over all rooms in turn.',
  needs: ['rooms'],
  peers: everyone.filter((name) => name !== 'floor'),
  reference: 'socketio',
  ratio: 'deliveries',
  columns: roomColumns,
  plots: [{ key: 'deliveries', title: 'Many rooms: deliveries a second', kind: 'bars' }],
  points: () => [64, 512].map((value) => ({ name: `${value} in flight`, value })),
  async open(peer, { members: wanted, small, seconds }) {
    const connections = Math.max(2 * PER_ROOM, wanted ?? (small ? 40 : 2_000));
    const count = connections / PER_ROOM;
    const roomsOf = (i: number): readonly number[] => [...new Set(OFFSETS.map((offset) => (i + offset) % count))];
    const inside = membersOf(connections, roomsOf, count);
    const running = await peer.start();
    let members: readonly Member[] = [];
    const close = async (): Promise<void> => {
      for (const { socket } of members) socket.destroy();
      await running.stop();
    };
    try {
      const rooms = await running.rooms(count);
      members = await running.members(connections, (i) => roomsOf(i).map((room) => rooms[room] ?? ''));
      await quiet(members, AFTER_COMING);
      return { measure: async ({ value }) => roomSample(await measureRooms(value), running.server.resident()), close };

      async function measureRooms(inFlight: number): Promise<Parameters<typeof roomSample>[0]> {
        await quiet(members);
        const bases = members.map(({ counter }) => counter.frames);
        const expected = members.map(() => 0);
        let [sent, deliverable, received, running_] = [0, 0, 0, true];
        const send = (): void => {
          // What is in flight is counted in deliveries: no connection hears of all rooms.
          while (running_ && deliverable - received <= (inFlight - 1) * ((inside[0]?.length ?? 1) || 1)) {
            const room = sent++ % count;
            const people = inside[room] ?? [];
            const speaker = members[people[sent % people.length] ?? 0];
            for (const i of people) expected[i] = (expected[i] ?? 0) + 1;
            deliverable += people.length;
            speaker?.socket.write(speaker.say(rooms[room] ?? '', TEXT));
          }
        };
        for (const [i, one] of members.entries()) {
          let heard = bases[i] ?? 0;
          one.heard = () => {
            received += one.counter.frames - heard;
            heard = one.counter.frames;
            send();
          };
        }
        send();
        await pause(Math.min(1_000, seconds * 1_000));
        const before = received;
        const used = usage(running.server);
        await pause(seconds * 1_000);
        const deliveries = received - before;
        const measured = used();
        running_ = false;
        await everyoneHasAll(
          members,
          bases.map((base, i) => base + (expected[i] ?? 0)),
          0,
        );
        for (const one of members) one.heard = () => {};
        return { messages: deliveries / (inside[0]?.length ?? 1), deliveries, used: measured };
      }
    } catch (error) {
      await close();
      throw error;
    }
  },
};
