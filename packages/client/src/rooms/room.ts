import type { EventData, EventName, Member, Message, MessageEvent, RoomSummary } from '@suda/protocol';
import type { WireError } from '@suda/protocol/errors';
import { unavailable } from '../errors.ts';
import type { Page } from '../links/link.ts';
import { value } from '../observable.ts';
import type { RoomHandle, RoomState } from '../types.ts';
import type { RoomContext } from './context.ts';
import { createHistory } from './history.ts';
import { summaryWithMessage } from './list.ts';
import { type Applied, applyEvent, applyPage, emptyLog, hasOlder, type RoomLog, rest } from './log.ts';
import { withMembers, withMessage, withPresence, withRead } from './people.ts';
import { createReading } from './reading.ts';
import { createResume } from './resume.ts';
import { createTyping, createTypists } from './typing.ts';

/** A release is kept open for so long: a page that moves on and comes back costs nothing. */
const LINGER = 200;

/** A room with what its client needs of it, beside the handle that the application has. */
export interface Room {
  readonly handle: RoomHandle;
  /** The cursor from which a stream or poll is to go on; null when it has no business with this room. */
  listening(): RoomState['cursor'];
  /** Whether it shows everything up to this rev, or nobody looks. */
  reached(rev: number): boolean;
  online(): void;
  gone(): void;
  /** An event that names this room. */
  event(name: EventName, data: unknown): void;
  page(page: Page): void;
  /** Something that it shows of elsewhere has changed: its outbox, its place in the list. */
  refresh(): void;
  /** Another user: nothing of this one stays. */
  forget(): void;
  close(): void;
}

