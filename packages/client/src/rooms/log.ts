import type { Cursor, Message, MessageEvent } from '@suda/protocol';
import type { Page } from '../links/link.ts';

/**
 * What a client has of one room's log: the cursor, and one window of messages without a hole. Everything here is pure: each
 * step gives the next log.
 */
export interface RoomLog {
  /** Every change up to here is in, or lies outside of the window. Null before the first page. */
  readonly cursor: Cursor | null;
  /** Ascending by pos, no hole. */
  readonly messages: readonly Message[];
  /** Whether the window is the present end of the room, and new messages belong to it. */
  readonly following: boolean;
  /**
   * New messages beyond a hole, ascending by pos. While catching up, a message that was changed again comes later than
   * its successors (R4.2); these wait for it. Empty unless following.
   */
  readonly ahead: readonly Message[];
  /** The pos after which the window continues while it is empty. */
  readonly base: number;
  /** The room's last pos as of the cursor. */
  readonly lastPos: number;
  /** Below `lastPos`, but not heard of yet: they come later in the log, because they were changed again. */
  readonly missing: readonly number[];
  /** The first pos that there is. */
  readonly floor: number;
  /**
   * While a page of history is on its way: the cursor's rev when it was asked for, and every change since. The
   * page may be older than the cursor and hold messages in a form that we have already let pass.
   */
  readonly load: { readonly from: number; readonly changes: readonly Message[] } | null;
}

/** The window stays below this, give or take `SLACK`: beyond it, the end that one is not looking at is dropped. */
export const WINDOW = 2_000;
export const SLACK = 200;
/** More changes than these during one load, and the page is asked for again. */
const MOST_DURING_LOAD = 2_000;

export const emptyLog: RoomLog = {
  cursor: null,
  messages: [],
  following: true,
  ahead: [],
  base: 0,
  lastPos: 0,
  missing: [],
  floor: 1,
  load: null,
};

/** What came of a change or a page. */
export interface Applied {
  readonly log: RoomLog;
  /** What is news, ascending by rev, each with whether its message is new to us. */
  readonly news: readonly { readonly message: Message; readonly fresh: boolean }[];
  /** Something is missing before it: nothing was applied. Open the room again with the cursor. */
  readonly gap: boolean;
}

const unchanged = (log: RoomLog, gap = false): Applied => ({ log, news: [], gap });

export function hasOlder({ messages, floor }: RoomLog): boolean {
  const [first] = messages;
  return first !== undefined && first.pos > floor;
}

/** The pos after which the window continues. */
export function endOf({ messages, base }: RoomLog): number {
  return messages.at(-1)?.pos ?? base;
}

/** Of two forms of one message, the newer. */
const newer = (a: Message, b: Message | undefined): Message => (b !== undefined && b.rev > a.rev ? b : a);

/** One event of the log: R4.2. */
export function applyEvent(log: RoomLog, { after, ...message }: MessageEvent): Applied {
  if (!log.cursor || message.rev <= log.cursor.rev) return unchanged(log);
  if ((after ?? message.rev - 1) > log.cursor.rev) return unchanged(log, true);
  return take(log, [message], message.rev);
}

/** The answer to `room.open`, or what comes in its place: R4.3. */
export function applyPage(log: RoomLog, page: Page): Applied {
  if ('reset' in page) {
    // A late one of the same life of the log says nothing that we don't have.
    if (log.cursor?.epoch === page.epoch && page.head < log.cursor.rev) return unchanged(log);
    const { messages, epoch, head } = page;
    const lastPos = messages.at(-1)?.pos ?? page.room.pos;
    return unchanged({ ...emptyLog, cursor: { epoch, rev: head }, messages, base: lastPos, lastPos });
  }
  if (log.cursor?.epoch !== page.epoch) return unchanged(log, true);
  return take(log, page.changes, page.head);
}

/** Takes in what is above the cursor; the cursor moves to `rev`. */
function take(log: RoomLog, changes: readonly Message[], rev: number): Applied {
  if (!log.cursor) return unchanged(log);
  const { epoch, rev: known } = log.cursor;
  const messages = [...log.messages];
  const first = messages[0]?.pos ?? Number.POSITIVE_INFINITY;
  const end = endOf(log);
  const beyond: Message[] = [];
  const news: { message: Message; fresh: boolean }[] = [];
  const seen = tracker(log);
  for (const message of changes) {
    if (message.rev <= known) continue;
    const at = message.pos - first;
    const old = messages[at];
    if (old) messages[at] = newer(old, message);
    else if (log.following && message.pos > end) beyond.push(message);
    news.push({ message, fresh: seen.take(message.pos) });
  }
  const ahead = beyond.length === 0 ? log.ahead : join(messages, end, merge(log.ahead, beyond));
  const load = log.load && during(log.load, news);
  const cursor = { epoch, rev: Math.max(known, rev) };
  return { log: trimOlder({ ...log, ...seen.result(), cursor, messages, ahead, load }), news, gap: false };
}

