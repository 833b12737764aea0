import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inbox, within } from '../wire/inbox.ts';

const programs = fileURLToPath(new URL('./python/', import.meta.url));
const requirements = join(programs, 'requirements.txt');
/** One folder for each list of requirements: made once, and used without a network from then on. */
const folder = fileURLToPath(
  new URL(
    `../../node_modules/.cache/suda-python-${createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)}/`,
    import.meta.url,
  ),
);
const python = join(folder, 'bin', 'python');

function step(command: string, args: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 });
  return status === 0 ? undefined : `${error?.message ?? stderr.trim().split('\n').at(-1)}`;
}

/** Makes the environment that the programs run in. @returns why that can't be done here, with the way to change that */
function prepare(): string | undefined {
  const done = join(folder, 'complete');
  if (existsSync(done)) return undefined;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const venv = step('python3', ['-m', 'venv', folder]);
  if (venv !== undefined) return `no python3 that makes environments (${venv}): apt-get install python3 python3-venv`;
  const install = step(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements]);
  if (install !== undefined) return `python-socketio can't be installed (${install}): once, pip has to reach its index`;
  writeFileSync(done, '');
  return undefined;
}

/** Why Python programs can't run here; undefined when they can. */
export const noPython: string | undefined = prepare();

export interface Line {
  readonly is: string;
  // biome-ignore lint/suspicious/noExplicitAny: what the program said, as it said it
  readonly [field: string]: any;
}

/** A Python program that says JSON lines, and may be told some. */
export class PythonProgram {
  readonly lines = new Inbox<Line>();
  readonly #child: ChildProcess;
  readonly #end: Promise<number | null>;

  /** @param name of the file in `clients/python`  @param place its argument */
  constructor(name: string, place: unknown) {
    const child = spawn(python, [join(programs, name), JSON.stringify(place)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.lines.push(JSON.parse(line));
    });
    this.#end = new Promise((resolve) => {
      child.once('error', () => resolve(null));
      child.once('close', resolve);
    });
    void this.#end.then(() => this.lines.end());
  }

  tell(order: Readonly<Record<string, unknown>>): void {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** The lines of one kind so far. */
  all(is: string): Line[] {
    return this.lines.all.filter((line) => line.is === is);
  }

  /** Waits for a line of this kind that fits. @param from how many lines at the beginning are passed over */
  next(is: string, fits: (line: Line) => boolean = () => true, from = 0): Promise<Line> {
    return this.lines.first(is, (line) => line.is === is && fits(line), from);
  }

  /** Resolves with its exit code. Its threads wait for each other at their end, up to a heartbeat of theirs. */
  ended(): Promise<number | null> {
    return within('the end of the program', this.#end, 45_000);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
