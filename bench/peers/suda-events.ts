import { startNode } from '../load/processes.ts';
import { eventServer, program } from './event-server.ts';
import type { Peer } from './peer.ts';
import { sudaVersion } from './suda-process.ts';

/** An application's own events over Suda's server API: the program of the Socket.IO peer, with the import changed. */
export const sudaEvents: Peer = {
  name: 'suda-events',
  title: 'Suda, own events',
  lacks: 'keeps nothing',
  can: ['room', 'rooms', 'posts'],
  version: sudaVersion,
  start: async () => eventServer(await startNode([program('own-events.ts')])),
};
