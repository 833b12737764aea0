import type { CommandName, CommandOutput, CommandRequest, EventData, EventName, Limits, Room as RoomFields, User } from '@suda/protocol';
import { limits as defaultLimits } from '@suda/protocol/limits';
import { systemClock } from './clock.ts';
import { type Connection, createConnection } from './connection/connection.ts';
import { platformDialers } from './dialers.ts';
import { SudaClientError, unavailable } from './errors.ts';
import { createEvents } from './events.ts';
import { createHttp } from './links/http.ts';
import type { Link, Page } from './links/link.ts';
import { value } from './observable.ts';
import { indexedDbOutbox } from './outbox/indexeddb-store.ts';
import { memoryOutbox } from './outbox/memory-store.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createRoomList, isSummary, summaryWithActivity } from './rooms/list.ts';
import { createRoom, type Room } from './rooms/room.ts';
import type { StoredEntry, Suda, SudaOptions, TransportName } from './types.ts';
import { createUploads } from './uploads.ts';

const ALL: readonly TransportName[] = ['websocket', 'sse', 'polling'];
/** Between two polls personal events may be lost (R7.4): the list of rooms is asked for every so many milliseconds. */
const LIST_EVERY = 10_000;

/**
 * Makes a client of one server. It does nothing until `connect()` or `signIn()`.
 * @example
 * const suda = createSuda({ url: 'http://localhost:8005', name: 'Mina' });
 * suda.connect();
 */
