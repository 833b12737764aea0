import { rm, stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Chat } from '@suda/chat';
import { type Attachment, limits, SudaError, type UserId } from '@suda/protocol';
import { fileTypeFromFile } from 'file-type';
import { type Contents, hashOf } from './contents.ts';
import { isMedia, measureMedia } from './media.ts';
import { isPicture, preparePicture } from './pictures.ts';
import { Slots } from './slots.ts';

/** Pictures that are worked on at once, of all people, and those that may wait for it. */
const [PICTURES, PICTURES_WAITING] = [2, 64] as const;
/** Uploads of one person at once. */
const AT_ONCE = 6;

/** What is of no known kind, and what a browser might take for a page. */
const BYTES = 'application/octet-stream';

/** From a stream of bytes to a file that is on disk, and someone's. */
export class Uploads {
  readonly #contents: Contents;
  readonly #chat: Chat;
  readonly #pictures = new Slots(PICTURES, PICTURES_WAITING);
  readonly #media = new Slots(PICTURES, PICTURES_WAITING);
  readonly #underWay = new Map<UserId, number>();

  constructor(contents: Contents, chat: Chat) {
    this.#contents = contents;
    this.#chat = chat;
  }

  /**
   * Takes an upload. When this resolves, the file is on disk and known (P1); if it rejects, nothing of it is left.
   * @param name as its owner calls it  @param source the provider that it is taken from
   * @throws SudaError `payload_too_large`, `unsupported_type`, `too_many_files`, `rate_limited`, `storage_full`, `unavailable`
   */
  async take(user: UserId, name: string, stream: Readable, source?: Attachment['source']): Promise<Attachment> {
    const already = this.#underWay.get(user) ?? 0;
    if (already >= AT_ONCE) throw new SudaError('rate_limited', `At most ${AT_ONCE} uploads at once.`, 1_000);
    this.#underWay.set(user, already + 1);
    try {
      const path = await this.#contents.receive(stream, limits.fileBytes);
      try {
        return await this.#keep(user, source === undefined ? { name } : { name, source }, path);
      } finally {
        await rm(path, { force: true });
      }
    } finally {
      const left = (this.#underWay.get(user) ?? 1) - 1;
      if (left > 0) this.#underWay.set(user, left);
      else this.#underWay.delete(user);
    }
  }

  async #keep(user: UserId, said: Pick<Attachment, 'name' | 'source'>, path: string): Promise<Attachment> {
    const type = await typeOf(path);
    if (said.source !== undefined && !isPicture(type)) throw noGif();
    if (!isPicture(type)) {
      const media = isMedia(type) ? await this.#media.run(() => measureMedia(path)) : {};
      return this.#put(user, { ...said, type, size: (await stat(path)).size, ...media }, path, null);
    }
    const [out, still] = [this.#contents.temporary(), this.#contents.temporary()];
    try {
      const picture = await this.#pictures.run(() => preparePicture(path, type, out, still));
      const { width, height, animated, duration, placeholder } = picture;
      if (said.source !== undefined && !animated) throw noGif();
      const moving = animated ? { animated: true as const, duration } : {};
      const what = { ...said, type: picture.type, size: (await stat(out)).size, width, height, ...moving, placeholder };
      return await this.#put(user, what, out, still);
    } finally {
      await rm(out, { force: true });
      await rm(still, { force: true });
    }
  }

  /** Held from the look at the disk until the store knows of it, so that a sweep doesn't come between. */
  async #put(user: UserId, what: Omit<Attachment, 'id'>, path: string, still: string | null): Promise<Attachment> {
    const hash = await hashOf(path);
    return this.#contents.whileHeld(hash, async () => {
      if (!(await this.#contents.has(hash))) await this.#contents.keep(hash, path, still);
      return this.#chat.putFile(user, hash, what);
    });
  }
}

/** Of a provider of GIFs, nothing else is kept. */
const noGif = (): SudaError => new SudaError('unsupported_type', 'This is no GIF.');

/** What a file is by its bytes. What a browser might run is bytes and nothing more. */
async function typeOf(path: string): Promise<string> {
  const found = await fileTypeFromFile(path).catch(() => undefined);
  const type = found?.mime ?? BYTES;
  return /xml|html|javascript|^text\//.test(type) ? BYTES : type;
}
