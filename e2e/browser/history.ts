import { RoomId, UserId } from '@suda/protocol';
import { openSqliteStore } from '@suda/store-sqlite';
import type { ServerProcess } from '../server-process.ts';

/** One message of a made-up history. */
export interface Told {
  /** The sender's id, a member of the room. */
  readonly by: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Gives a room a past: the server is stopped, its store written to directly, the server started again. */
export async function history(server: ServerProcess, room: string, count: number, tell: (n: number) => Told): Promise<void> {
  await server.end('SIGTERM');
  const store = await openSqliteStore({ folder: server.folder });
  try {
    const size = 5_000;
    for (let begin = 1; begin <= count; begin += size) {
      const batch = Array.from({ length: Math.min(size, count + 1 - begin) }, (_, i) => {
        const { by, text, at } = tell(begin + i);
        const said = { actor: UserId.parse(by), room: RoomId.parse(room), clientId: `past-${begin + i}-${at}`, text };
        return store.execute({ type: 'message.send', ...said }, at);
      });
      for (const { status } of await Promise.all(batch)) if (status !== 'done') throw new Error(`A made-up message was ${status}.`);
    }
  } finally {
    await store.close();
  }
  await server.start();
}

/** Joins a room as a guest over HTTP. @returns who it is */
export async function joined(server: ServerProcess, name: string, room = 'lobby'): Promise<{ id: string; token: string }> {
  const guest = await server.guest(name);
  const { status } = await server.call('POST', `/v1/rooms/${room}/join`, {}, guest.token);
  if (status !== 200) throw new Error(`${name} was not let into ${room}: ${status}`);
  return guest;
}
