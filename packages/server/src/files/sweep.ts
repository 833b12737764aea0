import type { Chat } from '@suda/chat';
import type { UserId } from '@suda/protocol';
import type { Contents } from './contents.ts';

/** An upload may wait so long for its message, in milliseconds. */
export const STRAY_FOR = 86_400_000;
const EVERY = 3_600_000;
/** Looked up at once. */
const PAGE = 200;

/**
 * Throws away what nobody refers to: uploads that no message took up within a day, and files whose messages were taken back or
 * went with their room. First the store forgets the file, if it still is stray then; then the bytes go, if no other file has them.
 */
export class Sweep {
  readonly #chat: Chat;
  readonly #contents: Contents;
  readonly #now: () => number;
  readonly #onError: (error: unknown) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(chat: Chat, contents: Contents, now: () => number, onError: (error: unknown) => void) {
    this.#chat = chat;
    this.#contents = contents;
    this.#now = now;
    this.#onError = onError;
  }

  /** Sweeps now and every hour. At the beginning also the bytes that a crash left without a file. */
  begin(): void {
    this.#run(async () => {
      await this.strays();
      await this.orphans();
    });
    this.#timer = setInterval(() => this.#run(() => this.strays()), EVERY);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  #run(work: () => Promise<void>): void {
    this.#running = this.#running.then(work).catch((error) => {
      if (!this.#stopped) this.#onError(error);
    });
  }

  /** Files that no message carries, a day after they came. */
  async strays(): Promise<void> {
    const before = this.#now() - STRAY_FOR;
    for (;;) {
      const files = await this.#chat.store.strayFiles(before, PAGE);
      for (const { id, hash } of files) {
        if (this.#stopped) return;
        await this.#chat.execute({ type: 'file.drop', actor: 'system' as UserId, file: id });
        await this.#release(hash);
      }
      if (files.length < PAGE) return;
    }
  }

  /** Bytes that no file has: their upload was never acknowledged. */
  async orphans(): Promise<void> {
    const before = this.#now() - STRAY_FOR;
    for await (const { hash, at } of this.#contents.all()) {
      if (this.#stopped) return;
      if (at < before) await this.#release(hash);
    }
  }

  #release(hash: string): Promise<void> {
    return this.#contents.whileHeld(hash, async () => {
      if (!(await this.#chat.store.hasContent(hash))) await this.#contents.remove(hash);
    });
  }
}
