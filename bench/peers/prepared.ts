import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program } from './event-server.ts';

/** Where a peer keeps what was fetched or built for it. No ordinary installation brings it. */
export const folderOf = (peer: string): string => fileURLToPath(new URL(`../out/peers/${peer}/`, import.meta.url));

/** The path of a program that this machine has. */
export function found(name: string, also: readonly string[] = []): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', ...also];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** @throws Error with the end of what it printed */
export function command(file: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        text = (text + String(chunk)).slice(-2_000);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${basename(file)} ${args.join(' ')} failed:\n${text}`))));
  });
}

/** What `npm run bench -- --prepare` does for a peer. */
export const howTo = (peer: string): string => `not fetched yet: npm run bench -- --prepare --peers ${peer}`;

/** Packages of npm in a peer's own folder, and its program beside them. */
export function npmPeer(peer: string, packages: Readonly<Record<string, string>>, file: string) {
  const folder = folderOf(peer);
  const [first = ''] = Object.keys(packages);
  const wanted = JSON.stringify({ private: true, type: 'module', dependencies: packages });
  const there = (): boolean =>
    existsSync(join(folder, 'node_modules', first, 'package.json')) && readFileSync(join(folder, 'package.json'), 'utf8') === wanted;
  return {
    folder,
    version: (): string => packages[first] ?? '',
    missing: (): string | undefined => (there() ? undefined : howTo(peer)),
    async prepare(): Promise<void> {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'package.json'), wanted);
      await command('npm', ['install', '--no-fund', '--no-audit', '--ignore-scripts', '--no-package-lock'], folder);
      // npm writes the file anew; ours says what was asked for.
      writeFileSync(join(folder, 'package.json'), wanted);
    },
    /** The program as it is now, beside its packages. */
    program(): string {
      const path = join(folder, file);
      copyFileSync(program(file), path);
      return path;
    },
  };
}

/** A program in C, compiled when it changed. @returns its path, or undefined without a compiler */
export function compiled(name: string): string | undefined {
  const [source, folder] = [program(`${name}.c`), folderOf(name)];
  const [target, copy] = [join(folder, name), join(folder, `${name}.c`)];
  if (existsSync(target) && existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(source, 'utf8')) return target;
  mkdirSync(folder, { recursive: true });
  if (spawnSync('cc', ['-O2', '-o', target, source], { stdio: 'inherit' }).status !== 0) return undefined;
  copyFileSync(source, copy);
  return target;
}
