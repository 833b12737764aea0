import { Api, Refused } from '../lanes/api.ts';
import { Stream } from '../lanes/event-stream.ts';
import { type Lane, type LaneHost, type LaneName, laneNames, newNonce, type SendWay, sendWays } from '../lanes/lane.ts';
import { Polls } from '../lanes/polls.ts';
import { SocketIo } from '../lanes/socketio.ts';
import { Socket } from '../lanes/websocket.ts';
import type { Cost, Tally } from '../measure/tally.ts';
import { bytesOf } from '../wire/bytes.ts';
import { LaneModel } from './lane.svelte.ts';
import { type Entrance, enter } from './room.ts';

/** Milliseconds between a plain poll's answer and the next one. */
const POLL_EVERY = 1_000;
/** Seconds that a long poll may be held. */
const HOLD_FOR = 25;
/** Sent messages whose moment is remembered. */
const SENT_KEPT = 2_000;

/** What saying something cost, by the way it went. */
export interface Sends {
  readonly count: number;
  readonly bytes: number;
}
const noSends: Record<SendWay, Sends> = {
  http: { count: 0, bytes: 0 },
  websocket: { count: 0, bytes: 0 },
  socketio: { count: 0, bytes: 0 },
};

const makers: Record<LaneName, (host: LaneHost) => Lane> = {
  polling: (host) => new Polls(host, 0, POLL_EVERY),
  longPolling: (host) => new Polls(host, HOLD_FOR, 0),
  sse: (host) => new Stream(host),
  websocket: (host) => new Socket(host),
  socketio: (host) => new SocketIo(host),
};

/** The lab: one room, five lanes, and a voice. */
export class Lab {
  readonly api = new Api(new URL('.', document.baseURI));
  readonly models: readonly LaneModel[];
  readonly #lanes = new Map<LaneName, Lane>();
  readonly #sentAt = new Map<string, number>();
  #entrance = $state.raw<Entrance>();
  #refusal = $state.raw<Refused>();
  #sends = $state.raw(noSends);
  #way = $state<SendWay>('http');
  #rate = $state(0);
  #automatic: ReturnType<typeof setInterval> | undefined;
  #said = 0;

  constructor() {
    const sentAt = (clientId: string) => this.#sentAt.get(clientId);
    this.models = laneNames.map((name) => new LaneModel(name, sentAt, (lane, cost) => this.#spentOnSending(lane, cost)));
  }

  get entrance(): Entrance | undefined {
    return this.#entrance;
  }
  /** Why something was refused last; taken back by what goes well after it. */
  get refusal(): Refused | undefined {
    return this.#refusal;
  }
  get sends(): Readonly<Record<SendWay, Sends>> {
    return this.#sends;
  }
  /** By which way messages are sent. */
  get way(): SendWay {
    return this.#way;
  }
  set way(way: SendWay) {
    this.#way = way;
  }
  /** Messages a second that go by themselves. */
  get rate(): number {
    return this.#rate;
  }
  set rate(rate: number) {
    this.#rate = rate;
    clearInterval(this.#automatic);
    if (rate > 0) this.#automatic = setInterval(() => void this.say(`#${this.#said + 1}`), 1_000 / rate);
  }

  /** Comes in, and opens all five where the room stands now. @param names what a guest and a new room are called */
  async begin(names: { readonly guest: string; readonly room: string }): Promise<void> {
    try {
      const entrance = await enter(this.api, names);
      for (const model of this.models) {
        model.beginAt(entrance.cursor, entrance.pos);
        const lane = makers[model.name](this.#hostOf(model, entrance.room));
        this.#lanes.set(model.name, lane);
        lane.open();
      }
      this.#entrance = entrance;
      this.#refusal = undefined;
    } catch (error) {
      this.#refusal = asRefused(error);
    }
  }

  lane(name: LaneName): Lane | undefined {
    return this.#lanes.get(name);
  }

  cutAll(): void {
    for (const lane of this.#lanes.values()) lane.cut();
  }

  /** Opens what is closed. */
  reopenAll(): void {
    for (const { name, state } of this.models) if (state === 'closed') this.#lanes.get(name)?.open();
  }

  forgetAll(): void {
    this.#sends = noSends;
    for (const model of this.models) model.forget();
  }

  /** Says something by the chosen way. @returns whether it was taken */
  async say(text: string): Promise<boolean> {
    const way = this.#way;
    const clientId = `lab-${newNonce()}`;
    this.#said += 1;
    this.#sentAt.set(clientId, performance.now());
    for (const old of this.#sentAt.keys()) {
      if (this.#sentAt.size <= SENT_KEPT) break;
      this.#sentAt.delete(old);
    }
    try {
      this.#sends = { ...this.#sends, [way]: { ...this.#sends[way], count: this.#sends[way].count + 1 } };
      if (way === 'http') await this.#post(clientId, text);
      else await this.#lanes.get(way)?.send?.(clientId, text);
      this.#refusal = undefined;
      return true;
    } catch (error) {
      this.#refusal = asRefused(error);
      return false;
    }
  }

  async #post(clientId: string, text: string): Promise<void> {
    const path = `v1/rooms/${this.#entrance?.room ?? ''}/messages`;
    const input = { clientId, text };
    const { body, head, target } = await this.api.ask('POST', path, input);
    this.#countSend('http', this.api.postBytes(target, input) + bytesOf(head) + bytesOf(body));
  }

  #spentOnSending(lane: LaneName, { up = 0, down = 0 }: Cost): void {
    const way = sendWays.find((one) => one === lane);
    if (way !== undefined) this.#countSend(way, up + down);
  }

  #countSend(way: SendWay, bytes: number): void {
    const { count, bytes: before } = this.#sends[way];
    this.#sends = { ...this.#sends, [way]: { count, bytes: before + bytes } };
  }

  #hostOf(model: LaneModel, room: string): LaneHost {
    return {
      api: this.api,
      room,
      get cursor() {
        return model.cursor;
      },
      state: (state, closing) => model.turn(state, closing),
      spend: (cost) => model.spend(cost),
      frame: (frame, counted) => model.frame(frame, counted),
      hear: (messages, cursor) => model.hear(messages, cursor),
      handshakes: (handshakes) => model.show(handshakes),
      carriedBy: (carrier) => model.carriedBy(carrier),
    };
  }
}

const asRefused = (error: unknown): Refused => (error instanceof Refused ? error : new Refused('unavailable', String(error)));

/** Up and down together. */
export const bytesSpent = ({ up, down }: Tally): number => up + down;