export function createSuda(options: SudaOptions): Suda {
  const { clock = systemClock, random = Math.random, transports = ALL } = options;
  const url = options.url.replace(/\/+$/, '');
  const dial = { ...platformDialers, ...options.dial };
  const store = options.outbox ?? (typeof indexedDB === 'undefined' ? memoryOutbox() : indexedDbOutbox(`suda:${url}`));
  /** What we say hello with. The token stays in memory, so that another tab's signing in can't make this one somebody else. */
  let { token, name } = options;

  const me = value<User | null>(null);
  const limits = value<Limits>(defaultLimits);
  const rooms = new Map<string, Room>();
  const events = createEvents();
  const list = createRoomList((room) => rooms.get(room)?.refresh());
  const http = createHttp(url, dial, clock, () => token);
  const upload = createUploads(http, () => limits.get().fileBytes);
  let cancelList = (): void => {};

  const cancelUploads = ({ files = [] }: StoredEntry): void => {
    for (const { blob } of files) upload(blob).cancel();
  };

  const outbox = createOutbox({
    store,
    clock,
    random,
    upload: ({ files = [] }) =>
      Promise.all(
        files.map(({ blob, name: called }) =>
          upload(blob, called)
            .start()
            .then(({ id }) => id),
        ),
      ),
    cancel: cancelUploads,
    async send(entry, uploaded = []) {
      const { room, clientId, text, replyTo, via, mentions, attachments = [] } = entry;
      const files = [...attachments.map(({ id }) => id), ...uploaded];
      if (text.length > limits.get().textLength) throw tooLong(limits.get().textLength);
      const rest = {
        ...(replyTo === undefined ? {} : { replyTo }),
        ...(via === undefined ? {} : { via }),
        ...(files.length > 0 && { attachments: files }),
        ...(mentions && { mentions: [...mentions] }),
      };
      try {
        return (await connection.command('message.send', { room, clientId, text, ...rest })) as CommandOutput<'message.send'>;
      } catch (reason) {
        // The server has forgotten them: with the next try they go up again.
        if (reason instanceof SudaClientError && reason.code === 'no_such_file') cancelUploads(entry);
        throw reason;
      }
    },
    reached: (room, rev) => rooms.get(room)?.reached(rev) ?? true,
    changed: (room) => rooms.get(room)?.refresh(),
  });

  const become = (user: User): void => {
    if (me.get()?.id !== user.id) {
      list.clear();
      for (const room of rooms.values()) room.forget();
      outbox.setUser(user.id);
    }
    me.set(user);
  };

  const adopt = (output: CommandOutput<'hello'>): void => {
    // Empty where a host application knows us by what we came with: so we go on with that.
    token = output.token || token;
    become(output.user);
    limits.set({ ...defaultLimits, ...output.limits });
    list.replace(output.rooms, true);
  };

  const greet = async (link: Link): Promise<void> => {
    const said = { ...(token === undefined ? {} : { token }), ...(name === undefined ? {} : { name }) };
    const before = me.get();
    let output: CommandOutput<'hello'>;
    try {
      output = (await link.command('hello', said)) as CommandOutput<'hello'>;
    } catch (reason) {
      // Of no use any more: the next try is made with the cookie or a name.
      if (reason instanceof SudaClientError && reason.code === 'unauthenticated') token = undefined;
      throw reason;
    }
    adopt(output);
    // A browser's WebSocket can't be given a cookie: without one, the next page load would make another guest.
    const made = name !== undefined && before?.id !== output.user.id;
    if (made && output.token !== '' && dial.cookies && link.transport === 'websocket')
      http.command('hello', { token: output.token }).catch(() => {});
  };

  const refreshList = (): void => {
    cancelList = clock.after(LIST_EVERY, () => {
      command('room.list', {}).then(
        (output) => list.replace(output.rooms),
        () => {},
      );
      refreshList();
    });
  };

  const roomOf = (data: unknown): string | undefined => {
    const room = typeof data === 'object' && data !== null && 'room' in data ? data.room : undefined;
    if (typeof room === 'object' && room !== null && 'id' in room) return String(room.id);
    return typeof room === 'string' ? room : undefined;
  };

  const hear: { readonly [E in EventName]?: (data: EventData<E>) => void } = {
    'room.activity': (data) => list.change(data.room, (summary) => summaryWithActivity(summary, data, me.get()?.id)),
    'room.changed': ({ room }) => newFields(room),
    'room.removed': ({ room }) => list.remove(room),
    'user.changed': ({ user }) => me.set(user),
    mention: ({ room, mentions }) => list.change(room, (old) => ({ ...old, mentions })),
    notify: ({ room, notify, muted }) => list.change(room, (old) => ({ ...old, notify, muted })),
    read: ({ room, user, pos, back }) => {
      if (user === me.get()?.id) list.read(room, pos, back);
    },
  };
  const newFields = (room: RoomFields): void => {
    if (!list.changed(room)) command('room.get', { room: room.id }).catch(() => {});
  };

  const connection: Connection = createConnection({ url, clock, dial, http, cursors }, random, transports, {
    greet,
    online() {
      for (const room of rooms.values()) room.online();
      outbox.start();
      const state = connection.state.get();
      if (state.state === 'online' && state.transport === 'polling') refreshList();
    },
    gone() {
      cancelList();
      outbox.stop();
      for (const room of rooms.values()) room.gone();
    },
    event(event, data) {
      // The wire's own pairing of name and data.
      (hear[event] as ((data: unknown) => void) | undefined)?.(data);
      const room = roomOf(data);
      if (room !== undefined) rooms.get(room)?.event(event, data);
      // These the room tells itself, once it has put them in order.
      if (event !== 'message' && event !== 'message.changed' && event !== 'reset') events.emit(event, data as EventData<typeof event>);
    },
    page: (page: Page) => rooms.get(page.room.id)?.page(page),
  });

  function cursors() {
    const from = new Map<string, { readonly epoch: string; readonly rev: number }>();
    for (const [id, room] of rooms) {
      const cursor = room.listening();
      // The server refuses a stream of more rooms as a whole. Those beyond stand still until others are released.
      if (cursor && from.size < limits.get().roomsPerStream) from.set(id, cursor);
    }
    return from;
  }

  /** What an answer tells about my rooms and me, beyond what was asked. */
  const learn = (command: CommandName, input: object, output: unknown): void => {
    if (isSummary(output)) {
      list.put(output);
      if (command !== 'room.get') rooms.get(output.id)?.event('room.changed', { room: output });
    } else if (command === 'room.update') list.changed(output as RoomFields);
    else if (command === 'room.leave') list.remove(String((input as { room?: unknown }).room));
    else if (command === 'user.rename') me.set(output as User);
  };

  async function command<N extends CommandName>(asked: N, input: CommandRequest<N>): Promise<CommandOutput<N>> {
    const output = await connection.command(asked, input);
    learn(asked, input, output);
    return output as CommandOutput<N>;
  }

  const roomOfId = (id: string): Room => {
    const known = rooms.get(id);
    if (known) return known;
    const room = createRoom(id, {
      clock,
      random,
      outbox,
      list,
      command,
      limits: limits.get,
      me: me.get,
      online: () => connection.state.get().state === 'online',
      listen: connection.listen,
      emit: events.emit,
    });
    rooms.set(id, room);
    return room;
  };

  /** Resolves when connected. */
  const connected = (): Promise<User> =>
    new Promise((resolve, reject) => {
      let over = false;
      let leave = (): void => {};
      leave = connection.state.subscribe((state) => {
        const user = me.get();
        if (over || state.state === 'connecting') return;
        over = true;
        queueMicrotask(() => leave());
        if (state.state === 'online' && user) resolve(user);
        else reject(state.state === 'refused' ? new SudaClientError(state.error) : unavailable());
      });
    });

  return {
    connection: connection.state,
    me,
    rooms: list.rooms,
    limits,
    connect: connection.connect,
    disconnect: connection.disconnect,
    async signIn(as) {
      if (!dial.cookies) {
        name = as;
        connection.disconnect();
        connection.connect();
        return connected();
      }
      const output = (await http.command('hello', { name: as })) as CommandOutput<'hello'>;
      connection.disconnect();
      adopt(output);
      connection.connect();
      return output.user;
    },
    async signOut() {
      if (dial.cookies) await http.request('DELETE', '/v1/session');
      token = undefined;
      name = undefined;
      connection.disconnect();
      me.set(null);
      list.clear();
      for (const room of rooms.values()) room.forget();
      await outbox.forget();
    },
    recall(user, summaries) {
      if (me.get()) return;
      become(user);
      list.replace(summaries);
    },
    room: (id) => roomOfId(id).handle,
    upload,
    command,
    on: events.on,
    wake: connection.wake,
    close() {
      connection.close();
      cancelList();
      outbox.close();
      for (const room of rooms.values()) room.close();
    },
  };
}

function tooLong(most: number): SudaClientError {
  return new SudaClientError({ code: 'too_long', message: `A message has at most ${most} characters.`, retry: false });
}
