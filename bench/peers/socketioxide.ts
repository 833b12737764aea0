import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProgram } from '../load/processes.ts';
import { eventServer, program } from './event-server.ts';
import type { Peer } from './peer.ts';
import { command, folderOf, found, howTo } from './prepared.ts';

const folder = folderOf('socketioxide');
const binary = join(folder, 'target', 'release', 'bench-socketioxide');
const source = program('socketioxide');

const upToDate = (): boolean =>
  existsSync(binary) &&
  ['Cargo.toml', 'src/main.rs'].every((file) => readFileSync(join(folder, file), 'utf8') === readFileSync(join(source, file), 'utf8'));

/** Socket.IO's protocol in Rust, on tokio; built with all optimisation (https://docs.rs/socketioxide). */
export const socketioxide: Peer = {
  name: 'socketioxide',
  title: 'socketioxide (Rust)',
  lacks: 'keeps nothing, loses what a cut swallows',
  can: ['room', 'rooms'],
  version: () => /socketioxide = "=([^"]+)"/.exec(readFileSync(join(source, 'Cargo.toml'), 'utf8'))?.[1] ?? '',
  missing() {
    if (upToDate()) return undefined;
    return found('cargo') === undefined
      ? 'it is built by Rust’s cargo, which is not here: https://rustup.rs'
      : `${howTo('socketioxide')} (some minutes of compiling)`;
  },
  async prepare() {
    mkdirSync(folder, { recursive: true });
    cpSync(source, folder, { recursive: true });
    await command('cargo', ['build', '--release'], folder);
  },
  start: async () => eventServer(await startProgram(binary, [])),
};
