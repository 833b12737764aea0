import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SudaError } from '@suda/protocol';
import type { Others } from '../others.ts';
import { Locks } from './locks.ts';

/** The folder of the files in the data folder. */
export const FILES = 'files';

/** An upload of which nothing has come for so long is given up, in milliseconds. */
const STALLED = 30_000;

type Locked = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** Where what has no name yet is. @param process whose, where there are several */
export const incomingOf = (folder: string, process = ''): string => join(folder, 'incoming', process);

const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name);

/**
 * The bytes of files, each under the SHA-256 of what it says: `files/ab/ab12…`, and beside it `ab12….webp`, the still picture that
 * stands for it. So the same bytes are kept once, and a file can be proved to be what it was.
 *
 * What has no name yet is in `files/incoming`. A name appears only when all of it is on disk, so a crash leaves nothing half there.
 */
export class Contents {
  readonly folder: string;
  readonly #incoming: string;
  readonly #locked: Locked;

  private constructor(folder: string, incoming: string, locked: Locked) {
    this.folder = folder;
    this.#incoming = incoming;
    this.#locked = locked;
  }

  /**
   * Opens the folder, making it if need be, and throws away what was under way when the last process ended.
   * @param among the other processes that have it open, if there are any: this one then has a part of `files/incoming` for itself
   */
  static async open(folder: string, among?: Pick<Others, 'name' | 'locked'>): Promise<Contents> {
    const locks = new Locks();
    const locked: Locked = among === undefined ? (name, work) => locks.run(name, work) : (name, work) => among.locked(name, work);
    const contents = new Contents(folder, incomingOf(folder, among?.name), locked);
    await rm(contents.#incoming, { recursive: true, force: true });
    await mkdir(contents.#incoming, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    await syncFolder(dirname(folder));
    return contents;
  }

  /** Where the bytes of this hash are. */
  path(hash: string): string {
    return join(this.folder, hash.slice(0, 2), hash);
  }

  /** Where the still picture of this hash is. */
  stillPath(hash: string): string {
    return `${this.path(hash)}.webp`;
  }

  /** The name of a file that is thrown away unless it is kept. */
  temporary(): string {
    return join(this.#incoming, randomUUID());
  }

  /**
   * Writes a stream to a temporary file, of which nothing is left if this fails.
   * @param limit bytes
   * @throws SudaError `payload_too_large`, `storage_full`; whatever broke the stream
   */
  async receive(stream: Readable, limit: number): Promise<string> {
    const path = this.temporary();
    const bytes = measured(limit);
    const cut = (): void => {
      if (!stream.readableEnded) bytes.destroy(new SudaError('invalid', 'The upload was cut.'));
    };
    stream.once('close', cut);
    if (stream.destroyed) cut();
    stream.pipe(bytes);
    try {
      await pipeline(bytes, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      return path;
    } catch (error) {
      await rm(path, { force: true });
      // What still comes is let go: a connection that were closed now could lose the answer on its way.
      stream.unpipe(bytes);
      stream.resume();
      throw asRefusal(error);
    } finally {
      stream.off('close', cut);
    }
  }

  /** Runs while nobody else keeps or removes these bytes. */
  whileHeld<T>(hash: string, work: () => Promise<T>): Promise<T> {
    return this.#locked(hash, work);
  }

  /** Gives a temporary file, and its still picture if it has one, their names; they are on disk then. Held by the caller. */
  async keep(hash: string, file: string, still: string | null): Promise<void> {
    const path = this.path(hash);
    const folder = dirname(path);
    try {
      if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(this.folder);
      // The picture first: who finds the file finds both.
      if (still !== null) await place(still, this.stillPath(hash));
      await place(file, path);
      await syncFolder(folder);
    } catch (error) {
      throw asRefusal(error);
    }
  }

  async has(hash: string): Promise<boolean> {
    return stat(this.path(hash)).then(
      () => true,
      () => false,
    );
  }

  /** Forgets the bytes. Held by the caller. */
  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { force: true });
    await rm(this.stillPath(hash), { force: true });
  }

  /** Every hash of which there are bytes, with the time at which they came. */
  async *all(): AsyncIterable<{ readonly hash: string; readonly at: number }> {
    for (const folder of await readdir(this.folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await readdir(join(this.folder, folder))) {
        if (!isHash(name)) continue;
        const { mtimeMs } = await stat(join(this.folder, folder, name)).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
        yield { hash: name, at: mtimeMs };
      }
    }
  }
}

/** SHA-256 of a file, in hexadecimal, without having it in memory. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Passes bytes on as long as they come, and are not too many. */
function measured(limit: number): Transform {
  let size = 0;
  const giveUp = (): void => void bytes.destroy(new SudaError('unavailable', 'The upload stopped.'));
  let timer = setTimeout(giveUp, STALLED);
  const bytes = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, STALLED);
      size += chunk.length;
      done(size > limit ? new SudaError('payload_too_large', `A file may have at most ${limit} bytes.`) : null, chunk);
    },
    flush(done) {
      done(size === 0 ? new SudaError('invalid', 'The file is empty.') : null);
    },
    destroy(error, done) {
      clearTimeout(timer);
      done(error);
    },
  });
  return bytes;
}

async function place(from: string, to: string): Promise<void> {
  const handle = await open(from, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(from, to);
}

/** Makes the names in a folder durable. Where a folder can't be opened (Windows), its file system does so by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  try {
    await handle?.sync();
  } finally {
    await handle?.close();
  }
}

/** What the disk says, as a refusal. */
function asRefusal(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') return new SudaError('storage_full');
  return error;
}
