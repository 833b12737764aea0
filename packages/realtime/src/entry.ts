import type { Encoding } from './connection.ts';
import { checkEventName } from './event-name.ts';

/** An event on its way out. Encoded at most once for each transport, however many connections it goes to. */
export class Entry {
  readonly event: string;
  readonly json: string;
  /** A session that is not to hear it. */
  readonly except: string | undefined;
  #encoding: Encoding | undefined;
  #frame: Uint8Array | undefined;
  #others: Map<Encoding, Uint8Array> | undefined;

  constructor(event: string, json: string, except?: string) {
    checkEventName(event);
    this.event = event;
    this.json = json;
    this.except = except;
  }

  frame(encoding: Encoding): Uint8Array {
    if (this.#encoding === encoding && this.#frame) return this.#frame;
    const known = this.#others?.get(encoding);
    if (known) return known;
    const frame = encoding.event(this.event, this.json);
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
