import { createSuda, type OutboxStore, type RoomHandle, type StoredEntry, type Suda } from '@suda/client';
import type { MessageEvent } from '@suda/protocol';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { ProcessClock, SimulatedTime } from './simulated-time.ts';

/** What a browser keeps: it survives a reload, and takes its time to write. */
class SimulatedOutbox implements OutboxStore {
  readonly kept = new Map<string, StoredEntry>();
  readonly #clock: () => ProcessClock;
  readonly #random: () => number;

  constructor(clock: () => ProcessClock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  #later<T>(run: () => T): Promise<T> {
    return new Promise((resolve) => this.#clock().after(this.#random() * 3, () => resolve(run())));
  }

  load(): Promise<StoredEntry[]> {
    return this.#later(() => [...this.kept.values()]);
  }
  put(_user: string, entry: StoredEntry): Promise<void> {
    return this.#later(() => void this.kept.set(entry.clientId, entry));
  }
  remove(_user: string, clientId: string): Promise<void> {
    return this.#later(() => void this.kept.delete(clientId));
  }
  clear(): Promise<void> {
    return this.#later(() => this.kept.clear());
  }
}

/** What one person asked to be said, in their order. */
export interface Said {
  readonly room: string;
  readonly clientId: string;
  readonly text: string;
  /** Which life of the client said it: what was not written down yet when the page died may be lost. */
  readonly life: number;
}

/** The real SDK on a simulated network, which may be killed and started again on the same outbox. */
export class SimulatedClient {
  readonly name: string;
  readonly token: string;
  readonly said: Said[] = [];
  /** Lives that ended without notice. */
  readonly deaths = new Set<number>();
  /** The revs of message events as they were handed out, by life and room. */
  readonly heard = new Map<string, number[]>();
  readonly outbox: SimulatedOutbox;
  readonly #time: SimulatedTime;
  readonly #net: SimulatedNetwork;
  #process: ProcessClock;
  #sockets = new Set<{ close(): void }>();
  life = 0;
  suda: Suda;

  constructor(name: string, token: string, time: SimulatedTime, net: SimulatedNetwork) {
    this.name = name;
    this.token = token;
    this.#time = time;
    this.#net = net;
    this.#process = time.process();
    this.outbox = new SimulatedOutbox(() => this.#process, net.random);
    this.suda = this.#begin();
  }

  #begin(): Suda {
    const process = this.#process;
    const suda = createSuda({
      url: 'http://simulated',
      token: this.token,
      transports: ['websocket'],
      outbox: this.outbox,
      clock: process,
      random: this.#net.random,
      dial: {
        websocket: () => {
          const socket = this.#net.dial();
          this.#sockets.add(socket);
          return socket;
        },
      },
    });
    const record = (message: MessageEvent): void => {
      if (!process.alive) return;
      const key = `${this.life} ${message.room}`;
      const revs = this.heard.get(key) ?? [];
      this.heard.set(key, revs);
      revs.push(message.rev);
    };
    suda.on('message', record);
    suda.on('message.changed', record);
    // The epoch may have changed, or too much was missed: counting begins anew.
    suda.on('reset', ({ room }) => void this.heard.delete(`${this.life} ${room}`));
    suda.connect();
    return suda;
  }

  /** The page dies and is loaded again; what it kept is still there. */
  reload(): void {
    this.#process.stop();
    for (const socket of this.#sockets) socket.close();
    this.#sockets.clear();
    this.deaths.add(this.life);
    this.#process = this.#time.process();
    this.life++;
    this.suda = this.#begin();
  }

  room(id: string): RoomHandle {
    return this.suda.room(id);
  }

  say(room: string, text: string): void {
    const clientId = this.suda.room(room).send(text);
    this.said.push({ room, clientId, text, life: this.life });
  }

  end(): void {
    this.suda.close();
    this.#process.stop();
  }
}
