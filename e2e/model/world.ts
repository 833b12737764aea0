import assert from 'node:assert/strict';
import { type MemoryDisk, MemoryStore, newMemoryDisk, toMessage } from '@suda/chat';
import type { RoomState } from '@suda/client';
import type { RoomId, UserId } from '@suda/protocol';
import { SimulatedClient } from './simulated-client.ts';
import { fair, type SimulatedConnection, SimulatedNetwork, type Weather } from './simulated-network.ts';
import { SimulatedServer, truth } from './simulated-server.ts';
import { SimulatedTime, seeded } from './simulated-time.ts';

/** What may happen in a world. */
export type Action =
  | { readonly type: 'say'; readonly who: number; readonly room: number }
  | { readonly type: 'edit' | 'delete' | 'react'; readonly who: number; readonly room: number; readonly which: number }
  | { readonly type: 'wait'; readonly ms: number }
  | { readonly type: 'cut' | 'reload' | 'kick' | 'join'; readonly who: number }
  | { readonly type: 'kill'; readonly when: 'now' | 'before' | 'after' }
  | { readonly type: 'boot' }
  | { readonly type: 'full'; readonly full: boolean }
  | ({ readonly type: 'weather' } & Weather);

const PEOPLE = 4;
/** The first room everyone stays in; from the second its owner, who is the first person, kicks and bans. */
const ROOMS = ['ropen', 'rguarded'] as readonly string[] as readonly RoomId[];
const [OPEN, GUARDED] = ROOMS as readonly [RoomId, RoomId];

