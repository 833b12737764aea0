import type { Outcome, RoomCommand } from '@suda/chat';
import type { ErrorCode } from '@suda/protocol';
import type { Word } from '../others.ts';

/** What a worker says to the primary. `id` counts its questions. */
export type Up =
  | readonly ['execute', id: number, command: RoomCommand, now: number]
  /** Has everything been told that was committed by now? */
  | readonly ['fence', id: number]
  | readonly ['lock', id: number, name: string]
  | readonly ['unlock', id: number]
  | readonly ['word', Word];

/** A command that failed: nobody knows whether it was carried out. */
export interface Failed {
  readonly failed: ErrorCode;
}

/** What the primary says to a worker. What was committed comes to every worker, in the order of the commits. */
export type Down =
  | readonly ['committed', worker: string, id: number, Extract<Outcome, { status: 'done' }>['changes']]
  /** Of one's own command that changed nothing. */
  | readonly ['outcome', id: number, Outcome | Failed]
  | readonly ['told', id: number]
  | readonly ['locked', id: number]
  | readonly ['lead']
  | readonly ['word', Word];
