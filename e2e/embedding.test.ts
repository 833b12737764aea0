import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { freePort } from './server-process.ts';
import { SOON, within } from './wire/inbox.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/embedding.md'), 'utf8');

/** A part of the page that has a program: what it is called, its text, and what is typed below it. */
interface Shown {
  readonly title: string;
  readonly file: string;
  readonly program: string;
  readonly typed: readonly { readonly command: string; readonly lines: readonly string[] }[];
}

const parts: readonly Shown[] = page
  .split('\n## ')
  .filter((part) => part.includes('```ts\n// '))
  .map((part) => {
    const [, file = '', program = ''] = /```ts\n\/\/ (\S+)\n([\s\S]*?)```/.exec(part) ?? [];
    const typed: { command: string; lines: string[] }[] = [];
    for (const [, block = ''] of part.matchAll(/```console\n([\s\S]*?)```/g)) {
      for (const line of block.trimEnd().split('\n')) {
        if (line.startsWith('$ ')) typed.push({ command: line.slice(2), lines: [] });
        else typed.at(-1)?.lines.push(line);
      }
    }
    return { title: part.split('\n', 1)[0] ?? '', file, program, typed };
  });

/** `…` stands for anything. */
const pattern = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}`,
    'm',
  );

/** Whether a command changes nothing, so that it can be given again. */
const asks = (command: string): boolean => command.startsWith('curl ') && !/ -[Xdc] /.test(command);

/** A folder as a user's own, where the packages are found and `node` and `tsc` are the pinned ones. */
class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'suda-embedding-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor() {
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'), 'junction');
    writeFileSync(join(this.folder, 'package.json'), '{"type": "module"}');
    this.#env = { ...process.env, PATH: [dirname(process.execPath), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };
  }

  #spawn(command: string): ChildProcess {
    return spawn('bash', ['-c', command], { cwd: this.folder, env: this.#env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  }

  run(command: string): Promise<string> {
    const child = this.#spawn(command);
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', () => resolve(text));
    });
  }

  /** Resolves when the program says that it is listening. It is ended after the test. */
  async serve(context: TestContext, command: string): Promise<void> {
    const child = this.#spawn(command);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    context.after(async () => {
      // The shell and what it started.
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
      await ended;
      rmSync(this.folder, { recursive: true, force: true });
    });
    const listening = new Promise<void>((resolve, reject) => {
      child.stdout?.on('data', (chunk) => {
        if (String(chunk).includes('listening')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)));
    });
    await within(`${command} to listen`, listening, 60_000);
  }
}

describe('the page about embedding', { concurrency: 1 }, () => {
  it('has a program for each of the frameworks, and one for tokens', () => {
    assert.deepEqual(
      parts.map(({ title }) => title),
      ['Any Node server', 'Express 5', 'Fastify 5', 'Nest', 'Your own events', 'People with tokens'],
    );
    for (const { typed } of parts) assert.ok(typed.length >= 3);
  });

  for (const { title, file, program, typed } of parts) {
    it(`${title}: the program runs, and each line gives what is shown`, { timeout: 120_000 }, async (context) => {
      const port = await freePort();
      const workshop = new Workshop();
      const here = (text: string): string => text.replaceAll('3000', String(port));
      writeFileSync(join(workshop.folder, file), here(program));
      const [first, ...rest] = typed;
      const own = first?.lines[0] === 'listening';
      await workshop.serve(context, own ? `${first.command}` : `node ${file}`);
      for (const { command, lines } of own ? rest : typed) {
        const shows = (text: string): boolean => lines.every((line) => pattern(line).test(text));
        let text = await workshop.run(here(command));
        // What the program does because of something else is there soon, and not at once.
        const end = Date.now() + SOON;
        while (asks(command) && !shows(text) && Date.now() < end) text = await workshop.run(here(command));
        for (const line of lines) assert.match(text, pattern(line), `$ ${command}`);
      }
    });
  }
});
