import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UserId } from '@suda/protocol';
import type { Offered } from './gifs/provider.ts';
import type { RateClass } from './rates.ts';

/** What one process of a server tells the others: what stands in no log, and concerns all. */
export type Word =
  /** For whoever listens to a topic. Ephemeral. */
  | { readonly type: 'event'; readonly topic: string; readonly event: string; readonly data: unknown }
  /** Someone's first session there has begun, or their last one has ended. A process that died says the latter too. */
  | { readonly type: 'arrived' | 'departed'; readonly user: UserId }
  /** So much of a rate, or less than nothing for what was given back. */
  | { readonly type: 'spent'; readonly kind: RateClass; readonly who: string; readonly count: number }
  /** What a provider of GIFs has found: it may be taken anywhere. */
  | { readonly type: 'offered'; readonly gifs: readonly Offered[] };

/** The other processes of the same server. */
export interface Others {
  /** Which of them this process is: never one that has been before. */
  readonly name: string;
  tell(word: Word): void;
  /** Hears what the others tell, each of them in its order. */
  hear(listener: (word: Word) => void): void;
  /** Whether this process is the one that does what only one may do. */
  readonly leads: boolean;
  /** Runs as soon as it leads, which then lasts. */
  whenLeading(run: () => void): void;
  /** Runs while nobody else, in any of them, has this name. */
  locked<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Gives a request to the process whose session it is of, by the `sid` of its address. @returns false when that is this one, or none */
  passRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** The same for an upgrade. */
  passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  /** Asks each of the others the same. @returns their answers, as JSON; undefined when it is one of them who asks */
  askedOfAll(request: IncomingMessage): Promise<readonly unknown[]> | undefined;
}
