import { rm, stat, writeFile } from 'node:fs/promises';
import type { Attachment } from '@suda/protocol';
import { fileTypeFromBuffer } from 'file-type';
import { type Contents, hashOf } from '../files/contents.ts';
import { isPicture, preparePicture, shrinkPicture } from '../files/pictures.ts';

/** A picture on disk, by its hash. */
export interface Kept {
  readonly hash: string;
  readonly what: Omit<Attachment, 'id'>;
}

/** Draws a stranger's picture anew, small and still, and keeps that. @returns null when it can't be read */
export async function keepSmall(bytes: Buffer, contents: Contents): Promise<Kept | null> {
  const type = (await fileTypeFromBuffer(bytes).catch(() => undefined))?.mime ?? '';
  if (!isPicture(type)) return null;
  const [came, small, out, still] = [contents.temporary(), contents.temporary(), contents.temporary(), contents.temporary()];
  try {
    await writeFile(came, bytes, { flag: 'wx', mode: 0o600 });
    await shrinkPicture(came, small);
    const { width, height, placeholder, type: drawn } = await preparePicture(small, 'image/webp', out, still);
    const hash = await hashOf(out);
    const what = { name: 'preview.webp', type: drawn, size: (await stat(out)).size, width, height, placeholder };
    await contents.whileHeld(hash, async () => {
      if (!(await contents.has(hash))) await contents.keep(hash, out, still);
    });
    return { hash, what };
  } catch {
    return null;
  } finally {
    for (const path of [came, small, out, still]) await rm(path, { force: true });
  }
}
