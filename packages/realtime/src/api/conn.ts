import type { IncomingMessage } from 'node:http';

/** What a socket came over. */
export interface Conn {
  readonly id: string;
  readonly remoteAddress: string;
  readonly request: IncomingMessage;
  /** `socketio`, `websocket`, `sse` or `polling`. */
  readonly transport: { readonly name: string };
}
