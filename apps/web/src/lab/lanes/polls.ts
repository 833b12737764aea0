import { type PollAnswer, pollRequest, pollResponse } from '../wire/poll.ts';
import { Refused } from './api.ts';
import { type Heard, type Lane, type LaneHost, newNonce, pause } from './lane.ts';

/** A poll that failed is tried again after so many milliseconds. */
const AGAIN_AFTER = 1_000;

/** Polling, short or long: the same request, with another `wait` (PROTOCOL §7). */
export class Polls implements Lane {
  readonly #host: LaneHost;
  readonly #wait: number;
  readonly #pause: number;
  #asking: AbortController | undefined;

  /** @param wait seconds that the server may hold an answer  @param pause milliseconds from an answer to the next question */
  constructor(host: LaneHost, wait: number, pause: number) {
    this.#host = host;
    this.#wait = wait;
    this.#pause = pause;
  }

  open(): void {
    this.#asking?.abort();
    this.#asking = new AbortController();
    this.#host.state('connecting');
    void this.#askOn(this.#asking.signal);
  }

  cut(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#host.state('closed', { reason: 'abort' });
  }

  async #askOn(signal: AbortSignal): Promise<void> {
    // The first question shows its head, and is answered at once.
    let nonce: string | undefined = newNonce();
    while (!signal.aborted) {
      try {
        await this.#ask(nonce === undefined ? this.#wait : 0, nonce, signal);
        if (signal.aborted) return;
        this.#host.state('open');
        if (nonce !== undefined) void this.#show(nonce);
        nonce = undefined;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof Refused && error.code !== 'unavailable' && error.code !== 'rate_limited') {
          this.#host.state('closed', { reason: error.code });
          return;
        }
        this.#host.state('connecting');
        await pause(AGAIN_AFTER, signal);
      }
      if (this.#pause > 0) await pause(this.#pause, signal);
    }
  }

  async #ask(wait: number, nonce: string | undefined, signal: AbortSignal): Promise<void> {
    const { api, room, cursor } = this.#host;
    const path = `v1/poll?room=${room}&since=${cursor.epoch}:${cursor.rev}&wait=${wait}${nonce === undefined ? '' : `&lab=${nonce}`}`;
    const { pathname, search } = api.at(path);
    this.#host.spend({ requests: 1 });
    this.#host.frame(pollRequest(pathname + search, api.getBytes(pathname + search), wait > 0));
    const { body, head } = await api.ask('GET', path, undefined, signal);
    if (signal.aborted) return;
    const answer = JSON.parse(body) as PollAnswer;
    this.#host.frame(pollResponse(head, body, answer));
    for (const page of answer.rooms) {
      this.#host.hear((page.changes ?? page.messages ?? []) as Heard[], { epoch: page.epoch, rev: page.head });
    }
  }

  async #show(nonce: string): Promise<void> {
    this.#host.handshakes(await this.#host.api.handshakes(nonce));
  }
}
