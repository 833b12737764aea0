import type { Cost } from '../measure/tally.ts';
import type { NewFrame } from '../wire/frame.ts';
import type { Api, Handshake } from './api.ts';

/** The five ways, in the order in which they were invented. */
export const laneNames = ['polling', 'longPolling', 'sse', 'websocket', 'socketio'] as const;
export type LaneName = (typeof laneNames)[number];
export type LaneState = 'connecting' | 'open' | 'closed';

/** Ways to say something: three of the five only hear. */
export const sendWays = ['http', 'websocket', 'socketio'] as const;
export type SendWay = (typeof sendWays)[number];

export interface Cursor {
  readonly epoch: string;
  readonly rev: number;
}

/** What the lab needs to know of a message, whichever way it came. */
export interface Heard {
  readonly pos: number;
  readonly rev: number;
  readonly clientId?: string;
  readonly text?: string;
  readonly kind?: string;
  readonly sender?: { readonly name: string } | null;
}

/** How it ended: a code where the protocol has one, and words where it has only words. */
export interface Closing {
  readonly code?: number;
  readonly reason: string;
}

/** What a lane tells of itself. */
export interface LaneHost {
  readonly api: Api;
  readonly room: string;
  /** "I have every change up to here": what a lane goes on from when it comes back. */
  readonly cursor: Cursor;
  state(state: LaneState, closing?: Closing): void;
  spend(cost: Cost): void;
  /** A frame for the list; its bytes are spent, unless they are counted elsewhere. */
  frame(frame: NewFrame, counted?: 'listening' | 'sending' | 'elsewhere'): void;
  /** Messages that are new or have changed. @param cursor where the room's log stands now; without it, at the last message's rev */
  hear(messages: readonly Heard[], cursor?: Cursor): void;
  handshakes(handshakes: readonly Handshake[]): void;
  /** What carries it at the moment, for the one that can change horses. */
  carriedBy(carrier: string): void;
}

export interface Lane {
  open(): void;
  /** Ends it from this side, in the protocol's own way. */
  cut(): void;
  /** Makes the server end it, by the protocol's rules; only where there is such a rule. */
  provoke?(): void;
  /** Breaks the line under it, without a word; only where a line is held. */
  breakLine?(): Promise<void>;
  /** Says something over this very connection; only where that is possible. */
  send?(clientId: string, text: string): Promise<void>;
}

/** Something that no one can guess, and short: it travels in an address. */
export function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(36).padStart(2, '0')).join('');
}

/** Waits, or less if it is called off. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
