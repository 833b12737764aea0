import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../../packages/server/src/cli.ts', import.meta.url));
export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resident memory, in bytes. */
  resident(): number;
  /** CPU time used so far by all threads, in seconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/** Starts the product itself, fsync and all, on a fresh folder, pinned to core 0 where that can be done. */
export async function startSuda(): Promise<ServerProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'suda-bench-'));
  const command = [
    process.execPath,
    '--expose-gc',
    cli,
    'start',
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--data',
    folder,
    '--rate',
    '0',
    '--log-level',
    'warn',
  ];
  const [file = '', ...args] = canPin ? ['taskset', '-c', '0', ...command] : command;
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await listening(child);
  const pid = child.pid ?? 0;
  return {
    port,
    pid,
    resident: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024,
    cpu: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listening(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const port = /http:\/\/localhost:(\d+)/.exec(text)?.[1];
      if (port) resolve(Number(port));
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}\n${text}`)));
  });
}

/** One user, and the way to ask for things as them. */
export async function guest(port: number, name: string): Promise<{ token: string; post(path: string, body: unknown): Promise<unknown> }> {
  const base = `http://127.0.0.1:${port}`;
  const session = (await (
    await fetch(`${base}/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name }) })
  ).json()) as {
    token: string;
  };
  return {
    token: session.token,
    post: async (path, body) =>
      (
        await fetch(base + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${session.token}` },
          body: JSON.stringify(body),
        })
      ).json(),
  };
}
