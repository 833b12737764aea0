import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryStore, type RoomView, type UserRecord } from '@suda/chat';
import { closeCodes, type RoomId, type UserId } from '@suda/protocol';
import { within } from './wire/inbox.ts';
import { Refusal } from './wire/refusal.ts';
import { Socket } from './wire/socket.ts';
import { Stage } from './wire/stage.ts';

/** A store that takes its time to say who someone is and what they see of a room, when it is told to: those who come in wait for that. */
class Hesitant extends MemoryStore {
  #reached: (() => void) | undefined;
  #held: (() => void)[] = [];

  hold(): Promise<void> {
    return new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  release(): void {
    this.#reached = undefined;
    for (const go of this.#held.splice(0)) go();
  }

  override async user(id: UserId): Promise<UserRecord | null> {
    return this.#hesitate(await super.user(id));
  }

  override async roomView(room: RoomId, user: UserId, few: number): Promise<RoomView | null> {
    return this.#hesitate(await super.roomView(room, user, few));
  }

  async #hesitate<T>(answer: T): Promise<T> {
    const reached = this.#reached;
    if (reached) {
      reached();
      await new Promise<void>((resolve) => this.#held.push(resolve));
    }
    return answer;
  }
}

describe('a server that stops', () => {
  it('R5.9 sends a handshake away that is under way, and ends', async (context) => {
    const store = new Hesitant();
    const stage = await Stage.open(undefined, { store });
    context.after(() => stage.server.stop());
    const mina = await stage.person('Mina');
    const there = await mina.socket();
    // Somebody who has not been here yet: who has been is known.
    const nari = await stage.person('Nari');
    const reached = store.hold();
    const coming = nari.socket().then(
      (socket) => socket,
      (error: unknown) => error,
    );
    await reached;
    const stopped = stage.server.stop();
    await there.events.first('drain', ({ event }) => event === 'drain');
    store.release();
    const came = await within('the end of the handshake', coming);
    if (came instanceof Socket) {
      const { data } = await came.events.first('drain', ({ event }) => event === 'drain');
      assert.ok(data.reconnectIn >= 0 && data.reconnectIn <= 2_000);
      assert.equal((await within('closing', came.closed)).code, closeCodes.draining.code);
    } else {
      assert.ok(came instanceof Refusal, String(came));
      assert.equal(came.code, 'unavailable');
    }
    await within('the end of the server', stopped, 5_000);
    assert.equal(stage.server.realtime.sessions.size, 0);
  });

  it('R5.9 R6.5 sends an event stream away that is about to begin, and ends', async (context) => {
    const store = new Hesitant();
    const stage = await Stage.open(undefined, { store });
    context.after(() => stage.server.stop());
    const { room, people } = await stage.room(['Mina']);
    const reached = store.hold();
    const coming = people[0].stream(`?room=${room}`).then(
      (stream) => stream,
      (error: unknown) => error,
    );
    await reached;
    const stopped = stage.server.stop();
    store.release();
    const came = await within('the beginning of the stream', coming);
    if (came instanceof Error) {
      assert.ok(came instanceof Refusal, String(came));
      assert.equal(came.code, 'unavailable');
    } else {
      const stream = came as Awaited<ReturnType<(typeof people)[0]['stream']>>;
      await stream.events.first('drain', ({ event }) => event === 'drain');
      await within('the end of the stream', stream.ended);
    }
    await within('the end of the server', stopped, 4_000);
  });
});
