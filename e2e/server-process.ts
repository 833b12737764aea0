import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));

/** A port that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

/** The product as its users start it: a process of its own on a data folder and port that stay the same from life to life. */
export class ServerProcess {
  readonly port: number;
  readonly folder: string;
  readonly url: string;
  readonly #flags: readonly string[];
  readonly #runtime: readonly string[];
  #child: ChildProcess | undefined;
  /** What it printed since it was last started. */
  said = '';

  constructor(port: number, flags: readonly string[], runtime: readonly string[] = []) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.folder = mkdtempSync(join(tmpdir(), 'suda-e2e-'));
    this.#flags = flags;
    this.#runtime = runtime;
  }

  /** @param flags beside port, host, data folder and a quiet log; @param runtime flags of Node's own */
  static async start(flags: readonly string[] = [], runtime: readonly string[] = []): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), flags, runtime);
    await server.start();
    return server;
  }

  /** Resolves when it is listening. */
  start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...this.#runtime,
        cli,
        'start',
        '--port',
        String(this.port),
        '--host',
        '127.0.0.1',
        '--data',
        this.folder,
        '--log-level',
        'warn',
        ...this.#flags,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#child = child;
    this.said = '';
    return new Promise((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        this.said += String(chunk);
        if (this.said.includes('Suda is listening')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it listened`)));
    });
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Sends a signal and waits for the end. @returns the exit code; null after a kill */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  /** Ends it and forgets its folder. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** One call over plain HTTP. */
  async call<T>(method: string, path: string, body?: unknown, token?: string): Promise<{ status: number; body: T }> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  /** A new guest. */
  async guest(name: string): Promise<{ id: string; token: string }> {
    const { body } = await this.call<{ user: { id: string }; token: string }>('POST', '/v1/session', { name });
    return { id: body.user.id, token: body.token };
  }
}
