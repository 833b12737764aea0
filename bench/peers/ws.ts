import { startNode } from '../load/processes.ts';
import { program } from './event-server.ts';
import type { Peer } from './peer.ts';
import { plainServer } from './plain.ts';
import { packageVersion } from './socketio.ts';

export const ws: Peer = {
  name: 'ws',
  title: 'ws in a loop',
  lacks: 'keeps nothing, no protocol, no heartbeat',
  can: ['room', 'rooms'],
  version: () => packageVersion('ws'),
  start: async () => plainServer(await startNode([program('ws.ts')])),
};
