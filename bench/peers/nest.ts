import { startNode } from '../load/processes.ts';
import { eventServer } from './event-server.ts';
import type { Peer } from './peer.ts';
import { npmPeer } from './prepared.ts';

const own = npmPeer(
  'nest',
  {
    '@nestjs/core': '12.5.1',
    '@nestjs/common': '12.5.1',
    '@nestjs/platform-express': '12.5.1',
    '@nestjs/platform-socket.io': '12.1.1',
    '@nestjs/websockets': '12.1.1',
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
  },
  'nest.mjs',
);

export const nest: Peer = {
  name: 'nest',
  title: 'Nest gateway',
  lacks: 'keeps nothing, loses what a cut swallows',
  can: ['room', 'rooms'],
  version: own.version,
  missing: own.missing,
  prepare: own.prepare,
  start: async () => eventServer(await startNode([own.program()])),
};
