import type { CommandOutput, CommandRequest } from '@suda/protocol';
import { unavailable } from '../errors.ts';
import { beginLoad, endLoad, endOf, mergePage, type Place, type RoomLog } from './log.ts';

/** Pages of history that did not fit what happened meanwhile are asked for again this often. */
const TRIES = 3;

type Ask = CommandRequest<'message.list'>;

export interface History {
  older(limit: number): Promise<void>;
  newer(limit: number): Promise<void>;
  /** @param pos undefined: the latest */
  there(pos: number | undefined, limit: number): Promise<void>;
}

/** How the room lends its log. */
export interface LogOwner {
  readonly id: string;
  log(): RoomLog;
  set(log: RoomLog): void;
  /** Resolves when the room has its first page. @throws SudaClientError when it will not */
  ready(): Promise<void>;
  list(input: Ask): Promise<CommandOutput<'message.list'>>;
}

/** Pages of history, one after the other. */
export function createHistory(owner: LogOwner): History {
  const { id: room } = owner;
  let last: Promise<void> = Promise.resolve();
  const running = new Map<Place, Promise<void>>();

  const load = async (place: Place, input: (log: RoomLog) => Ask | undefined): Promise<void> => {
    await owner.ready();
    for (let tries = 0; tries < TRIES; tries++) {
      const ask = input(owner.log());
      if (!ask) return;
      owner.set(beginLoad(owner.log()));
      let page: CommandOutput<'message.list'>;
      try {
        page = await owner.list(ask);
      } catch (reason) {
        owner.set(endLoad(owner.log()));
        throw reason;
      }
      const merged = mergePage(owner.log(), page, place);
      owner.set(merged ?? endLoad(owner.log()));
      if (merged) return;
    }
    throw unavailable('The room changes too fast.');
  };
  const queue = (place: Place, input: (log: RoomLog) => Ask | undefined): Promise<void> => {
    const run = last.then(() => load(place, input));
    last = run.catch(() => {});
    return run;
  };
  /** Asking twice for the same end is asking once. */
  const once = (place: Place, input: (log: RoomLog) => Ask | undefined): Promise<void> => {
    const already = running.get(place);
    if (already) return already;
    const run = queue(place, input).finally(() => running.delete(place));
    running.set(place, run);
    return run;
  };

  return {
    older: (limit) =>
      once('older', (log) => {
        const before = log.messages[0]?.pos ?? log.base + 1;
        return before > log.floor ? { room, before, limit } : undefined;
      }),
    newer: (limit) => once('newer', (log) => (log.following ? undefined : { room, after: endOf(log), limit })),
    there: (pos, limit) => queue('there', () => (pos === undefined ? { room, limit } : { room, around: pos, limit })),
  };
}
