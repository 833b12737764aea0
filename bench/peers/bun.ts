import { join } from 'node:path';
import { startProgram } from '../load/processes.ts';
import type { Peer } from './peer.ts';
import { plainServer } from './plain.ts';
import { npmPeer } from './prepared.ts';

/** The package for this machine brings the binary; `bun` itself would want to run a script. */
const own = npmPeer('bun', { [`@oven/bun-${process.platform}-${process.arch}`]: '1.4.5' }, 'bun.mjs');

export const bun: Peer = {
  name: 'bun',
  title: 'Bun',
  lacks: 'keeps nothing, no protocol, drops what a full connection does not take',
  can: ['room', 'rooms'],
  version: own.version,
  missing: own.missing,
  prepare: own.prepare,
  start: async () =>
    plainServer(
      await startProgram(join(own.folder, 'node_modules', '@oven', `bun-${process.platform}-${process.arch}`, 'bin', 'bun'), [
        own.program(),
      ]),
    ),
};
