import type { CloseName, WireError } from '@suda/protocol';
import type { Session } from './session.ts';
import type { Spoken } from './words.ts';

export type TransportName = 'websocket' | 'socketio' | 'sse' | 'polling';

/** How a transport writes things down. Shared by all its connections, so that an event is encoded once for all of them. */
export interface Encoding {
  readonly name: string;
  /** Whether the other side can answer what it is asked. */
  readonly asks?: boolean;
  /** @param json the event's data, encoded already */
  event(name: string, json: string): Uint8Array;
  /**
   * Only where the frame of a log entry differs from session to session (an event stream's `id:` names all its cursors).
   * Without it, log entries are written by `event` and shared.
   */
  logged?(name: string, json: string, session: Session): Uint8Array;
  /**
   * An application's own event with all its arguments, bytes among them; with an id it asks for an acknowledgement.
   * Without it `event` carries the arguments as one JSON value, and the client can't be asked.
   */
  words?(spoken: Spoken): Uint8Array;
  /** The acknowledgement of a client's event with several arguments; without it `reply` carries them as one JSON value. */
  acknowledgement?(id: number | string, args: readonly unknown[]): Uint8Array;
  reply(id: number | string, json: string): Uint8Array;
  refusal(id: number | string, error: WireError): Uint8Array;
}

/** What a transport gives to a session: somewhere to put bytes. */
export interface Connection {
  readonly transport: TransportName;
  readonly encoding: Encoding;
  /** Bytes that were written and have not left this process. */
  readonly buffered: number;
  /** Bytes that left, where sessions share what they write to; otherwise a session counts its own. */
  readonly taken?: number;
  /** It is this session's now. Called before anybody hears of the session. */
  accepted?(session: Session): void;
  /**
   * Writes all of it in one go. Never called after `close`.
   * @returns true if little waits now: nobody needs to look at `buffered`, which costs more
   */
  write(chunks: readonly Uint8Array[]): boolean;
  /** Calls back once, when `buffered` has gone down to nothing. */
  onDrain(run: () => void): void;
  /** Stops or resumes taking from the client. */
  pause(paused: boolean): void;
  /** Asks the other side for a sign of life, if the transport has such a thing. */
  ping(): void;
  close(name: CloseName): void;
  /** Where several sessions share one connection: ends it. */
  hangUp?(): void;
  /** Ends it at once, without a word: the other side does not answer. */
  terminate(): void;
}
