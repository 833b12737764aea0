import { Crowd } from '../load/crowd.ts';
import type { Member } from '../load/member.ts';
import { pause } from '../load/pause.ts';
import { TEXT } from '../load/room.ts';
import type { Peer, Running } from '../peers/peer.ts';

/** A server, real clients in one room of it, and someone on a sound line who speaks there. */
export interface CrowdStage {
  readonly running: Running;
  readonly crowd: Crowd;
  /** Says the next numbered message. */
  say(): Promise<void>;
  /** Messages so far. */
  sent(): number;
  /** Says something so often a second, until told to stop. */
  keepSaying(rate: number): () => Promise<void>;
  close(): Promise<void>;
}

export async function crowdStage(peer: Peer, count: number, tell: (where: string) => void): Promise<CrowdStage> {
  const running = await peer.start();
  let speaker: Member | undefined;
  let crowd: Crowd | undefined;
  const close = async (): Promise<void> => {
    crowd?.close();
    speaker?.socket.destroy();
    await running.stop();
  };
  try {
    if (running.clients === undefined) throw new Error('it has no client of its own');
    tell('people are made');
    const clients = await running.clients(count);
    [speaker] = await running.members(1, () => [clients.room]);
    tell('clients come in');
    const came = await Crowd.open(clients);
    crowd = came;
    const { room } = clients;
    let sent = 0;
    const say = async (): Promise<void> => {
      speaker?.socket.write(speaker.say(room, `m${sent++} ${TEXT}`));
      await came.tell({ do: 'sent', count: sent });
    };
    return {
      running,
      crowd: came,
      say,
      sent: () => sent,
      keepSaying(rate) {
        let going = true;
        const over = (async () => {
          for (let due = performance.now(); going; due += 1_000 / rate) {
            await pause(Math.max(0, due - performance.now()));
            if (going) await say();
          }
        })();
        // Who stops it hears what went wrong.
        over.catch(() => {});
        return async () => {
          going = false;
          await over;
        };
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Waits until every client is up and nothing more comes. @returns whether all came back in time */
export async function settled({ crowd }: CrowdStage, count: number, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  let before = -1;
  for (;;) {
    const { up, distinct } = await crowd.report();
    if (up === count && distinct === before) return true;
    if (Date.now() > end) return false;
    before = distinct;
    await pause(1_000);
  }
}
