import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { type Bus, Chat, InProcessBus, type Store } from '@suda/chat';
import { paths, SudaError, type UserId } from '@suda/protocol';
import {
  type Admission,
  attachWebSocket,
  type Server as IoServer,
  intercept,
  isWebSocket,
  Realtime,
  randomId,
  refuseUpgrade,
  socketIoServer,
} from '@suda/realtime';
import { type Logger, pino } from 'pino';
import { Addresses, isHere } from './addresses.ts';
import { Door } from './door.ts';
import { Contents } from './files/contents.ts';
import { Sweep } from './files/sweep.ts';
import { Uploads } from './files/uploads.ts';
import { Outside, type OutsideOptions } from './gifs/outside.ts';
import { HostUsers } from './host/host-users.ts';
import { type Recognise, recognised } from './host/recognise.ts';
import { createApp } from './http/app.ts';
import { Handshakes } from './http/handshakes.ts';
import { arrivalOf, socketIoPaths } from './http/socketio.ts';
import { identifyByHost, identifyByToken, Origins } from './identity.ts';
import { type Arrival, arrive } from './live/arrivals.ts';
import { LOBBY } from './lobby.ts';
import type { Others } from './others.ts';
import { type Own, OwnEvents } from './own-events.ts';
import { scryptPasswords } from './passwords.ts';
import { Previews } from './previews/previews.ts';
import { publicReach, type Reach } from './previews/reach.ts';
import { Rates } from './rates.ts';
import { reachOf } from './reach.ts';
import { Tokens } from './tokens.ts';
import { UnderWay } from './under-way.ts';

export interface ServerOptions {
  readonly store: Store;
  /** Signs sessions: at least 16 characters, the same on every node and after every restart. */
  readonly secret: string;
  /** Folder of uploaded files, this process' own; null: none are taken. */
  readonly filesFolder?: string | null;
  /** Where GIFs can be looked for outside; null: nowhere. */
  readonly gifs?: OutsideOptions | null;
  readonly bus?: Bus;
  readonly logger?: Logger;
  /** Folder of the built chat page; null: there shall be none. */
  readonly pageFolder?: string | null;
  readonly origins?: readonly string[];
  readonly trustProxy?: readonly string[];
  /** Messages a second that one person may send in the long run; 0: no rate limit at all. Default 50. */
  readonly rate?: number;
  /** The path that everything is under, such as `/chat`. Default none. */
  readonly mount?: string;
  /** How a host application says who someone is. */
  readonly recognise?: Recognise;
  /** What ids of a host's users are made with; it must stay as it is. Default: the secret. */
  readonly hostKey?: string;
  /** Whether whoever gives a name may come in as a guest. Default true. */
  readonly guests?: boolean;
  /** Where the page sends whom the host doesn't know, when there are no guests. */
  readonly signIn?: string;
  /** What a host application calls this place; then nobody here may name it. */
  readonly placeName?: string;
  /** Opens the claim of the place (`place.claim`) to whoever holds it. Default null: nobody can claim it. */
  readonly claimKey?: string | null;
  /** Whether the server looks at what addresses in messages lead to, and shows it. Default true. */
  readonly linkPreviews?: boolean;
  /** Whether the page may keep itself in the visitor's browser, to open without a network. Default true. */
  readonly worker?: boolean;
  /** Whose pages may show ours in a frame, as the content security policy says it. Default nobody's. */
  readonly frames?: readonly string[];
  /** The other processes of this server, where there are any. */
  readonly others?: Others | undefined;
}

/** What a test puts in the place of the world. */
export interface World {
  /** Whom the server may ask for previews. Default: the public internet. */
  readonly reach?: Reach;
}

export interface Server {
  readonly chat: Chat;
  readonly realtime: Realtime;
  readonly door: Door;
  readonly tokens: Tokens;
  readonly hostUsers: HostUsers;
  /** An application's own events, over the chat's connections. */
  readonly io: IoServer;
  /** Whether an address is under the path, so that it is served here. */
  serves(url: string): boolean;
  /** Serves a request that came to a server of others. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Serves an upgrade that came to a server of others. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Serves a connection that another process has taken. @param head what it has read of it */
  adopt(socket: Socket, head: Buffer): void;
  /** Where others in the network reach it; undefined while it doesn't listen itself. */
  reach(): string[] | undefined;
  /**
   * Begins to serve.
   * @param shared other processes of this server listen there too
   * @returns the address, with the port that was really taken
   */
  listen(port: number, host: string, shared?: boolean): Promise<AddressInfo>;
  /** Sends everyone away with a hint when to come back, finishes what is under way, and closes the store. */
  stop(): Promise<void>;
}

