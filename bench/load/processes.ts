import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';

/** Whether the server gets core 0 for itself, and the load the others. */
export const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0;
/** The cores of whoever makes the load. */
const loadCores = `1-${availableParallelism() - 1}`;

/** Node's flags for the measured servers: `BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=…"` profiles them. */
export const nodeFlags = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean);

/** This process stays off the server's core from now on, its children too unless they are told otherwise. */
export function keepOffTheServersCore(): void {
  if (canPin) spawnSync('taskset', ['-a', '-p', '-c', loadCores, String(process.pid)]);
}

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

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Several processes that want several cores, the load's too. */
  readonly everywhere?: boolean;
  /** For programs that don't say where they listen: where, and when they do. */
  readonly port?: number;
}

const READY_WITHIN = 60_000;

/**
 * Starts a program on core 0, where that can be done and unless it wants all, and waits until it says where it listens (`http://localhost:PORT`), or until
 * its port takes connections.
 */
export async function startProgram(file: string, args: readonly string[], options: ProcessOptions = {}): Promise<ServerProcess> {
  const cores = options.everywhere ? `0-${availableParallelism() - 1}` : '0';
  const command = canPin ? ['taskset', '-c', cores, file, ...args] : [file, ...args];
  const child = spawn(command[0] ?? file, command.slice(1), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  try {
    const port = options.port === undefined ? await told(child) : await answering(child, options.port);
    return measured(child, port);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Starts a program of Node's, or of ours in TypeScript. */
export function startNode(args: readonly string[], options: ProcessOptions = {}): Promise<ServerProcess> {
  return startProgram(process.execPath, [...nodeFlags, ...args], options);
}

function measured(child: ChildProcess, port: number): ServerProcess {
  const pid = child.pid ?? 0;
  return {
    port,
    pid,
    resident: () => total(pid, residentOf),
    cpu: () => total(pid, cpuOf),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const impatient = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await gone;
      clearTimeout(impatient);
    },
  };
}

/** Of a process and those that it started. */
const total = (pid: number, of: (pid: number) => number): number => childrenOf(pid).reduce((sum, child) => sum + total(child, of), of(pid));

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

const residentOf = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function told(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => reject(new Error(`the server did not say where it listens\n${text}`)), READY_WITHIN);
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const port = /http:\/\/localhost:(\d+)/.exec(text)?.[1];
      if (port === undefined) return;
      clearTimeout(late);
      resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`the server ended with ${code}\n${text}`));
    });
  });
}

async function answering(child: ChildProcess, port: number): Promise<number> {
  child.stdout?.resume();
  const end = Date.now() + READY_WITHIN;
  while (Date.now() < end && child.exitCode === null) {
    const there = await new Promise<boolean>((resolve) => {
      const knock = connect({ host: '127.0.0.1', port }, () => resolve(true)).once('error', () => resolve(false));
      knock.once('connect', () => knock.destroy());
    });
    if (there) return port;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(child.exitCode === null ? `nothing answers at port ${port}` : `the server ended with ${child.exitCode}`);
}