export function createRoom(id: string, context: RoomContext): Room {
  const { clock, outbox, list, command } = context;
  let log: RoomLog = emptyLog;
  let status: RoomState['status'] = 'closed';
  let error: WireError | null = null;
  let members: readonly Member[] = [];
  /** Of a room that is not in my list. */
  let seen: RoomSummary | null = null;
  let users = 0;
  let cancelLinger: (() => void) | undefined;

  const compose = (): RoomState => ({
    id,
    status,
    error,
    room: list.get(id) ?? seen,
    messages: log.messages,
    atLatest: log.following,
    hasOlder: hasOlder(log),
    outbox: outbox.entries(id),
    members,
    typing: typists.list,
    cursor: log.cursor,
  });
  /** In the middle of a change: it is shown as a whole, or a message would stand there twice for a moment. */
  let changing = false;
  const refresh = (): void => {
    if (changing) return;
    // An entry may come later than its message: another tab has sent it.
    if (outbox.entries(id).length > 0) log.messages.forEach(settle);
    state.set(compose());
  };

  const typists = createTypists(clock, () => context.limits().typingMs, refresh);
  const state = value<RoomState>(compose());
  const typing = createTyping(
    clock,
    () => context.limits().typingMs / 2,
    (on) => {
      if (context.online() && users > 0) command('room.typing', { room: id, typing: on }).catch(() => {});
    },
  );
  const reading = createReading(clock, (pos) => command('room.read', { room: id, pos }));

  const mine = (message: Message): boolean => message.sender !== null && message.sender.id === context.me()?.id;

  /** Takes what came of a change or page, and shows it in one go with the outbox that it empties. */
  const take = (applied: Applied): void => {
    const before = log;
    log = applied.log;
    if (log === before) return;
    changing = true;
    for (const { message, fresh } of applied.news) {
      settle(message);
      if (fresh) {
        members = withMessage(members, message);
        if (message.sender) typists.said(message.sender.id);
      }
    }
    const me = context.me()?.id;
    const summary = (room: RoomSummary): RoomSummary =>
      applied.news.reduce((sum, { message }) => summaryWithMessage(sum, message, me), room);
    list.change(id, summary);
    if (seen) seen = summary(seen);
    if (log.cursor) outbox.covered(id, log.cursor.rev);
    changing = false;
    refresh();
    for (const { message, fresh } of applied.news) context.emit(fresh ? 'message' : 'message.changed', message);
  };
  const settle = (message: Message): void => {
    if (message.clientId !== undefined && mine(message)) outbox.landed(id, message.clientId);
  };

  const applyOpened = (page: Page): boolean => {
    const applied = applyPage(log, page);
    if (applied.gap) return false;
    if (page.room.role === null) seen = page.room;
    else {
      seen = null;
      list.put(page.room);
    }
    take(applied);
    if ('reset' in page && applied.log.cursor?.rev === page.head) context.emit('reset', page);
    return true;
  };

  const resume = createResume(context, id, {
    cursor: () => log.cursor,
    opened: applyOpened,
    event(event) {
      const applied = applyEvent(log, event);
      if (!applied.gap) take(applied);
      return !applied.gap;
    },
    status(next, reason) {
      status = next;
      error = reason;
      refresh();
    },
    members(all) {
      members = all;
      refresh();
    },
  });

  const history = createHistory({
    id,
    log: () => log,
    set(next) {
      const shown = next.messages !== log.messages || next.floor !== log.floor || next.following !== log.following;
      log = next;
      if (shown) refresh();
    },
    ready: () =>
      new Promise((resolve, reject) => {
        let leave = (): void => {};
        let over = false;
        leave = state.subscribe(() => {
          if (over || (status === 'opening' && !log.cursor)) return;
          over = true;
          queueMicrotask(() => leave());
          if (log.cursor && users > 0) resolve();
          else reject(unavailable('The room is not open.'));
        });
      }),
    list: (input) => command('message.list', input),
  });

  const shut = (): void => {
    cancelLinger = undefined;
    resume.close();
    typing.stop();
    typists.clear();
    log = rest(log);
    status = 'closed';
    error = null;
    outbox.covered(id, Number.POSITIVE_INFINITY);
    refresh();
  };

  const hear: { [E in EventName]?: (data: EventData<E>) => void } = {
    members(event) {
      members = withMembers(members, event);
    },
    presence(event) {
      members = withPresence(members, event);
    },
    typing(event) {
      if (event.user.id !== context.me()?.id) typists.take(event);
    },
    read({ user, pos, back }) {
      members = withRead(members, user, pos, back);
      if (back && user === context.me()?.id) reading.read(0);
    },
    reset: applyOpened,
    'room.removed'({ reason }) {
      const code = reason === 'banned' ? 'banned' : reason === 'vanished' ? 'no_such_room' : 'not_member';
      typists.clear();
      if (users > 0) resume.removed({ code, message: `You are no longer in this room (${reason}).`, retry: false });
    },
    error: () => resume.doubt(),
    'room.changed'() {
      if (status === 'refused') resume.open();
    },
  };

  const handle: RoomHandle = {
    id,
    get: state.get,
    subscribe: state.subscribe,
    recall: (page) => void (log.cursor ?? applyOpened(page)),
    open() {
      users++;
      cancelLinger?.();
      cancelLinger = undefined;
      if (status === 'closed' || status === 'refused') resume.open();
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        if (--users === 0) cancelLinger = clock.after(LINGER, shut);
      };
    },
    send(text, options = {}) {
      typing.said();
      const { files, ...rest } = options;
      return outbox.add(
        id,
        text,
        files?.length ? { ...rest, files: files.map((blob) => ({ blob, name: (blob as Partial<File>).name ?? '' })) } : rest,
      );
    },
    retry: (clientId) => outbox.retry(id, clientId),
    discard: (clientId) => outbox.discard(id, clientId),
    edit: async (pos, text) => void (await command('message.edit', { room: id, pos, text })),
    delete: async (pos) => void (await command('message.delete', { room: id, pos })),
    react: async (pos, emoji) => void (await command('message.react', { room: id, pos, emoji })),
    unreact: async (pos, emoji) => void (await command('message.unreact', { room: id, pos, emoji })),
    read(pos) {
      const room = list.get(id);
      const to = Math.min(pos, room?.pos ?? pos);
      if (!room || to <= room.readPos) return;
      list.read(id, to);
      reading.read(to);
    },
    typing: typing.set,
    loadOlder: (limit = context.limits().defaultPageSize) => history.older(limit),
    loadAround: (pos) => history.there(pos, context.limits().defaultPageSize),
    loadNewer: () => history.newer(context.limits().defaultPageSize),
    toLatest: () => history.there(undefined, context.limits().defaultPageSize),
  };

  return {
    handle,
    refresh,
    listening: () => (resume.streaming() ? log.cursor : null),
    reached: (rev) => users === 0 || status === 'refused' || (log.cursor !== null && log.cursor.rev >= rev),
    online() {
      list.read(id, reading.resume());
      if (users > 0) resume.open();
    },
    gone() {
      typists.clear();
      typing.stop();
      resume.gone();
    },
    event(name, data) {
      if (name === 'message' || name === 'message.changed') {
        if (users > 0 || cancelLinger) resume.event(data as MessageEvent);
        // Said while the server did not know yet that nobody looks: the list still wants to know.
        else list.change(id, (room) => summaryWithMessage(room, data as MessageEvent, context.me()?.id));
        return;
      }
      // The wire's own pairing of name and data.
      (hear[name] as ((data: unknown) => void) | undefined)?.(data);
      refresh();
    },
    page: (page) => void ((users > 0 || cancelLinger) && resume.page(page)),
    forget() {
      resume.gone();
      log = emptyLog;
      members = [];
      seen = null;
      typists.clear();
      typing.stop();
      reading.stop();
      refresh();
    },
    close() {
      cancelLinger?.();
      resume.close();
      typing.stop();
      typists.clear();
      reading.stop();
    },
  };
}
