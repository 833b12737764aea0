import type { ChangesPage, CommandName, Cursor, EventName, ResetPage, WireError } from '@suda/protocol';
import type { Clock } from '../clock.ts';
import type { Dialers } from '../dialers.ts';
import type { TransportName } from '../types.ts';
import type { Http } from './http.ts';

/** What `room.open` answers. */
export type Page = ChangesPage | ResetPage;

/** Why a link is no more. */
export interface Loss {
  /** As of a WebSocket: 1006 for whatever broke. */
  readonly code: number;
  /** A refusal, when the server gave one. */
  readonly error?: WireError;
}

/** What a link tells its owner. After `lost`, or after the owner closed it: nothing. */
export interface LinkHandlers {
  /** Commands may be sent. */
  open(): void;
  /** Something came from the server: it lives. */
  heard(): void;
  event(name: EventName, data: unknown): void;
  /** News of a room that came without being asked for (a poll's answer). */
  page(page: Page): void;
  /** Once. */
  lost(loss: Loss): void;
}

/** One connection over one transport, from dialling to its end. */
export interface Link {
  readonly transport: TransportName;
  /** Milliseconds without a word after which one should ask. */
  readonly quiet: number;
  /** @throws SudaClientError */
  command(name: CommandName, input: object): Promise<unknown>;
  /** After the greeting: the events may come. Resolves when they can. @throws SudaClientError */
  start(): Promise<void>;
  /** The opened rooms are others now. */
  listen(): void;
  /** Makes the server say something, so that `heard` tells. */
  ping(): void;
  /** Lets go. Commands under way reject with `unavailable`. */
  close(): void;
}

export interface LinkContext {
  readonly url: string;
  readonly clock: Clock;
  readonly dial: Required<Dialers>;
  readonly http: Http;
  /** The rooms to hear of, and what we have of each. */
  cursors(): ReadonlyMap<string, Cursor>;
}

export type DialLink = (context: LinkContext, handlers: LinkHandlers) => Link;

/** A link must be open, and its first bytes there, within this many milliseconds. */
export const OPEN_WITHIN = 10_000;
/** A command without an answer for so long is given up. */
export const ANSWER_WITHIN = 30_000;