/** Those who are sent away come back spread over this time, in milliseconds. */
const COME_BACK_WITHIN = 2_000;

/** Requests that are under way when the server stops may take so many milliseconds more. */
const FINISH_WITHIN = 5_000;

/** Whether several processes may listen on one port, each by itself, and the kernel spreads what comes (Linux ≥ 3.9). */
const sharesPorts = process.platform === 'linux';

const alphabet = 'abcdefghijkmnpqrstuvwxyz23456789';

/** Fifteen signs of 32: 75 random bits. */
function newId(prefix: string): string {
  let id = prefix;
  for (let i = 0; i < 15; i++) id += alphabet[randomInt(alphabet.length)];
  return id;
}

/** One process of Suda, wired together. */
export async function createServer(options: ServerOptions, world: World = {}): Promise<Server> {
  const {
    store,
    secret,
    bus = new InProcessBus(),
    logger = pino({ level: 'silent' }),
    origins = [],
    mount = '',
    guests = true,
    others,
  } = options;
  const now = (): number => Date.now();
  const onError = (error: unknown, where: string): void => logger.error({ err: error }, where);
  const realtime = new Realtime({ onError });
  const chat = new Chat({
    store,
    bus,
    passwords: scryptPasswords,
    now,
    newId,
    onDone: (command, changes) => previews?.take(command, changes),
  });
  const tokens = new Tokens(secret, now);
  const rates = new Rates(options.rate ?? 50, now, others);
  const hostUsers = new HostUsers(chat, options.hostKey ?? secret);
  const known = recognised(options.recognise, hostUsers, onError);
  const contents = typeof options.filesFolder === 'string' ? await Contents.open(options.filesFolder, others) : null;
  const previews =
    options.linkPreviews === false
      ? null
      : new Previews({
          chat,
          contents,
          reach: world.reach ?? publicReach,
          now,
          onFailure: (err, address) => logger.debug({ err, address }, 'no preview'),
        });
  const sweep = contents === null ? null : new Sweep(chat, contents, now, (error) => onError(error, 'sweeping files'));
  let listening: { readonly host: string; readonly port: number } | undefined;
  const reach = (): string[] | undefined => listening && reachOf(listening.host, listening.port, networkInterfaces());
  const uploads = contents === null ? null : new Uploads(contents, chat);
  const outside =
    uploads === null || !options.gifs ? null : new Outside(options.gifs, uploads, now, (sentence) => logger.warn(sentence), others);
  const door = new Door({
    chat,
    realtime,
    tokens,
    rates,
    onError,
    guests,
    takesFiles: contents !== null,
    place: {
      claimKey: options.claimKey ?? null,
      addresses: reach,
      ...(options.placeName === undefined ? {} : { name: options.placeName }),
    },
    outside,
    others,
    ...(known.token === undefined ? {} : { foreignToken: known.token }),
  });
  const addresses = new Addresses(options.trustProxy ?? []);
  const identify = known.request === undefined ? identifyByToken(door) : identifyByHost(door, known.request);
  const allowed = new Origins(origins);
  const handshakes = new Handshakes(identify, now);
  /** A handshake: of a page that may, within the rate of its address; its user, if it carries who it is. */
  const admit = async (request: IncomingMessage): Promise<Admission> => {
    allowed.check(request);
    const address = addresses.of(request);
    rates.spend(address, 'enter');
    const user = await identify(request).catch(asNobody);
    await own.shake(request);
    const here = isHere(request);
    return { address, data: own.used ? { user, here, request } : { user, here } };
  };
  const own = new OwnEvents(realtime);
  const engines = socketIoServer(realtime, {
    check(request) {
      if (request.headers.upgrade !== undefined) handshakes.watch(request);
      allowed.check(request);
    },
    admit,
    namespaces: (connect) => own.find(connect),
    connect: async (connect) => {
      const arrival = await arrivalOf(door, connect);
      const { address, data } = connect.admission;
      const { request, here } = data as Handshaken;
      return { ...arrival, here, ...(await own.enter(connect, request, address, arrival.user)) };
    },
    newId: (_connect, data) => (data as Own).id ?? randomId(),
    ...(others === undefined ? {} : { idPrefix: `${others.name}.` }),
  });
  const app = await createApp({
    door,
    identify,
    origins: allowed,
    addresses,
    logger,
    mount,
    pageFolder: options.pageFolder,
    worker: options.worker ?? true,
    placeName: async () => (await door.place.place()).name,
    signIn: guests ? null : (options.signIn ?? ''),
    frames: options.frames ?? [],
    shared: origins.length > 0,
    engines,
    handshakes,
    own,
    others,
    files: contents === null || uploads === null ? null : { contents, uploads },
    outside,
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

  const ofSocketIo = socketIoPaths(mount);
  // What asks for something else than a WebSocket stays an ordinary request (RFC 9110 §7.8).
  Object.assign(app.server, { shouldUpgradeCallback: isWebSocket });
  attachWebSocket(realtime, app.server, {
    path: mount + paths.websocket,
    async admit(request) {
      handshakes.watch(request);
      const { address, data } = await admit(request);
      const { user, here } = data as Handshaken;
      const mine = await own.enterNative(request, address, user);
      return { address, data: { user, here, ...mine }, ...(mine.id === undefined ? {} : { id: mine.id }) };
    },
  });
  intercept(app.server, {
    has: (url) => ofSocketIo.includes(pathOf(url)),
    upgrade(request, socket, head) {
      if (!others?.passUpgrade(request, socket, head)) void engines.upgrade(request, socket, head);
    },
  });
  app.server.on('upgrade', (_request, socket) => {
    const unknown = new SudaError('not_found');
    refuseUpgrade(socket, unknown.status, JSON.stringify({ error: unknown.toWire() }));
  });
  const underWay = new UnderWay();

  await app.ready();
  await chat.foundRoom(LOBBY, 'Lobby');
  door.people.begin();
  if (others === undefined) sweep?.begin();
  else others.whenLeading(() => sweep?.begin());

  return {
    chat,
    realtime,
    door,
    tokens,
    hostUsers,
    get io() {
      return own.io;
    },
    serves(url) {
      const path = pathOf(url);
      return path === mount || path.startsWith(`${mount}/`);
    },
    handle(request, response) {
      underWay.add(response);
      app.routing(request, response);
    },
    upgrade(request, socket, head) {
      underWay.add(socket);
      app.server.emit('upgrade', request, socket, head);
    },
    adopt(socket, head) {
      socket.unshift(head);
      app.server.emit('connection', socket);
      socket.resume();
    },
    reach,
    async listen(port, host, shared = false) {
      await app.listen({ port, host, ...(shared && sharesPorts ? { reusePort: true } : {}) });
      const address = app.server.address() as AddressInfo;
      listening = { host, port: address.port };
      return address;
    },
    async stop() {
      realtime.drain(COME_BACK_WITHIN);
      engines.close();
      await underWay.end(FINISH_WITHIN);
      const cutOff = setTimeout(() => app.server.closeAllConnections(), FINISH_WITHIN);
      await app.close();
      clearTimeout(cutOff);
      realtime.close();
      door.people.end();
      await previews?.stop();
      await sweep?.stop();
      await store.close();
      await bus.close();
    },
  };
}

/** What a handshake found out. */
interface Handshaken {
  readonly user: UserId | undefined;
  /** Whether it came from this machine. */
  readonly here: boolean;
  /** Kept only where sockets want it. */
  readonly request?: IncomingMessage;
}

const pathOf = (url = ''): string => url.split('?', 1)[0] ?? '';

/** A handshake that carries something that is no longer valid comes in as one that carries nothing, and says hello. */
function asNobody(error: unknown): undefined {
  if (error instanceof SudaError && error.code === 'unauthenticated') return undefined;
  throw error;
}
