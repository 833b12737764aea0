import { fileURLToPath } from 'node:url';
import { many } from '../load/pause.ts';
import type { ServerProcess } from '../load/processes.ts';
import type { Running } from './peer.ts';
import { openSocketIo, sayEvent, socketIoMember, socketIoPoster } from './socketio-wire.ts';

/** The path of a program in peers/programs. */
export const program = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));

/**
 * An event server that speaks Socket.IO, whoever wrote it: one comes in with `auth.rooms`, the event `say` goes on to everyone in its room
 * as `message`.
 */
export function eventServer(server: ServerProcess): Running {
  const { port } = server;
  return {
    server,
    rooms: async (count) => Array.from({ length: count }, (_, i) => `room-${i}`),
    members: (count, roomsOf) => many(count, async (i) => socketIoMember(await openSocketIo(port, { rooms: roomsOf(i) }), sayEvent)),
    connect: async () => socketIoMember(await openSocketIo(port), sayEvent),
    poster: async (_over, room) => socketIoPoster(await openSocketIo(port), (_id, text) => `["say","${room}","${text}"]`),
    clients: async (count) => ({ kind: 'socketio', port, room: 'room-0', tokens: Array.from({ length: count }, () => '') }),
    stop: () => server.stop(),
  };
}
