import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { hashOf } from './contents.ts';

/** Bytes that a database refers to. */
interface Kept {
  readonly hash: string;
  readonly picture: boolean;
}

const pathIn = (folder: string, hash: string): string => join(folder, hash.slice(0, 2), hash);

/** The names of all contents of a folder and their still pictures, from the folder on. None when there is no folder. */
async function namesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}(\.webp)?$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/**
 * Copies what is there and is not in the copy yet, each file onto the disk. What is swept meanwhile is left out.
 * @returns how many were copied
 */
export async function copyContents(from: string, to: string): Promise<number> {
  const there = new Set(await namesIn(to));
  let copied = 0;
  for (const name of await namesIn(from)) {
    if (there.has(name)) continue;
    const target = join(to, name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      // Where the file system can, the copy shares the blocks and costs nothing.
      await copyFile(join(from, name), target, constants.COPYFILE_FICLONE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      throw error;
    }
    const handle = await open(target, 'r+');
    await handle.sync().finally(() => handle.close());
    copied++;
  }
  return copied;
}

/** Takes out of a copy what its database doesn't refer to. */
export async function trimContents(folder: string, kept: readonly Kept[]): Promise<void> {
  const wanted = new Set(kept.map(({ hash }) => hash));
  for (const name of await namesIn(folder)) {
    const hash = /[0-9a-f]{64}/.exec(name)?.[0];
    if (hash !== undefined && !wanted.has(hash)) await rm(join(folder, name));
  }
}

/**
 * Reads every file that a database refers to.
 * @returns a sentence for each that is missing or is not what its hash says, and how many there are
 */
export async function checkContents(folder: string, kept: readonly Kept[]): Promise<{ findings: string[]; count: number }> {
  const findings: string[] = [];
  const names = new Set(await namesIn(folder));
  for (const { hash, picture } of kept) {
    const name = relative(folder, pathIn(folder, hash));
    if (!names.has(name)) findings.push(`The file ${name} is missing.`);
    else if ((await hashOf(pathIn(folder, hash))) !== hash) findings.push(`The file ${name} is not what its name says: it was damaged.`);
    if (picture && !names.has(`${name}.webp`)) findings.push(`The file ${name}.webp, a still picture, is missing.`);
  }
  return { findings, count: kept.length };
}
