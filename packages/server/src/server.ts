import { randomInt } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Bus, Chat, InProcessBus, type Store } from '@suda/chat';
import { type Admission, attachWebSocket, intercept, Realtime, socketIoServer } from '@suda/realtime';
import { type Logger, pino } from 'pino';
import { Addresses } from './addresses.ts';
import { Door } from './door.ts';
import { createApp } from './http/app.ts';
import { Handshakes } from './http/handshakes.ts';
import { arrivalOf, isSocketIo } from './http/socketio.ts';
import { identifyByToken, Origins } from './identity.ts';
import { type Arrival, arrive } from './live/arrivals.ts';
import { LOBBY } from './lobby.ts';
import { scryptPasswords } from './passwords.ts';
import { Rates } from './rates.ts';
import { Tokens } from './tokens.ts';

export interface ServerOptions {
  readonly store: Store;
  /** Signs sessions: at least 16 characters, the same on every node and after every restart. */
  readonly secret: string;
  readonly bus?: Bus;
  readonly logger?: Logger;
  /** Folder of the built chat page. */
  readonly pageFolder?: string;
  readonly origins?: readonly string[];
  readonly trustProxy?: readonly string[];
  /** Messages a second that one person may send in the long run; 0: no rate limit at all. Default 50. */
  readonly rate?: number;
}

export interface Server {
  readonly chat: Chat;
  readonly realtime: Realtime;
  /** Begins to serve. @returns the address, with the port that was really taken */
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Sends everyone away with a hint when to come back, finishes what is under way, and closes the store. */
  stop(): Promise<void>;
}

/** Those who are sent away come back spread over this time, in milliseconds. */
const COME_BACK_WITHIN = 2_000;

/** Requests that are under way when the server stops may take so many milliseconds more. */
const FINISH_WITHIN = 5_000;

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Fifteen signs of 32: 75 random bits. */
function newId(prefix: string): string {
  let id = prefix;
  for (let i = 0; i < 15; i++) id += alphabet[randomInt(alphabet.length)];
  return id;
}

/** One process of Suda, wired together. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { store, secret, bus = new InProcessBus(), logger = pino({ level: 'silent' }), origins = [] } = options;
  const now = (): number => Date.now();
  const onError = (error: unknown, where: string): void => logger.error({ err: error }, where);
  const realtime = new Realtime({ onError });
  const chat = new Chat({ store, bus, passwords: scryptPasswords, now, newId });
  const tokens = new Tokens(secret, now);
  const rates = new Rates(options.rate ?? 50, now);
  const door = new Door({ chat, realtime, tokens, rates, onError });
  const addresses = new Addresses(options.trustProxy ?? []);
  const identify = identifyByToken(door);
  const allowed = new Origins(origins);
  const handshakes = new Handshakes(identify, now);
  /** A handshake: of a page that may, within the rate of its address; its user, if it carries who it is. */
  const admit = async (request: IncomingMessage): Promise<Admission> => {
    allowed.check(request);
    const address = addresses.of(request);
    rates.spend(address, 'enter');
    const user = await identify(request);
    return { address, data: user === undefined ? undefined : { user } };
  };
  const engines = socketIoServer(realtime, {
    check: (request) => allowed.check(request),
    admit,
    connect: (connect) => arrivalOf(door, connect),
  });
  const app = await createApp({
    door,
    identify,
    origins: allowed,
    addresses,
    logger,
    pageFolder: options.pageFolder,
    shared: origins.length > 0,
    engines,
    handshakes,
  });

  realtime.on('connection', (session) => {
    const { id, transport, address } = session;
    logger[transport === 'polling' ? 'debug' : 'info']({ session: id, transport, address }, 'client arrived');
    const { user, rooms = new Map() } = (session.data ?? {}) as Partial<Arrival>;
    if (user === undefined) return;
    if (rooms.size > 0) void door.greet(session, user, rooms);
    else void arrive(door, session, user, rooms, onError);
  });
  realtime.on('end', (session, reason) => {
    const { id, transport, address } = session;
    logger[transport === 'polling' ? 'debug' : 'info']({ session: id, transport, address, reason }, 'client departed');
  });

  attachWebSocket(realtime, app.server, { admit });
  intercept(app.server, {
    upgrade(request, socket, head) {
      if (!isSocketIo(request.url ?? '')) return false;
      void engines.upgrade(request, socket, head);
      return true;
    },
  });
  intercept(app.server, {
    // Whoever comes last stands first: this one only looks on, before the handshake is answered.
    upgrade(request) {
      handshakes.watch(request);
      return false;
    },
  });

  await chat.foundRoom(LOBBY, 'Lobby');
  door.people.begin();

  return {
    chat,
    realtime,
    async listen(port, host) {
      await app.listen({ port, host });
      return app.server.address() as AddressInfo;
    },
    async stop() {
      realtime.drain(COME_BACK_WITHIN);
      engines.close();
      const cutOff = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN);
      await app.close();
      clearTimeout(cutOff);
      realtime.close();
      await store.close();
      await bus.close();
    },
  };
}
