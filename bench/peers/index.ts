import { bun } from './bun.ts';
import { ejabberd } from './ejabberd.ts';
import { faye } from './faye.ts';
import { floor } from './floor.ts';
import { mosquitto } from './mosquitto.ts';
import { nest } from './nest.ts';
import type { Peer } from './peer.ts';
import { socketIo } from './socketio.ts';
import { socketioxide } from './socketioxide.ts';
import { suda, sudaWorkers } from './suda.ts';
import { sudaEvents } from './suda-events.ts';
import { sudaSocketIo } from './suda-socketio.ts';
import { ws } from './ws.ts';

/** All of them, ours first, in the order of the tables. */
export const peers: readonly Peer[] = [
  suda,
  sudaWorkers,
  sudaSocketIo,
  sudaEvents,
  socketIo,
  ws,
  nest,
  faye,
  bun,
  socketioxide,
  mosquitto,
  ejabberd,
  floor,
];
