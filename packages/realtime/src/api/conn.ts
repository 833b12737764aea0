import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';

/** Where a connection's facts are. */
export interface ConnSource {
  readonly id: string;
  readonly remoteAddress: string;
  readonly request: IncomingMessage;
  /** `polling` or `websocket` for a Socket.IO client; else that of the native transport. */
  transport(): string;
  isOpen(): boolean;
  close(): void;
}

/**
 * What a socket came over; the namespaces of one Socket.IO client share it. Says `upgrade`, with the new transport, and `close`, with the
 * reason.
 */
export class Conn extends EventEmitter {
  readonly #source: ConnSource;

  constructor(source: ConnSource) {
    super();
    this.#source = source;
  }

  get id(): string {
    return this.#source.id;
  }

  get remoteAddress(): string {
    return this.#source.remoteAddress;
  }

  get request(): IncomingMessage {
    return this.#source.request;
  }

  get transport(): { readonly name: string } {
    return { name: this.#source.transport() };
  }

  get readyState(): 'open' | 'closed' {
    return this.#source.isOpen() ? 'open' : 'closed';
  }

  /** Of Engine.IO. */
  get protocol(): number {
    return 4;
  }

  close(): void {
    this.#source.close();
  }
}
