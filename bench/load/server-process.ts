import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const canPin = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

/** A server that is measured: a process of its own. */
export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Resident memory, in bytes. */
  resident(): number;
  /** CPU time used so far by all threads, in seconds. */
  cpu(): number;
  stop(): Promise<void>;
}

/**
 * Starts a program on the pinned Node, on core 0 where that can be done, and waits until it says where it listens
 * (`http://localhost:PORT`).
 */
export async function startProcess(args: readonly string[]): Promise<ServerProcess> {
  const command = [process.execPath, ...args];
  const [file = '', ...rest] = canPin ? ['taskset', '-c', '0', ...command] : command;
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
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
