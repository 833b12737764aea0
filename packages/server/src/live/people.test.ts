import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Chat, InProcessBus, MemoryStore } from '@suda/chat';
import type { RoomId, UserId } from '@suda/protocol';
import { type Clock, type Connection, Realtime, type Session, websocketEncoding } from '@suda/realtime';
import { processes } from '../others.fixture.ts';
import type { Others } from '../others.ts';
import { Changes } from './changes.ts';
import { People } from './people.ts';
import { roomTopic } from './room-log.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that passes only when the test says so. */
class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly run: () => void }[] = [];

  now = (): number => this.#now;
  soon = (run: () => void): void => void setImmediate(run);
  after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = next.at;
      next.run();
      await settled();
      await settled();
    }
    this.#now = end;
  }
}

class Listener implements Connection {
  readonly transport = 'sse';
  readonly encoding = websocketEncoding;
  readonly buffered = 0;
  text = '';

  write(chunks: readonly Uint8Array[]): boolean {
    this.text += Buffer.concat(chunks).toString();
    return true;
  }
  onDrain(): void {}
  pause(): void {}
  ping(): void {}
  close(): void {}
  terminate(): void {}
}

describe('people', () => {
  let clock: ManualClock;
  let chat: Chat;
  let people: People;
  let realtime: Realtime;
  let ann: UserId;
  let bob: UserId;
  let room: RoomId;
  const errors: unknown[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    const bus = new InProcessBus();
    const passwords = { hash: async () => '', verify: async () => false };
    let ids = 0;
    chat = new Chat({ store: new MemoryStore(), bus, passwords, now: () => 0, newId: (prefix) => `${prefix}id${ids++}` });
    realtime = new Realtime({ clock });
    people = new People(chat, realtime, (error) => errors.push(error));
    new Changes(chat, realtime, people, (error) => errors.push(error));
    ann = (await chat.createUser('Ann')).id;
    bob = (await chat.createUser('Bob')).id;
    room = (await chat.createRoom(ann, { name: 'Room', kind: 'public', ephemeral: true })).id;
    await chat.join(bob, { room });
  });

  const arrive = async (user: UserId): Promise<{ session: Session; connection: Listener }> => {
    const connection = new Listener();
    const session = realtime.accept(connection, '192.0.2.1');
    await people.bind(session, user, () => chat.store.roomsOf(user));
    return { session, connection };
  };
  /** One who listens to the room, without a log. */
  const watch = async () => {
    const watcher = await arrive(ann);
    watcher.session.leave(roomTopic(room));
    watcher.session.join(roomTopic(room));
    return watcher.connection;
  };
  const presence = (connection: Listener): string[] =>
    [...connection.text.matchAll(/"online":(\[[^\]]*\]),"offline":(\[[^\]]*\])/g)].map(([, on, off]) => `+${on} -${off}`);

  it('R4.10 who comes and goes is told, at most once a second, and a reload is no going', async () => {
    const watching = await watch();
    const first = await arrive(bob);
    assert.equal(people.isHere(bob), true);
    await clock.pass(1_000);
    assert.deepEqual(presence(watching), [`+["${bob}"] -[]`]);
    first.session.end('reload');
    await clock.pass(3_000);
    const second = await arrive(bob);
    const third = await arrive(bob);
    second.session.end('one of two windows');
    await clock.pass(30_000);
    assert.equal(people.isHere(bob), true);
    assert.equal(presence(watching).length, 1);
    third.session.end('gone');
    await clock.pass(10_000);
    assert.equal(people.isHere(bob), false);
    assert.deepEqual(presence(watching).slice(1), [`+[] -["${bob}"]`]);
  });

  it('who is away for a minute leaves the rooms that vanish, and the last one takes the room along', async () => {
    const members = async (): Promise<string[]> => (await chat.store.members(room)).map(({ user }) => user.name);
    const [one, two] = [await arrive(ann), await arrive(bob)];
    one.session.end('gone');
    await clock.pass(50_000);
    assert.deepEqual(await members(), ['Ann', 'Bob']);
    await clock.pass(11_000);
    assert.deepEqual(await members(), ['Bob']);
    two.session.end('reload');
    await clock.pass(50_000);
    const back = await arrive(bob);
    await clock.pass(60_000);
    assert.deepEqual(await members(), ['Bob']);
    back.session.end('gone');
    await clock.pass(61_000);
    assert.equal(await chat.store.room(room), null);
    assert.deepEqual(errors, []);
  });

  it('R4.10 who is away for a moment at the wrong time has not left, nor gone for the others', async () => {
    const names = async (): Promise<string[]> => (await chat.store.members(room)).map(({ user }) => user.name);
    const watching = await watch();
    const first = await arrive(bob);
    await clock.pass(2_000);
    first.session.end('reload');
    await clock.pass(3_000);
    const second = await arrive(bob);
    await clock.pass(1_900);
    // Away when the first 5 s are over, and back again.
    second.session.end('reload');
    await clock.pass(200);
    const third = await arrive(bob);
    await clock.pass(54_800);
    // Away when the first minute is over, and back again.
    third.session.end('reload');
    await clock.pass(200);
    assert.equal(people.isHere(bob), true);
    const last = await arrive(bob);
    await clock.pass(300_000);
    assert.deepEqual(await names(), ['Ann', 'Bob']);
    assert.deepEqual(presence(watching), [`+["${bob}"] -[]`]);
    // The time counts from the last going.
    last.session.end('gone');
    await clock.pass(59_900);
    assert.deepEqual(await names(), ['Ann', 'Bob']);
    await clock.pass(200);
    assert.deepEqual(await names(), ['Ann']);
    assert.deepEqual(errors, []);
  });

  it('one room that cannot be left keeps nobody in the others', async () => {
    const other = (await chat.createRoom(ann, { name: 'Other', kind: 'public', ephemeral: true })).id;
    await chat.join(bob, { room: other });
    const { execute } = chat;
    let failed = 0;
    chat.execute = ((command) => {
      if (command.type === 'room.leave' && failed++ === 0) return Promise.reject(new Error('the disk is away'));
      return execute.call(chat, command);
    }) as typeof execute;
    const { session } = await arrive(bob);
    session.end('gone');
    await clock.pass(61_000);
    const left = (await chat.store.ephemeralMembers()).filter(({ user }) => user === bob);
    assert.deepEqual([left.length, failed], [1, 2]);
    assert.equal(errors.splice(0).length, 1);
  });

  it('after a start, those who do not come back within a minute have left', async () => {
    people.begin();
    await arrive(ann);
    await clock.pass(61_000);
    assert.deepEqual(
      (await chat.store.members(room)).map(({ user }) => user.name),
      ['Ann'],
    );
  });

  it('P7 a session that ended before it was introduced is nobody’s', async () => {
    const connection = new Listener();
    const session = realtime.accept(connection, '192.0.2.1');
    session.end('gone');
    await people.bind(session, bob, () => chat.store.roomsOf(bob));
    assert.equal(people.isHere(bob), false);
    assert.equal(people.userOf(session), undefined);
  });

  it('R4.10 after a start, too: away for a moment when the minute is over is not left', async () => {
    people.begin();
    await arrive(ann);
    const first = await arrive(bob);
    await clock.pass(59_900);
    first.session.end('reload');
    await clock.pass(200);
    await arrive(bob);
    await clock.pass(60_000);
    assert.deepEqual(
      (await chat.store.members(room)).map(({ user }) => user.name),
      ['Ann', 'Bob'],
    );
  });

  describe('in several processes', () => {
    const elsewhere = (): { others: Others; there: People; arriveThere: (user: UserId) => Promise<Session> } => {
      const [here, other] = processes(2) as [Others, Others];
      const hub = new Realtime({ clock });
      const there = new People(chat, hub, (error) => errors.push(error), other);
      const arriveThere = async (user: UserId): Promise<Session> => {
        const session = hub.accept(new Listener(), '192.0.2.2');
        await there.bind(session, user, () => chat.store.roomsOf(user));
        return session;
      };
      return { others: here, there, arriveThere };
    };

    it('R4.10 whoever is in one of them is here in all, and is away when no session is left in any', async () => {
      const { others, there, arriveThere } = elsewhere();
      people = new People(chat, realtime, (error) => errors.push(error), others);
      const watching = await watch();
      const first = await arriveThere(bob);
      assert.deepEqual([people.isHere(bob), there.isHere(ann)], [true, true]);
      await clock.pass(1_000);
      assert.deepEqual(presence(watching), [`+["${bob}"] -[]`]);
      const { session: second } = await arrive(bob);
      first.end('gone');
      await clock.pass(30_000);
      assert.deepEqual([people.isHere(bob), there.isHere(bob), presence(watching).length], [true, true, 1]);
      second.end('gone');
      await clock.pass(10_000);
      assert.deepEqual([people.isHere(bob), there.isHere(bob)], [false, false]);
      assert.deepEqual(presence(watching).slice(1), [`+[] -["${bob}"]`]);
      assert.deepEqual(errors, []);
    });

    it('rooms that vanish are left by who is in none of them, and by the doing of one', async (t) => {
      const { mock } = t.mock.method(chat.store, 'ephemeralMembers');
      const members = async (): Promise<string[]> => (await chat.store.members(room)).map(({ user }) => user.name);
      const { others, there, arriveThere } = elsewhere();
      people = new People(chat, realtime, (error) => errors.push(error), others);
      people.begin();
      there.begin();
      const { session } = await arrive(ann);
      const hers = await arriveThere(bob);
      await clock.pass(61_000);
      assert.deepEqual(await members(), ['Ann', 'Bob']);
      session.end('gone');
      await clock.pass(30_000);
      const again = await arriveThere(ann);
      await clock.pass(90_000);
      assert.deepEqual(await members(), ['Ann', 'Bob']);
      hers.end('gone');
      await clock.pass(61_000);
      assert.deepEqual(await members(), ['Ann']);
      again.end('gone');
      await clock.pass(61_000);
      assert.equal(await chat.store.room(room), null);
      assert.deepEqual(errors, []);
      // After the start, for Bob, for Ann.
      assert.equal(mock.callCount(), 3);
    });
  });
});
