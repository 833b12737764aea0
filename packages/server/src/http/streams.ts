import type { OutgoingHttpHeaders } from 'node:http';
import { type Cursor, formatCursors, limits, parseCursor, parseCursors, paths, RoomId, SudaError, type UserId } from '@suda/protocol';
import { type Admission, holdPoll, openEventStream, type Session, sseEncoding } from '@suda/realtime';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { arrive } from '../live/arrivals.ts';
import type { Opened } from '../live/listening.ts';
import { RoomLog } from '../live/room-log.ts';
import type { OwnEvents } from '../own-events.ts';
import type { RouteOptions } from './routes.ts';

const Rooms = z.preprocess(
  (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
  z.array(RoomId).max(limits.roomsPerStream, `at most ${limits.roomsPerStream} rooms`),
);
const Cursors = z.string().max(10_000).optional();
const EventsQuery = z.object({ room: Rooms, cursor: Cursors });
const PollQuery = z.object({
  room: Rooms,
  cursor: Cursors,
  since: z.string().max(100).optional(),
  wait: z.coerce.number().min(0).max(limits.pollWaitSeconds).default(25),
  events: z.enum(['0', '1']).default('0'),
});

function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.output<S> {
  const parsed = schema.safeParse(query);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new SudaError('invalid', `${issue?.path.join('.')}: ${issue?.message}`);
}

function readCursors(line: string): Map<string, Cursor> {
  const cursors = parseCursors(line);
  if (cursors === undefined) throw new SudaError('invalid', 'cursor: expected room:epoch:rev, comma between');
  return cursors;
}

/** The cursors that a stream came with. Until a room has begun, its place is still the one that the client brought. */
const brought = new WeakMap<Session, ReadonlyMap<string, Cursor>>();

/** The cursors of all rooms of a stream: an `id:` that left one out would lose that one's place at the next reconnect. */
function cursorsOf(session: Session): Iterable<readonly [string, Cursor]> {
  const cursors = new Map(brought.get(session));
  for (const { topic, cursor, held } of session.subscriptions.values()) {
    if (topic.log instanceof RoomLog && !held) cursors.set(topic.log.room, { epoch: topic.log.epoch, rev: cursor });
  }
  return cursors;
}

export interface StreamOptions extends RouteOptions {
  readonly own: OwnEvents;
}

const encoding = sseEncoding(cursorsOf);
/** HEAD would open a stream that nobody reads. */
const noHead = { exposeHeadRoute: false } as const;

/** The two transports that only receive: event streams (PROTOCOL §6) and polls (§7). */
export function registerStreams(app: FastifyInstance, { door, identify, addresses, own }: StreamOptions): void {
  const { realtime, chat, listening, people } = door;

  const enter = async (
    request: import('node:http').IncomingMessage,
    rooms: readonly RoomId[],
  ): Promise<{ user: UserId; admission: Admission }> => {
    if (realtime.draining) throw new SudaError('unavailable', 'The server is stopping.', 2_000);
    const user = await identify(request);
    if (user === undefined) throw new SudaError('unauthenticated');
    const address = addresses.of(request);
    door.rates.spend(user, 'read');
    // Asked before anything is sent, so that a refusal has its status.
    for (const room of rooms) await chat.readable(user, room);
    await own.shake(request);
    const { id, ...data } = await own.enterNative(request, address, user);
    return { user, admission: { address, data, ...(id === undefined ? {} : { id }) } };
  };

  app.get(paths.events, noHead, async (request, reply) => {
    const query = parseQuery(EventsQuery, request.query);
    // What a browser remembers from another stream of ours is no reason to refuse it for good: it begins anew.
    const last = request.headers['last-event-id'];
    const cursors = (typeof last === 'string' ? parseCursors(last) : undefined) ?? readCursors(query.cursor ?? '');
    const rooms = [...new Set(query.room)];
    const { user, admission } = await enter(request.raw, rooms);
    reply.hijack();
    const retry = 1_000 + Math.floor(realtime.random() * 3_000);
    const session = openEventStream(realtime, reply.raw, encoding, admission, retry, reply.getHeaders() as OutgoingHttpHeaders);
    brought.set(session, new Map([...cursors].filter(([room]) => (rooms as readonly string[]).includes(room))));
    await arrive(door, session, user, new Map(rooms.map((room) => [room, cursors.get(room)])), (error, where) =>
      request.log.error({ err: error }, where),
    );
  });

  app.get(paths.poll, noHead, async (request, reply) => {
    const query = parseQuery(PollQuery, request.query);
    const rooms = [...new Set(query.room)];
    const cursors = readCursors(query.cursor ?? '');
    const [only] = rooms;
    if (query.since !== undefined) {
      const since = parseCursor(query.since);
      if (since === undefined) throw new SudaError('invalid', 'since: expected epoch:rev');
      if (only === undefined || rooms.length > 1) throw new SudaError('invalid', 'since: is for a single room; use cursor');
      cursors.set(only, since);
    }
    const listens = query.events === '1';
    if (rooms.length === 0 && !listens) throw new SudaError('invalid', 'room: name at least one');
    const { user, admission } = await enter(request.raw, rooms);
    const look = async (): Promise<{ pages: Opened[]; removed: string[] }> => {
      const pages: Opened[] = [];
      const removed: string[] = [];
      for (const room of rooms) {
        try {
          pages.push(await listening.read(user, room, cursors.get(room)));
        } catch (error) {
          if (!(error instanceof SudaError) || error.status >= 500) throw error;
          removed.push(room);
        }
      }
      return { pages, removed };
    };
    let found = await look();
    let events: readonly unknown[] = [];
    if (query.wait > 0 && found.removed.length === 0 && !found.pages.some(({ news }) => news)) {
      const logs = found.pages.map((page) => ({ page, log: new RoomLog(page.room, chat.store) }));
      const woken = await holdPoll(realtime, reply.raw, admission, query.wait, listens, (session) => {
        people
          .bind(session, user, async () => (listens ? (await chat.store.roomsOf(user)).filter((room) => !rooms.includes(room)) : []))
          .catch(() => session.close('goingAway'));
        for (const { page, log } of logs) {
          const subscription = session.join(`room:${page.room}`, log);
          subscription.topic.ready().then(
            (there) => (there ? subscription.start(page.head) : session.close('sessionEnded')),
            () => session.close('goingAway'),
          );
        }
      });
      events = woken.events;
      if (woken.reason !== 'gone') found = await look();
    }
    const cursor = formatCursors(found.pages.map(({ room, epoch, head }) => [room, { epoch, rev: head }] as const));
    const pages = found.pages.filter(({ news }) => news).map(({ answer }) => answer.json);
    const body = `{"cursor":${JSON.stringify(cursor)},"rooms":[${pages.join(',')}]${listens ? `,"events":${JSON.stringify(events)}` : ''}${
      found.removed.length > 0 ? `,"removed":${JSON.stringify(found.removed)}` : ''
    }}`;
    return reply.type('application/json; charset=utf-8').header('cache-control', 'no-store').send(body);
  });
}