/** Four people, two rooms, one server; all of it the real code, on simulated time, network and disks. */
export class World {
  readonly totals = { said: 0, kept: 0, kills: 0, reloads: 0, cuts: 0, frames: 0 };
  readonly #time = new SimulatedTime();
  readonly #random: () => number;
  readonly #net: SimulatedNetwork;
  readonly #disk: MemoryDisk = newMemoryDisk();
  readonly #server: SimulatedServer;
  readonly #people: SimulatedClient[] = [];
  readonly #ids: UserId[] = [];
  readonly #trespasses: string[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#net = new SimulatedNetwork(this.#time, this.#random);
    this.#server = new SimulatedServer(this.#time, this.#net, this.#disk, ROOMS);
  }

  static async begin(seed: number): Promise<World> {
    const world = new World(seed);
    await world.#found();
    return world;
  }

  async #found(): Promise<void> {
    const now = this.#time.now();
    const store = new MemoryStore(this.#disk, { newEpoch: () => 'first' });
    for (let i = 0; i < PEOPLE; i++) {
      const actor = `u${i}` as UserId;
      this.#ids.push(actor);
      await store.execute({ type: 'user.create', actor, name: `Person ${i}`, guest: true }, now);
    }
    const [owner, ...others] = this.#ids as [UserId, ...UserId[]];
    for (const room of ROOMS) {
      await store.execute(
        { type: 'room.create', actor: owner, room, name: room, kind: 'public', capacity: null, passwordHash: null, ephemeral: false },
        now,
      );
      for (const actor of others) await store.execute({ type: 'room.join', actor, room, verifiedHash: null }, now);
    }
    this.#server.boot();
    this.#net.onFrame = (connection, text) => this.#watch(connection, text);
    for (const id of this.#ids) {
      const person = new SimulatedClient(id, this.#server.tokenOf(id), this.#time, this.#net);
      this.#people.push(person);
      this.#enter(person);
    }
    await this.#time.pass(2_000);
  }

  #enter(person: SimulatedClient): void {
    for (const room of ROOMS) person.room(room).open();
  }

  /** P7, seen at the wire: no message of a room is handed to someone who is not in it. */
  #watch(connection: SimulatedConnection, text: string): void {
    this.totals.frames++;
    const [, room] = /^\{"event":"message(?:\.changed)?","data":\{"room":"(\w+)"/.exec(text) ?? [];
    if (room !== undefined && !this.#server.mayHear(connection.session, room)) this.#trespasses.push(text);
  }

  #person(who: number): SimulatedClient {
    const person = this.#people[who % PEOPLE];
    assert.ok(person);
    return person;
  }

  async act(action: Action): Promise<void> {
    switch (action.type) {
      case 'say': {
        const person = this.#person(action.who);
        person.say(ROOMS[action.room] ?? OPEN, `${person.name} says ${person.said.length}`);
        this.totals.said++;
        break;
      }
      case 'edit':
      case 'delete':
      case 'react':
        this.#change(action);
        break;
      case 'wait':
        await this.#time.pass(action.ms);
        break;
      case 'cut': {
        const connections = [...this.#net.connections];
        connections[action.who % Math.max(1, connections.length)]?.cut();
        this.totals.cuts++;
        break;
      }
      case 'reload':
        this.#person(action.who).reload();
        this.#enter(this.#person(action.who));
        this.totals.reloads++;
        break;
      case 'kill':
        if (!this.#server.up) break;
        this.totals.kills++;
        if (action.when === 'now') this.#server.kill();
        else this.#server.killAtCommit = action.when;
        break;
      case 'boot':
        this.#server.boot();
        break;
      case 'full':
        this.#server.full = action.full;
        break;
      case 'kick': {
        const user = this.#ids[1 + (action.who % (PEOPLE - 1))];
        const owner = this.#ids[0];
        if (user && owner) this.#server.chat?.execute({ type: 'room.kick', actor: owner, room: GUARDED, user, ban: false }).catch(refused);
        break;
      }
      case 'join': {
        const actor = this.#ids[action.who % PEOPLE];
        if (actor) this.#server.chat?.execute({ type: 'room.join', actor, room: GUARDED, verifiedHash: null }).catch(refused);
        break;
      }
      case 'weather':
        this.#net.weather = action;
    }
    await this.#time.pass(0);
  }

  #change(action: Extract<Action, { which: number }>): void {
    const handle = this.#person(action.who).room(ROOMS[action.room] ?? OPEN);
    const { messages } = handle.get();
    const message = messages[action.which % Math.max(1, messages.length)];
    if (message === undefined) return;
    const done =
      action.type === 'edit'
        ? handle.edit(message.pos, `edited at ${this.#time.now()}`)
        : action.type === 'delete'
          ? handle.delete(message.pos)
          : handle.react(message.pos, ['👍', '🎉', '💜'][action.which % 3] ?? '👍');
    done.catch(refused);
  }

  /** The network heals, the server runs, everyone is in again, one last thing is said in each room; then nothing more happens. */
  async comeToRest(): Promise<void> {
    this.#server.full = false;
    this.#server.killAtCommit = undefined;
    this.#net.weather = fair;
    this.#server.boot();
    await this.#time.pass(500);
    // Mostly what was lost must be found out by the next thing that is said, not by a reconnect.
    if (this.#random() < 0.25) this.#net.cutAll();
    await this.#time.pass(1_000);
    for (const actor of this.#ids) {
      await this.#done(this.#server.chat?.execute({ type: 'room.join', actor, room: GUARDED, verifiedHash: null }));
    }
    // Those who were refused while they were out open the room again, as a person would.
    for (const person of this.#people) {
      person.suda.connect();
      for (const room of ROOMS) {
        const handle = person.room(room);
        if (handle.get().status === 'refused') {
          person.reload();
          this.#enter(person);
          break;
        }
      }
    }
    for (let i = 0; i < 120 && !this.#atRest(); i++) await this.#time.pass(1_000);
    this.#person(0).say(OPEN, 'the last word');
    this.#person(0).say(GUARDED, 'the last word');
    for (let i = 0; i < 120 && !this.#atRest(); i++) await this.#time.pass(1_000);
    await this.#time.pass(3_000);
  }

  async #done(promise: Promise<unknown> | undefined): Promise<void> {
    let settled = false;
    promise?.catch(refused).finally(() => {
      settled = true;
    });
    for (let i = 0; i < 100 && !settled; i++) await this.#time.pass(10);
  }

  #atRest(): boolean {
    return this.#people.every((person) =>
      ROOMS.every((room) => {
        const { status, outbox } = person.room(room).get();
        return status === 'live' && outbox.every((entry) => entry.state === 'failed');
      }),
    );
  }

  async check(): Promise<void> {
    assert.deepEqual(this.#trespasses, [], 'P7 a message reached someone who was not in the room');
    for (const room of ROOMS) await this.#checkRoom(room);
  }

  async #checkRoom(room: RoomId): Promise<void> {
    const page = await truth(this.#disk, room);
    assert.ok(page);
    const byPos = new Map(page.messages.map((message) => [message.pos, toMessage(message)]));
    assert.equal(byPos.size, page.pos, 'P3 positions are 1, 2, 3 … without a hole');
    assert.equal(new Set(page.messages.map(({ rev }) => rev)).size, page.pos, 'P4 no rev is used twice');
    assert.equal(page.messages.at(-1)?.rev ?? 0, page.head, 'P4 the head is the highest rev');
    const byClientId = new Map<string, number[]>();
    for (const { clientId, sender, pos } of page.messages) {
      if (clientId === null) continue;
      const key = `${sender?.id} ${clientId}`;
      byClientId.set(key, [...(byClientId.get(key) ?? []), pos]);
    }
    for (const person of this.#people) {
      const state: RoomState = person.room(room).get();
      assert.equal(state.status, 'live', `${person.name} is not live in ${room}: ${JSON.stringify(state.error)}`);
      assert.deepEqual(state.cursor, { epoch: page.epoch, rev: page.head }, `P4 ${person.name}'s cursor is not at the head of ${room}`);
      assert.ok(state.atLatest, `${person.name} does not see the latest of ${room}`);
      const first: number = page.pos - state.messages.length + 1;
      assert.ok(
        state.messages.every((message, i) => message.pos === first + i),
        `P4 ${person.name} sees a hole in ${room}`,
      );
      for (const message of state.messages) {
        assert.deepEqual({ ...message }, byPos.get(message.pos), `${person.name} sees another message at ${room} ${message.pos}`);
      }
      let before = 0;
      let life = -1;
      for (const said of person.said.filter((one) => one.room === room)) {
        const places = byClientId.get(`${person.name} ${said.clientId}`) ?? [];
        assert.ok(places.length <= 1, `P2 ${person.name}'s ${said.text} exists ${places.length} times`);
        const failed = state.outbox.some((entry) => entry.clientId === said.clientId && entry.state === 'failed');
        const mayBeLost = person.deaths.has(said.life) || failed;
        if (places.length === 0) assert.ok(mayBeLost, `P1 ${person.name}'s "${said.text}" is lost`);
        else this.totals.kept++;
        const place: number | undefined = places[0];
        if (place === undefined) continue;
        // Within one life a person's messages keep their order. A later life may begin before what the earlier one left is taken up.
        if (said.life === life) assert.ok(place > before, `P3 ${person.name}'s messages are out of order`);
        before = place;
        life = said.life;
      }
      for (const [key, revs] of person.heard) {
        if (!key.endsWith(` ${room}`)) continue;
        assert.ok(
          revs.every((rev, i) => i === 0 || rev > (revs[i - 1] ?? 0)),
          `P4 ${person.name} heard ${revs} of ${room}`,
        );
      }
    }
  }

  end(): void {
    for (const person of this.#people) person.end();
    this.#server.kill();
  }
}

/** Being refused is no failure of the world: the point is that the refusal is honest. */
function refused(): void {}
