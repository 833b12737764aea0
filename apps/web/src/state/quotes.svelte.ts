import { SudaClientError } from '@suda/client';
import type { Message } from '@suda/protocol';
import { suda } from './session.svelte.ts';

/** Who could not be told what a quote says asks again after so long at first, and at last. Milliseconds. */
const again = { first: 500, last: 15_000 };

/**
 * Messages that are quoted but not in the window, each asked for once. Changes of them are heard,
 * so that a deleted message leaves no quote of its text.
 */
export class Quotes {
  #known = $state.raw<ReadonlyMap<string, Message | 'missing'>>(new Map());
  readonly #asked = new Set<string>();
  readonly #stop: () => void;
  #stopped = false;

  constructor() {
    this.#stop = suda.on('message.changed', (message) => {
      const key = `${message.room}/${message.pos}`;
      if (this.#known.has(key)) this.#keep(key, message);
    });
  }

  /** @returns undefined while it is on its way */
  get(room: string, pos: number): Message | 'missing' | undefined {
    return this.#known.get(`${room}/${pos}`);
  }

  /** Asks for it, if that was not done before, until there is an answer. */
  async want(room: string, pos: number): Promise<void> {
    const key = `${room}/${pos}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    for (let wait = again.first; !this.#stopped; wait = Math.min(wait * 2, again.last)) {
      try {
        const { messages } = await suda.command('message.list', { room, around: pos, limit: 1 });
        return this.#keep(key, messages.find((message) => message.pos === pos) ?? 'missing');
      } catch (error) {
        if (error instanceof SudaClientError && !error.retry) return this.#keep(key, 'missing');
        const least = error instanceof SudaClientError ? (error.retryAfter ?? 0) : 0;
        await new Promise((passed) => setTimeout(passed, Math.max(wait, least)));
      }
    }
  }

  #keep(key: string, message: Message | 'missing'): void {
    this.#known = new Map(this.#known).set(key, message);
  }

  stop(): void {
    this.#stopped = true;
    this.#stop();
  }
}
