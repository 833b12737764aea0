import type { Duplex } from 'node:stream';
import type { Bus, Change, Outcome, RoomCommand } from '@suda/chat';
import { type RoomId, SudaError } from '@suda/protocol';
import type { Others, Word } from '../others.ts';
import { Line } from './line.ts';
import type { Down, Failed, Up } from './messages.ts';

/** So many rooms are remembered as told of; of others it is asked. */
const ROOMS = 20_000;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: SudaError) => void;
}

/**
 * A worker's line to the primary: its way to the store, its bus, and the other workers.
 *
 * Everything comes in the order of the commits: what others did and what came of one's own commands. Listeners hear each before
 * whoever asked for it is answered, so that a removal takes effect before anything that was said after it is told (P7).
 */
export class Link implements Omit<Others, 'passRequest' | 'passUpgrade' | 'askedOfAll'>, Bus {
  readonly name: string;
  readonly #line: Line<Down, Up>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(changes: readonly Change[]) => void>();
  readonly #hearers = new Set<(word: Word) => void>();
  /** Heads of rooms up to which everything was told. */
  readonly #heads = new Map<RoomId, number>();
  /** What was told while nobody could hear it yet. */
  #early: Word[] | undefined = [];
  #asked = 0;
  #leads = false;
  #whenLeading: (() => void)[] = [];

  /** @param over runs when the primary is gone */
  constructor(name: string, stream: Duplex, over: () => void) {
    this.name = name;
    this.#line = new Line<Down, Up>(stream, (message) => this.#take(message), over);
  }

  get leads(): boolean {
    return this.#leads;
  }

  whenLeading(run: () => void): void {
    if (this.#leads) run();
    else this.#whenLeading.push(run);
  }

  execute(command: RoomCommand, now: number): Promise<Outcome> {
    return this.#ask((id) => ['execute', id, command, now]);
  }

  /** Resolves when all is told that a reader may have seen of this room by now. */
  async caughtUp(room: RoomId, head: number): Promise<void> {
    if ((this.#heads.get(room) ?? -1) >= head) return;
    await this.#ask<void>((id) => ['fence', id]);
    this.#note(room, head);
  }

  async locked<T>(name: string, work: () => Promise<T>): Promise<T> {
    const id = await this.#ask<number>((lock) => ['lock', lock, name]);
    try {
      return await work();
    } finally {
      this.#line.send(['unlock', id]);
    }
  }

  tell(word: Word): void {
    this.#line.send(['word', word]);
  }

  hear(listener: (word: Word) => void): void {
    this.#hearers.add(listener);
  }

  /** All hearers are there: they hear what was told so far, and from now on at once. */
  attend(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const word of early) this.#hear(word);
  }

  #hear(word: Word): void {
    if (this.#early !== undefined) this.#early.push(word);
    else for (const hearer of this.#hearers) hearer(word);
  }

  /** Everyone has heard it from the primary. */
  publish(): void {}

  subscribe(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }

  #ask<T>(message: (id: number) => Up): Promise<T> {
    const id = ++this.#asked;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#line.send(message(id));
    });
  }

  #take(message: Down): void {
    switch (message[0]) {
      case 'committed': {
        const [, worker, id, changes] = message;
        for (const change of changes) if (change.type === 'message') this.#note(change.message.room, change.message.rev);
        for (const listener of this.#listeners) listener(changes);
        if (worker === this.name) this.#answer(id, { status: 'done', changes } satisfies Outcome);
        break;
      }
      case 'outcome':
        this.#answer(message[1], message[2]);
        break;
      case 'told':
      case 'locked':
        this.#answer(message[1], message[1]);
        break;
      case 'lead':
        this.#leads = true;
        for (const run of this.#whenLeading.splice(0)) run();
        break;
      case 'word':
        this.#hear(message[1]);
    }
  }

  #answer(id: number, value: Outcome | Failed | number): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (typeof value === 'object' && 'failed' in value) waiting?.reject(new SudaError(value.failed));
    else waiting?.resolve(value as never);
  }

  #note(room: RoomId, head: number): void {
    // The longest untold first: a room that is talked in stays.
    this.#heads.delete(room);
    this.#heads.set(room, head);
    if (this.#heads.size <= ROOMS) return;
    const oldest = this.#heads.keys().next();
    if (!oldest.done) this.#heads.delete(oldest.value);
  }
}
