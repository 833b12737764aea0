import { type Bus, type Change, Chat, InProcessBus, type MemoryDisk, MemoryStore } from '@suda/chat';
import type { RoomId, UserId } from '@suda/protocol';
import { Realtime, type Session } from '@suda/realtime';
import { Door, Rates, Tokens } from '@suda/server';
import type { SimulatedNetwork } from './simulated-network.ts';
import type { ProcessClock, SimulatedTime } from './simulated-time.ts';

const tokens = new Tokens('a secret of the simulation', () => 0);

/** A bus that loses, doubles, delays and so reorders its hints of messages, as one between machines may. */
class FaultyBus implements Bus {
  readonly #inner = new InProcessBus();
  readonly #net: SimulatedNetwork;
  readonly #clock: ProcessClock;

  constructor(net: SimulatedNetwork, clock: ProcessClock) {
    this.#net = net;
    this.#clock = clock;
  }

  publish(changes: readonly Change[]): void {
    const { random, weather } = this.#net;
    const sure = changes.filter((change) => change.type !== 'message');
    if (sure.length > 0) this.#inner.publish(sure);
    for (const change of changes) {
      if (change.type !== 'message' || random() < weather.drop / 4) continue;
      if (random() < weather.reorder) this.#clock.after(random() * weather.delay, () => this.#inner.publish([change]));
      else this.#inner.publish([change]);
      if (random() < weather.double) this.#clock.after(random() * weather.delay, () => this.#inner.publish([change]));
    }
  }

  subscribe(listener: (changes: readonly Change[]) => void): () => void {
    return this.#inner.subscribe(listener);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

/** The real server, all but its sockets and its disk, which may be killed at any moment and started again on the same disk. */
export class SimulatedServer {
  readonly #time: SimulatedTime;
  readonly #net: SimulatedNetwork;
  readonly disk: MemoryDisk;
  readonly rooms: readonly RoomId[];
  readonly errors: unknown[] = [];
  #process: ProcessClock | undefined;
  #count = 0;
  #door: Door | undefined;
  #members = new Set<string>();
  chat: Chat | undefined;
  /** Whether the next commit ends with a kill: before it is on disk, or after that and before the answer. */
  killAtCommit: 'before' | 'after' | undefined;
  /** Whether commits are refused as by a full disk. */
  full = false;

  constructor(time: SimulatedTime, net: SimulatedNetwork, disk: MemoryDisk, rooms: readonly RoomId[]) {
    this.#time = time;
    this.rooms = rooms;
    this.#net = net;
    this.disk = disk;
  }

  boot(): void {
    if (this.#process) return;
    const clock = this.#time.process();
    this.#process = clock;
    const { random } = this.#net;
    const onError = (error: unknown): void => void this.errors.push(error);
    const realtime = new Realtime({ clock, random, onError });
    const store = new MemoryStore(this.disk, {
      newEpoch: () => `e${this.#count++}`,
      commit: (apply) =>
        new Promise<void>((resolve, reject) => {
          clock.after(random() * 3, () => {
            const kill = this.killAtCommit;
            this.killAtCommit = undefined;
            if (kill === 'before') return this.kill();
            if (this.full) return reject(new Error('the disk is full'));
            apply();
            if (kill === 'after') return this.kill();
            // A commit takes its time to be answered; a kill may fall into it.
            clock.after(random() * 2, resolve);
          });
        }),
    });
    const chat = new Chat({
      store,
      bus: new FaultyBus(this.#net, clock),
      passwords: { hash: async (text) => text, verify: async (text, hash) => text === hash },
      now: () => clock.now(),
      newId: (prefix) => `${prefix}${(this.#count++).toString(36).padStart(4, '0')}`,
    });
    this.#door = new Door({ chat, realtime, tokens, rates: new Rates(0, () => clock.now()), onError });
    this.chat = chat;
    this.#watchMembers(chat, new MemoryStore(this.disk));
    this.#net.server = realtime;
  }

  /** Who is in which room, as far as the bus has told: what the sessions must go by from that moment on (P7). */
  #watchMembers(chat: Chat, disk: MemoryStore): void {
    this.#members = new Set();
    const members = this.#members;
    chat.bus.subscribe((changes) => {
      for (const change of changes) {
        if (change.type === 'member') members.add(`${change.member.room} ${change.member.user}`);
        if (change.type === 'member.dropped') members.delete(`${change.room} ${change.user}`);
      }
    });
    for (const room of this.rooms) {
      disk.members(room).then((views) => {
        for (const { user } of views) members.add(`${room} ${user.id}`);
      }, this.errors.push);
    }
  }

  /** Whether a message of this room may be handed to this session now. */
  mayHear(session: Session | undefined, room: string): boolean {
    const user = session && this.#door?.people.userOf(session);
    return user !== undefined && this.#members.has(`${room} ${user}`);
  }

  /** kill -9. */
  kill(): void {
    if (this.#process === undefined) return;
    this.#process.stop();
    this.#process = undefined;
    this.#net.server = undefined;
    this.chat = undefined;
    this.#net.cutAll();
  }

  get up(): boolean {
    return this.#process !== undefined;
  }

  tokenOf(user: UserId): string {
    return tokens.issue(user);
  }
}

/** What the disk holds, read by a store of its own. */
export async function truth(disk: MemoryDisk, room: RoomId) {
  return new MemoryStore(disk).changes(room, 0, Number.MAX_SAFE_INTEGER);
}
