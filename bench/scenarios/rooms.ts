import type { Member } from '../load/member.ts';
import { AFTER_COMING, quiet, type Room, type RoomResult } from '../load/room.ts';
import type { Peer, Running } from '../peers/peer.ts';
import { fixed, megabytes, microseconds, percent, whole } from '../runner/formats.ts';
import type { Column, Sample } from '../runner/scenario.ts';

/** Those that hold one room or more. */
export const everyone = [
  'suda',
  'suda-workers',
  'suda-socketio',
  'suda-events',
  'socketio',
  'ws',
  'nest',
  'faye',
  'bun',
  'socketioxide',
  'mosquitto',
  'ejabberd',
  'floor',
];

export const roomColumns: readonly Column[] = [
  { key: 'messages', title: 'messages/s', format: whole },
  { key: 'deliveries', title: 'deliveries/s', format: whole, spread: true },
  { key: 'cpu', title: 'CPU µs/delivery', format: microseconds },
  { key: 'memory', title: 'MB', format: megabytes },
  { key: 'load', title: 'load CPU', format: percent },
  { key: 'others', title: 'others', format: fixed(2) },
];

export const roomSample = ({ messages, deliveries, used }: RoomResult, memory: number): Sample => ({
  values: {
    messages: messages / used.seconds,
    deliveries: deliveries / used.seconds,
    cpu: used.server / deliveries,
    memory,
    load: used.load,
    others: used.others,
  },
});

/** One room of a fresh server, everyone in it and quiet. */
export async function oneRoom(peer: Peer, count: number): Promise<{ running: Running; room: Room; close: () => Promise<void> }> {
  const running = await peer.start();
  let members: readonly Member[] = [];
  const close = async (): Promise<void> => {
    for (const { socket } of members) socket.destroy();
    await running.stop();
  };
  try {
    const [name = ''] = await running.rooms(1);
    members = await running.members(count, () => [name]);
    await quiet(members, AFTER_COMING);
    return { running, room: { server: running.server, name, members }, close };
  } catch (error) {
    await close();
    throw error;
  }
}
