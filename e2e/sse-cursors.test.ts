import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type LogPage, MemoryStore } from '@suda/chat';
import { parseCursors, type RoomId } from '@suda/protocol';
import type { StreamEvent } from './wire/event-stream.ts';
import { type Person, Stage } from './wire/stage.ts';

/** A store in which a room's log takes its time. */
class Slow extends MemoryStore {
  readonly slow = new Set<string>();
  #held: (() => void)[] = [];

  override async changes(...args: Parameters<MemoryStore['changes']>): Promise<LogPage | null> {
    await this.#wait(args[0]);
    return super.changes(...args);
  }

  override async roomView(...args: Parameters<MemoryStore['roomView']>): ReturnType<MemoryStore['roomView']> {
    await this.#wait(args[0]);
    return super.roomView(...args);
  }

  async #wait(room: RoomId): Promise<void> {
    if (this.slow.has(room)) await new Promise<void>((resolve) => this.#held.push(resolve));
  }

  release(): void {
    this.slow.clear();
    for (const go of this.#held.splice(0)) go();
  }
}

const isLogged = ({ event }: StreamEvent): boolean => event === 'message' || event === 'message.changed';
const revs = (id: string): Record<string, number> =>
  Object.fromEntries([...(parseCursors(id) ?? [])].map(([room, { rev }]) => [room, rev]));

describe('the id of server-sent events', () => {
  const store = new Slow();
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined, { store });
  });
  after(() => stage.server.stop());

  const scene = async () => {
    const { room: one, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const rooms = [one];
    for (const name of ['Two', 'Three']) {
      const { id } = await mina.ask('room.create', { name, kind: 'private' });
      await mina.ask('room.invite', { room: id, user: jihoon.id });
      rooms.push(id);
    }
    const query = `?${rooms.map((room) => `room=${room}`).join('&')}`;
    return { rooms, query, mina, jihoon };
  };

  /** Has them said in all rooms, and says where each room is then. */
  const say = async (rooms: readonly string[], person: Person, text: string): Promise<Record<string, number>> => {
    const heads: Record<string, number> = {};
    for (const room of rooms) heads[room] = (await person.say(room, text)).rev;
    return heads;
  };

  it('R6.1 R6.2 has the places of all rooms from the first event on, also of those that are still beginning', async () => {
    const { rooms, query, mina, jihoon } = await scene();
    const [one = '', two = '', three = ''] = rooms;
    const first = await mina.stream(query);
    const before = await say(rooms, jihoon, 'seen');
    await first.events.count(3, isLogged);
    assert.deepEqual(revs(first.lastEventId), before);
    await first.close();

    const heads = await say(rooms, jihoon, 'missed');
    // Asked for each room before the stream begins; from then on, two of the logs are slow.
    const { chat } = stage.server;
    const readable = chat.readable.bind(chat);
    let asked = 0;
    chat.readable = async (...args) => {
      const found = await readable(...args);
      if (++asked === rooms.length) for (const room of [two, three]) store.slow.add(room);
      return found;
    };
    const cut = await mina.stream(query, { 'last-event-id': first.lastEventId });
    await cut.events.first('what was missed in the first room', (event) => isLogged(event) && event.data.room === one);
    chat.readable = readable;
    await cut.close();
    for (const { id } of cut.events.all) if (id !== '') assert.deepEqual(Object.keys(revs(id)).sort(), [...rooms].sort());
    const id = cut.lastEventId;
    assert.deepEqual(revs(id), { [one]: heads[one], [two]: before[two], [three]: before[three] });
    store.release();

    const resumed = await mina.stream(query, { 'last-event-id': id });
    await say(rooms, jihoon, 'new');
    await resumed.events.first('all of it', (event) => isLogged(event) && event.data.room === three && event.data.text === 'new');
    assert.deepEqual(
      rooms.map((room) => resumed.said(room)),
      [['new'], ['missed', 'new'], ['missed', 'new']],
    );
    assert.ok(!resumed.events.all.some(({ event }) => event === 'reset'));
    await resumed.close();
  });
});
