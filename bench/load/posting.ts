import type { Poster, Running } from '../peers/peer.ts';
import { pause } from './pause.ts';
import { usage } from './usage.ts';

/** What acknowledged messages cost. A type, not an interface: it goes into a sample as it is. */
export type Posted = {
  readonly posts: number;
  readonly cpu: number;
  readonly load: number;
  readonly others: number;
};

/**
 * Senders in one room, each says the next thing when the last was acknowledged.
 * @param seconds of measuring, after a while of warming up
 */
export async function post(running: Running, room: string, over: 'websocket' | 'http', senders: number, seconds: number): Promise<Posted> {
  const posters: Poster[] = [];
  try {
    for (let i = 0; i < senders; i++) {
      const poster = await running.poster?.(over, room, i);
      if (poster === undefined) throw new Error('nobody can post here');
      posters.push(poster);
    }
    let [taken, going] = [0, true];
    for (const poster of posters) {
      poster.taken = () => {
        taken++;
        if (going) poster.next();
      };
      poster.next();
    }
    await pause(Math.min(1_000, seconds * 1_000));
    const before = taken;
    const used = usage(running.server);
    await pause(seconds * 1_000);
    const count = taken - before;
    const { seconds: elapsed, server, load, others } = used();
    going = false;
    await pause(300);
    return { posts: count / elapsed, cpu: server / count, load, others };
  } finally {
    for (const { end } of posters) end();
  }
}
