import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RoomRecord } from '@suda/chat';
import type { RoomId, UserId } from '@suda/protocol';
import { HeldStore } from './wire/held-store.ts';
import type { Said, Socket } from './wire/socket.ts';
import { Stage } from './wire/stage.ts';

const SECRET = 'not for those who are out';

/** Whose looks at a room may be held back, too. */
class Store extends HeldStore {
  held: (() => void)[] | undefined;

  override async room(id: RoomId): Promise<RoomRecord | null> {
    const record = await super.room(id);
    const { held } = this;
    if (held) await new Promise<void>((resolve) => held.push(resolve));
    return record;
  }

  letGo(): void {
    const { held } = this;
    this.held = undefined;
    for (const go of held ?? []) go();
  }
}

const isOf = (room: string, { data }: Said): boolean => data.room === room || data.room?.id === room;

/** What came of a room after its removal. */
function afterwards(room: string, events: readonly Said[]): Said[] {
  const removed = events.findIndex(({ event, data }) => event === 'room.removed' && data.room === room);
  assert.ok(removed >= 0, 'the removal is told');
  return events.filter((said, i) => i > removed && isOf(room, said));
}

describe('introductions', () => {
  const store = new Store();
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined, { store });
  });
  after(() => stage.server.stop());

  const scene = async () => {
    const { room, people } = await stage.room(['Owner', 'Goer', 'Stayer'], { kind: 'private' });
    const witness = await people[2].socket();
    await witness.caughtUp();
    /** Kicks, or has kicked, the one who goes; by then the witness has heard the secret. */
    const kick = () =>
      stage.server.chat.execute({
        type: 'room.kick',
        actor: people[0].id as UserId,
        room: room as RoomId,
        user: people[1].id as UserId,
        ban: false,
      });
    const sayAfter = async (socket: Socket): Promise<void> => {
      await people[0].say(room, SECRET);
      await people[0].ask('room.update', { room, name: SECRET });
      await witness.events.first('the title', ({ event, data }) => event === 'room.changed' && data.room.name === SECRET);
      await socket.caughtUp();
      await witness.close();
    };
    return { room, goer: people[1], kick, sayAfter };
  };

  it('P7 R4.11 a hello within the handshake’s greeting: who is kicked in between hears nothing of the room', async () => {
    const { room, goer, kick, sayAfter } = await scene();
    const greeted = store.hold('roomsOf');
    const socket = await goer.socket();
    await greeted;
    // The second greeting begins and ends within the first.
    await socket.ask('hello', { token: goer.token });
    await kick();
    store.release();
    await sayAfter(socket);
    assert.deepEqual(afterwards(room, socket.events.all), []);
    assert.ok(!JSON.stringify(socket.events.all).includes(SECRET));
    await socket.close();
  });

  it('P7 R4.11 two greetings that are both under way: who is kicked in between hears nothing of the room', async () => {
    const { room, goer, kick, sayAfter } = await scene();
    const greeted = store.hold('roomsOf');
    const socket = await goer.socket();
    await greeted;
    const again = store.hold('roomViews');
    const helloed = socket.ask('hello', { token: goer.token });
    await again;
    await kick();
    store.release();
    await helloed;
    await sayAfter(socket);
    assert.deepEqual(afterwards(room, socket.events.all), []);
    assert.ok(!JSON.stringify(socket.events.all).includes(SECRET));
    await socket.close();
  });

  it('P7 R4.11 two hellos at once: who is kicked in between hears nothing', async () => {
    const { room, goer, kick, sayAfter } = await scene();
    const socket = await goer.socket();
    await socket.caughtUp();
    const reached = store.hold('roomViews');
    const helloed = Promise.all([socket.ask('hello', { token: goer.token }), socket.ask('hello', { token: goer.token })]);
    await reached;
    await kick();
    store.release();
    await helloed;
    await sayAfter(socket);
    assert.deepEqual(afterwards(room, socket.events.all), []);
    await socket.close();
  });

  it('P7 who is invited and removed before the room was looked up does not hear of it afterwards', async () => {
    const { room, people } = await stage.room(['Owner'], { kind: 'private' });
    const goer = await stage.person('Goer');
    const [owner, socket] = [await people[0].socket(), await goer.socket()];
    await socket.caughtUp();
    store.held = [];
    owner.send('room.invite', { room, user: goer.id }, 'in');
    owner.send('room.kick', { room, user: goer.id }, 'out');
    await Promise.all([owner.replyTo('in'), owner.replyTo('out')]);
    await socket.events.first('the removal', ({ event }) => event === 'room.removed');
    assert.ok(store.held.length > 0, 'the room is being looked up');
    store.letGo();
    await owner.ask('room.update', { room, name: SECRET });
    await socket.caughtUp();
    assert.deepEqual(afterwards(room, socket.events.all), []);
    // Invited once more, all is told.
    const from = socket.events.all.length;
    await owner.ask('room.invite', { room, user: goer.id });
    await socket.events.first('the room', (said) => said.event === 'room.changed' && isOf(room, said), from);
    await Promise.all([owner.close(), socket.close()]);
  });

  it('P7 invited and removed again and again, without waiting: nothing of the room after the last removal', async () => {
    const { room, people } = await stage.room(['Owner'], { kind: 'private' });
    const goer = await stage.person('Goer');
    const [owner, socket] = [await people[0].socket(), await goer.socket()];
    await socket.caughtUp();
    for (let i = 0; i < 50; i++) {
      owner.send('room.invite', { room, user: goer.id }, `in${i}`);
      owner.send('room.kick', { room, user: goer.id }, `out${i}`);
    }
    await owner.replyTo('out49');
    await owner.ask('message.send', { room, clientId: 'after', text: SECRET });
    await socket.events.count(50, ({ event }) => event === 'room.removed');
    await socket.caughtUp();
    const mine = socket.events.all.filter((said) => isOf(room, said));
    assert.equal(mine.at(-1)?.event, 'room.removed');
    assert.ok(!JSON.stringify(mine).includes(SECRET));
    await Promise.all([owner.close(), socket.close()]);
  });
});
