import type { Encoding } from './connection.ts';
import { checkEventName } from './event-name.ts';

export interface EntryOptions {
  /** Ids of sessions that are not to hear it. */
  readonly except?: ReadonlySet<string> | undefined;
  /** Whether a reader who is behind gets it all the same, up to the bound at which its connection is ended. Default: it is dropped. */
  readonly kept?: boolean;
}

/** An event on its way out. Encoded at most once for each transport, however many connections it goes to. */
export abstract class Outgoing {
  readonly except: ReadonlySet<string> | undefined;
  readonly kept: boolean;
  #encoding: Encoding | undefined;
  #frame: Uint8Array | undefined;
  #others: Map<Encoding, Uint8Array> | undefined;

  constructor({ except, kept = false }: EntryOptions = {}) {
    this.except = except;
    this.kept = kept;
  }

  protected abstract encode(encoding: Encoding): Uint8Array;

  frame(encoding: Encoding): Uint8Array {
    if (this.#encoding === encoding && this.#frame) return this.#frame;
    const known = this.#others?.get(encoding);
    if (known) return known;
    const frame = this.encode(encoding);
    if (this.#encoding === undefined) {
      this.#encoding = encoding;
      this.#frame = frame;
    } else {
      this.#others ??= new Map();
      this.#others.set(encoding, frame);
    }
    return frame;
  }
}

/** An event whose data is JSON already. */
export class Entry extends Outgoing {
  readonly event: string;
  readonly json: string;

  /** @param except a session that is not to hear it */
  constructor(event: string, json: string, except?: string) {
    super(except === undefined ? {} : { except: new Set([except]) });
    checkEventName(event);
    this.event = event;
    this.json = json;
  }

  protected encode(encoding: Encoding): Uint8Array {
    return encoding.event(this.event, this.json);
  }
}
