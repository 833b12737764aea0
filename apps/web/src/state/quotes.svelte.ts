import type { Message } from '@suda/protocol';
import { suda } from './session.svelte.ts';

/**
 * Messages that are quoted but not in the window, each asked for once. Changes of them are heard,
 * so that a deleted message leaves no quote of its text.
 */
export class Quotes {
  #known = $state.raw<ReadonlyMap<string, Message | 'missing'>>(new Map());
  readonly #asked = new Set<string>();
  readonly #stop: () => void;

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

  /** Asks for it, if that was not done before. */
  async want(room: string, pos: number): Promise<void> {
    const key = `${room}/${pos}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      const { messages } = await suda.command('message.list', { room, around: pos, limit: 1 });
      this.#keep(key, messages.find((message) => message.pos === pos) ?? 'missing');
    } catch {
      this.#asked.delete(key);
    }
  }

  #keep(key: string, message: Message | 'missing'): void {
    this.#known = new Map(this.#known).set(key, message);
  }

  stop(): void {
    this.#stop();
  }
}