/** Tells which messages are new: those after the last one, and those that were skipped on the way to it. */
function tracker(log: RoomLog) {
  let { lastPos } = log;
  const missing = new Set(log.missing);
  return {
    take(pos: number): boolean {
      if (pos <= lastPos) return missing.delete(pos);
      // Not more than can be caught up with: a pos out of all proportion must not fill the memory.
      for (let skipped = Math.max(lastPos + 1, pos - WINDOW * 5); skipped < pos; skipped++) missing.add(skipped);
      lastPos = pos;
      return true;
    },
    result: () => ({ lastPos, missing: missing.size === 0 ? emptyLog.missing : [...missing] }),
  };
}

/** Both lists in one, ascending by pos, each message in its newest form. */
function merge(a: readonly Message[], b: readonly Message[]): Message[] {
  const byPos = new Map<number, Message>();
  for (const message of [...a, ...b]) byPos.set(message.pos, newer(message, byPos.get(message.pos)));
  return [...byPos.values()].sort((x, y) => x.pos - y.pos);
}

/** Appends what follows without a hole. @returns what doesn't */
function join(messages: Message[], end: number, more: readonly Message[]): readonly Message[] {
  let last = end;
  let index = 0;
  for (const message of more) {
    if (message.pos > last + 1) break;
    index++;
    if (message.pos <= last) continue;
    messages.push(message);
    last = message.pos;
  }
  return more.slice(index);
}

function during(load: NonNullable<RoomLog['load']>, news: Applied['news']): RoomLog['load'] {
  const changes = [...load.changes, ...news.map(({ message }) => message)];
  return changes.length > MOST_DURING_LOAD ? null : { ...load, changes };
}

function trimOlder(log: RoomLog): RoomLog {
  // Too much waits behind a hole: the window becomes what is behind it, and the hole is history to be loaded.
  if (log.ahead.length > WINDOW) {
    const messages: Message[] = [];
    const ahead = join(messages, (log.ahead[0]?.pos ?? 1) - 1, log.ahead);
    return trimOlder({ ...log, messages, ahead });
  }
  return log.messages.length > WINDOW + SLACK ? { ...log, messages: log.messages.slice(-WINDOW) } : log;
}

/** A page of `message.list`: the room's messages as of `head`, whose last pos is `pos`. */
export interface HistoryPage {
  readonly messages: readonly Message[];
  readonly epoch: string;
  readonly head: number;
  readonly pos: number;
}

/** `older`, `newer`: joins the window at that end. `there`: becomes the window. */
export type Place = 'older' | 'newer' | 'there';

/** A page of history is about to be asked for. */
export function beginLoad(log: RoomLog): RoomLog {
  return { ...log, load: { from: log.cursor?.rev ?? 0, changes: [] } };
}

/** The page did not come. */
export function endLoad(log: RoomLog): RoomLog {
  return { ...log, load: null };
}

/**
 * The page has come. A page may show a newer state than the cursor, or an older one; of each message the newest
 * form stays, so that the window always is the log as of the cursor, or newer.
 * @returns null when the page doesn't fit what happened meanwhile: ask again
 */
export function mergePage(log: RoomLog, page: HistoryPage, place: Place): RoomLog | null {
  const { load, cursor } = log;
  if (!load || cursor?.epoch !== page.epoch || page.head < load.from) return null;
  const changed = new Map<number, Message>();
  for (const change of load.changes) changed.set(change.pos, newer(change, changed.get(change.pos)));
  const found = page.messages.map((message) => newer(message, changed.get(message.pos)));
  const done = { ...log, load: null };
  if (place === 'older') return prepend(done, found);
  if (place === 'newer' && log.following) return done;

  const messages = place === 'newer' ? [...log.messages] : [];
  const start = place === 'newer' ? endOf(log) : (found[0]?.pos ?? page.pos + 1) - 1;
  if (join(messages, start, found).length > 0) return null;
  const end = messages.at(-1)?.pos ?? start;
  if (end < page.pos) return trimOlder({ ...done, messages, following: false, ahead: [] });
  // It reaches the end of the room as of the page; what was said after that we have heard.
  const ahead = join(messages, end, merge([], [...changed.values()]));
  return trimOlder({ ...done, messages, base: end, following: true, ahead });
}

function prepend(log: RoomLog, found: readonly Message[]): RoomLog | null {
  const first = log.messages[0]?.pos ?? log.base + 1;
  const older = found.filter(({ pos }) => pos < first);
  if (older.length === 0) return { ...log, floor: first };
  if (older.at(-1)?.pos !== first - 1) return null;
  const messages = [...older, ...log.messages];
  if (messages.length <= WINDOW + SLACK) return { ...log, messages };
  return { ...log, messages: messages.slice(0, WINDOW), following: false, ahead: [] };
}

/** The room is not looked at any more: keeps the newest stretch, for the next time. */
export function rest(log: RoomLog): RoomLog {
  const KEPT = 200;
  if (!log.following) return emptyLog;
  return { ...log, messages: log.messages.slice(-KEPT), load: null };
}
