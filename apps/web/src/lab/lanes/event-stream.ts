import { decodeRetry, decodeStreamEvent } from '../wire/event-stream.ts';
import { jsonOf } from '../wire/frame.ts';
import { type Heard, type Lane, type LaneHost, newNonce } from './lane.ts';

/** Everything that a stream may say. EventSource wants each by name; `error` is its own word, too. */
const eventNames = [
  'message',
  'message.changed',
  'reset',
  'members',
  'presence',
  'typing',
  'read',
  'room.changed',
  'room.removed',
  'room.activity',
  'user.changed',
  'drain',
] as const;

/** Server-sent events, heard by the browser's own EventSource (PROTOCOL §6). */
export class Stream implements Lane {
  readonly #host: LaneHost;
  #source: EventSource | undefined;
  #nonce = '';
  #lastId = '';

  constructor(host: LaneHost) {
    this.#host = host;
  }

  open(): void {
    this.#source?.close();
    this.#nonce = newNonce();
    this.#lastId = '';
    const { api, room, cursor } = this.#host;
    this.#host.state('connecting');
    const source = new EventSource(api.at(`v1/events?room=${room}&cursor=${room}:${cursor.epoch}:${cursor.rev}&lab=${this.#nonce}`));
    this.#source = source;
    source.onopen = () => this.#opened();
    source.onerror = () => this.#failed(source);
    for (const name of eventNames) source.addEventListener(name, (event) => this.#take(name, event));
  }

  cut(): void {
    this.#source?.close();
    this.#source = undefined;
    this.#host.state('closed', { reason: 'close()' });
  }

  breakLine(): Promise<void> {
    return this.#host.api.cutLine(this.#nonce);
  }

  #opened(): void {
    this.#host.state('open');
    this.#host.spend({ requests: 1 });
    void this.#show();
  }

  /** While it is not closed, EventSource comes back by itself, with `Last-Event-ID`. */
  #failed(source: EventSource): void {
    if (source !== this.#source) return;
    if (source.readyState === EventSource.CLOSED) this.#host.state('closed', { reason: 'error' });
    else this.#host.state('connecting', { reason: 'error' });
  }

  async #show(): Promise<void> {
    const handshake = (await this.#host.api.handshakes(this.#nonce)).at(-1);
    if (handshake === undefined) return;
    this.#host.handshakes([handshake]);
    this.#host.spend({ up: handshake.request.bytes, down: handshake.response?.bytes ?? 0 });
    const retry = decodeRetry(handshake.begins ?? '');
    if (retry) this.#host.frame(retry);
  }

  #take(name: (typeof eventNames)[number], { data, lastEventId }: MessageEvent<string>): void {
    this.#host.frame(decodeStreamEvent({ event: name, id: lastEventId, data }, this.#lastId));
    this.#lastId = lastEventId;
    if (name === 'message' || name === 'message.changed') this.#host.hear([jsonOf(data) as Heard]);
    if (name !== 'reset') return;
    const { messages, epoch, head } = jsonOf(data) as { messages: Heard[]; epoch: string; head: number };
    this.#host.hear(messages, { epoch, rev: head });
  }
}
