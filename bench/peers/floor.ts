import { spawnSync } from 'node:child_process';
import { startProgram } from '../load/processes.ts';
import type { Peer } from './peer.ts';
import { plainServer } from './plain.ts';
import { compiled, found } from './prepared.ts';

/** What the machine gives: see its program. */
export const floor: Peer = {
  name: 'floor',
  title: 'C floor',
  lacks: 'does nothing but the writes',
  can: ['room'],
  version: () => spawnSync('cc', ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0] ?? '',
  missing: () =>
    found('cc') === undefined ? 'it is compiled when it runs, and there is no compiler: apt-get install gcc libc6-dev' : undefined,
  async start() {
    const file = compiled('floor');
    if (file === undefined) throw new Error('the floor could not be compiled');
    return plainServer(await startProgram(file, []));
  },
};
