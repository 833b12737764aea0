import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Carrier, CarrierHost } from './carrier.ts';
import { closePacket, noopPacket, payloadOf } from './packets.ts';

/** A poll (GET) that is being held until there is something to say. */
interface HeldPoll {
  readonly response: ServerResponse;
  readonly headers: OutgoingHttpHeaders;
  readonly gone: () => void;
}

/** Long polling: what is said waits for the client's next poll, and leaves with it, all of it in one answer. */
export class PollingCarrier implements Carrier {
  readonly name = 'polling';
  readonly #host: CarrierHost;
  #queue: Uint8Array[] = [];
  #queued = 0;
  /** Bytes of the answer that is on its way: whoever doesn't read it is not given a second one. */
  #leaving = 0;
  #poll: HeldPoll | undefined;
  #state: 'open' | 'leaving' | 'ended' = 'open';
  #due = false;
  #paused = false;
  #resumed: (() => void)[] = [];

  constructor(host: CarrierHost) {
    this.#host = host;
  }

  get buffered(): number {
    return this.#queued + this.#leaving;
  }

  /** Whether a poll is being held. */
  get held(): boolean {
    return this.#poll !== undefined;
  }

  /** Takes a poll, and answers it as soon as there is anything to say. */
  hold(response: ServerResponse, headers: OutgoingHttpHeaders): void {
    // An aborted poll may have taken packets along: what the client has is not known any more (the session ends; rooms resume by cursor).
    const gone = (): void => {
      if (!response.writableFinished && this.#state !== 'ended') this.#host.broken('transport close');
    };
    this.#poll = { response, headers, gone };
    response.once('close', gone);
    if (this.#state === 'leaving') this.#leave();
    else if (this.#queue.length > 0) this.#answer();
  }

  #leave(): void {
    if (this.farewell()) this.#host.broken('closed');
  }

  write(frames: readonly Uint8Array[]): boolean {
    if (this.#state !== 'open') return false;
    for (const frame of frames) {
      this.#queue.push(frame);
      this.#queued += frame.byteLength;
    }
    if (this.#poll === undefined || this.#due) return false;
    // One answer for all that this step says: an event and the farewell behind it, the sessions of several namespaces.
    this.#due = true;
    queueMicrotask(() => {
      this.#due = false;
      this.#answer();
    });
    return false;
  }

  /** Answers a held poll with nothing, so that the client can go on without polling (an upgrade, a close). */
  release(): void {
    if (this.#poll === undefined) return;
    if (this.#queue.length === 0) this.#queue.push(noopPacket);
    this.#answer();
  }

  #answer(): void {
    const poll = this.#poll;
    if (poll === undefined || this.#leaving > 0 || this.#queue.length === 0) return;
    this.#poll = undefined;
    const { body, rest } = payloadOf(this.#queue);
    this.#queue = [...rest];
    this.#queued = rest.reduce((bytes, { byteLength }) => bytes + byteLength, 0);
    this.#leaving = body.length;
    poll.response.once('finish', () => {
      poll.response.off('close', poll.gone);
      this.#left();
    });
    poll.response.writeHead(200, {
      ...poll.headers,
      'content-type': 'text/plain; charset=UTF-8',
      'content-length': body.length,
      'cache-control': 'no-store',
    });
    poll.response.end(body);
  }

  #left(): void {
    this.#leaving = 0;
    if (this.#state === 'ended') return;
    if (this.#state === 'leaving') {
      this.#leave();
      return;
    }
    this.#answer();
    if (this.buffered === 0) this.#host.drained();
  }

  /** Polls are over: another carrier goes on. @returns everything that waited for a poll */
  retire(): readonly Uint8Array[] {
    const queue = this.#queue;
    this.#queue = [];
    this.#queued = 0;
    this.release();
    this.#state = 'ended';
    this.pause(false);
    return queue;
  }

  pause(paused: boolean): void {
    this.#paused = paused;
    if (paused) return;
    for (const resume of this.#resumed.splice(0)) resume();
  }

  /** Resolves when the client may be told that its packets were taken: it sends no more before that. */
  async taken(): Promise<void> {
    if (this.#paused) await new Promise<void>((resolve) => this.#resumed.push(resolve));
  }

  farewell(): boolean {
    this.#state = 'leaving';
    if (this.#poll === undefined || this.#leaving > 0) return false;
    if (this.#queue.length > 0) {
      // Clients take a farewell at once, and what they hear a moment later: in one answer it would overtake the last words.
      this.#answer();
      return false;
    }
    this.#queue.push(closePacket);
    this.#answer();
    this.#state = 'ended';
    this.pause(false);
    return true;
  }

  end(): void {
    this.#state = 'ended';
    this.pause(false);
    this.#queue = [closePacket];
    this.#answer();
    this.#queue = [];
    this.#queued = 0;
  }
}
