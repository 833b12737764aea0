import type { Socket } from 'node:net';
import type { Config } from '../config.ts';

/** What a worker is given when it begins. */
export interface Beginning {
  readonly config: Config;
  readonly secret: string;
  /** Of the data. */
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  /** Where the workers' sockets are. */
  readonly sockets: string;
}

/** From the primary, over the channel that Node keeps; a moved connection comes with its socket. */
export type ToWorker =
  | { readonly type: 'begin'; readonly beginning: Beginning }
  | { readonly type: 'stop' }
  | { readonly type: 'moved'; readonly head: string };

/** To the primary. */
export type FromWorker = { readonly type: 'serving' } | { readonly type: 'move'; readonly owner: string; readonly head: string };

/**
 * Keeps a socket from reading before it is sent to another process. Node closes the sender's copy only when the receiver has said that
 * it has it, and what that copy reads until then is lost; of its public methods none stops the reading at once.
 */
export function stopReading(socket: Socket): void {
  (socket as unknown as { readonly _handle?: { readStop?(): void } | null })._handle?.readStop?.();
}

/** Which of a worker's files is the line to the primary. */
export const LINE_FD = 4;
