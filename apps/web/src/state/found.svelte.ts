import type { ErrorCode, Message } from '@suda/protocol';
import { codeOf, suda } from './session.svelte.ts';

interface Page {
  readonly messages: Message[];
  readonly next?: string | undefined;
}

/** Messages from all over, page by page, and how it stands with them. What is edited or deleted meanwhile shows it. */
export class Found {
  #messages = $state.raw<readonly Message[]>([]);
  #state = $state<'idle' | 'asking' | 'done' | 'failed'>('idle');
  #code = $state<ErrorCode | 'unknown' | null>(null);
  #next = $state<string | undefined>();
  #ask: ((before: string | undefined) => Promise<Page>) | null = null;
  /** Which question the answers are to: one that comes late is of no use. */
  #turn = 0;

  get messages(): readonly Message[] {
    return this.#messages;
  }
  get state() {
    return this.#state;
  }
  get code() {
    return this.#code;
  }
  get more(): boolean {
    return this.#next !== undefined;
  }

  /** Begins anew. What was found before stays until the answer is there. @param ask null: there is nothing to ask */
  async begin(ask: ((before: string | undefined) => Promise<Page>) | null): Promise<void> {
    this.#ask = ask;
    this.#next = undefined;
    this.#turn++;
    if (ask === null) {
      this.#messages = [];
      this.#state = 'idle';
    } else await this.#read(ask, undefined);
  }

  async loadMore(): Promise<void> {
    if (this.#ask !== null && this.#next !== undefined && this.#state !== 'asking') await this.#read(this.#ask, this.#next);
  }

  async #read(ask: (before: string | undefined) => Promise<Page>, before: string | undefined): Promise<void> {
    const turn = this.#turn;
    this.#state = 'asking';
    try {
      const { messages, next } = await ask(before);
      if (turn !== this.#turn) return;
      this.#messages = before === undefined ? messages : [...this.#messages, ...messages];
      this.#next = next;
      this.#state = 'done';
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#code = codeOf(error);
      this.#state = 'failed';
    }
  }

  /** Follows what becomes of these messages. Call while a component is set up. */
  follow(): void {
    $effect(() => {
      const change = (message: Message) => {
        if (!this.#messages.some(({ room, pos }) => room === message.room && pos === message.pos)) return;
        this.#messages = message.deleted
          ? this.#messages.filter(({ room, pos }) => room !== message.room || pos !== message.pos)
          : this.#messages.map((old) => (old.room === message.room && old.pos === message.pos ? message : old));
      };
      const ends = [suda.on('message.changed', change), suda.on('mention', ({ message }) => change(message))];
      return () => {
        for (const end of ends) end();
      };
    });
  }
}
