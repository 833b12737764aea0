import { createRequire } from 'node:module';
import { startNode } from '../load/processes.ts';
import { eventServer, program } from './event-server.ts';
import type { Peer } from './peer.ts';

export const packageVersion = (name: string): string =>
  (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;

/** Set up as its pages on performance and memory advise: see its program. */
export const socketIo: Peer = {
  name: 'socketio',
  title: 'Socket.IO',
  lacks: 'keeps nothing, loses what a cut swallows',
  can: ['room', 'rooms', 'posts', 'clients'],
  version: () => packageVersion('socket.io'),
  start: async () => eventServer(await startNode([program('socketio.ts')])),
};
