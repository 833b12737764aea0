import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Inbox } from '../wire/inbox.ts';

const folder = fileURLToPath(new URL('../../examples', import.meta.url));

export interface ExampleOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Default: `server.ts`. */
  readonly program?: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
}

/** An example as a student starts it: a process of its own, in its own folder, on a port that was free. */
export class Example {
  /** What it prints. */
  readonly lines = new Inbox<string>();
  /** What it prints as errors. */
  readonly errors = new Inbox<string>();
  /** What it says to its parent, where a flag made it say something. */
  readonly notes = new Inbox<unknown>();
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  url = '';

  constructor(name: string, { env = {}, program = 'server.ts', flags = [] }: ExampleOptions = {}) {
    this.#child = spawn(process.execPath, [...flags, program], {
      cwd: join(folder, name),
      env: { PATH: process.env.PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#gone = new Promise((resolve) => this.#child.once('close', () => resolve()));
    this.#child.on('message', (note) => this.notes.push(note));
    const { stdout, stderr } = this.#child;
    if (stdout) createInterface(stdout).on('line', (line) => this.lines.push(line));
    if (stderr) createInterface(stderr).on('line', (line) => this.errors.push(line));
    this.#child.once('close', (code) => {
      if (code) console.error(this.errors.all.join('\n'));
      this.lines.end();
    });
  }

  /** Starts one for as long as a test runs. Resolves when it is listening. */
  static async start(context: TestContext, name: string, options?: ExampleOptions): Promise<Example> {
    const example = new Example(name, options);
    context.after(() => example.end());
    const line = await example.lines.first('address', (each) => each.includes('http://localhost:'));
    example.url = /http:\/\/localhost:\d+/.exec(line)?.[0] ?? '';
    return example;
  }

  /** The same address, for a WebSocket. */
  get ws(): string {
    return this.url.replace('http', 'ws');
  }

  /** Resolves when it ended by itself. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  /** Breaks it off, and waits for its end. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
