// Runs on Node 20 and npm alone: brings what the lockfile names, once, and finds the pinned Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.suda-install');

/** Installs by the exact lockfile, unless that was done already. */
export function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && existsSync(pinnedNode())) return;
  console.log('Installing (only the first time) …');
  npm(['ci', '--include=dev', '--no-fund', '--no-audit', '--loglevel=error']);
  // Where npm was told to run no install scripts, the pinned Node has not been put in place yet.
  if (!existsSync(pinnedNode())) npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  writeFileSync(stamp, wanted);
}

function npm(args) {
  const { status } = spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error('The installation failed. See above; then try again.');
    process.exit(1);
  }
}

function pinnedNode() {
  return join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

/** The Node to run Suda with: the pinned one, or this one where there is none for the machine and this one is new enough. */
export function node() {
  if (existsSync(pinnedNode())) return pinnedNode();
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  console.error(`Suda needs Node 24 or newer; this is ${process.version}, and the pinned one could not be installed.`);
  process.exit(1);
}
