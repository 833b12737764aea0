import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backup as copyStore, keptContents } from '@suda/store-sqlite';
import { ConfigError, readConfig } from '../config.ts';
import { copyContents, trimContents } from '../files/archive.ts';
import { FILES } from '../files/contents.ts';
import { told } from './told.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `suda backup FILE`: copies the database and, beside it, the files; also while the server runs. */
export async function backup(args: readonly string[]): Promise<number> {
  const { config, positionals } = readConfig(args, process.env, '.env');
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new ConfigError('Name the file to copy to: suda backup FILE [--data DIR]');
  const folder = `${file}.${FILES}`;
  if (existsSync(folder)) throw new ConfigError(`${folder} exists already. A backup overwrites nothing.`);
  const size = await told(() => copyAll(config.data, file, folder));
  const beside = existsSync(folder) ? `, and ${folder} as ${FILES} beside it,` : '';
  process.stdout.write(
    `${file}: ${megabytes(size)}. To restore, put it as suda.db${beside} into an empty folder and start with --data that folder.\n`,
  );
  return 0;
}

/**
 * The files are copied before the database and once more after it: what the copy of the database refers to was there at that moment, and
 * either came before it or is so new that no sweep takes it.
 * @returns the size of the database's copy, in bytes
 */
async function copyAll(data: string, file: string, folder: string): Promise<number> {
  const [from, part] = [join(data, FILES), `${folder}.${process.pid}.part`];
  const isTerminal = process.stderr.isTTY;
  try {
    // What goes wrong here goes wrong below as well, after what is wrong with the database was said.
    await copyContents(from, part).catch(() => 0);
    const size = await copyStore(data, file, ({ done, total }) => {
      if (isTerminal) process.stderr.write(`\r${megabytes(done)} of about ${megabytes(total)} `);
    });
    if (isTerminal) process.stderr.write('\r');
    await finish(from, part, folder, file);
    return size;
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function finish(from: string, part: string, folder: string, file: string): Promise<void> {
  try {
    await copyContents(from, part);
    await trimContents(part, keptContents(file));
    if (existsSync(part)) await rename(part, folder);
  } catch (error) {
    // Half a backup is none.
    await rm(file, { force: true });
    throw error;
  }
}
