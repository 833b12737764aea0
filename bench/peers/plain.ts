import { member } from '../load/member.ts';
import { many } from '../load/pause.ts';
import type { ServerProcess } from '../load/processes.ts';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import type { Running } from './peer.ts';

const say = (room: string, text: string): Buffer => clientFrame(`["${room}","${text}"]`);

/** Servers on a bare WebSocket, without a protocol of their own: the rooms stand in the address, and what is said is `["ROOM","TEXT"]`. */
export function plainServer(server: ServerProcess): Running {
  const open = (rooms: readonly string[]) => openRaw('127.0.0.1', server.port, `/?rooms=${rooms.join(',')}`);
  return {
    server,
    rooms: async (count) => Array.from({ length: count }, (_, i) => `room-${i}`),
    members: (count, roomsOf) => many(count, async (i) => member(await open(roomsOf(i)), { least: 2 }, say)),
    connect: async () => member(await open([]), { least: 2 }, say),
    stop: () => server.stop(),
  };
}
