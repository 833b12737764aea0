import { randomUUID } from 'node:crypto';
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type CommandName, type CommandOutput, type CommandRequest, limits, RoomId, SudaError, type User, UserId } from '@suda/protocol';
import { type Server as IoServer, intercept, type Realtime } from '@suda/realtime';
import type { FastifyPluginAsync } from 'fastify';
import type { HostUser } from '../host/host-user.ts';
import type { Server } from '../server.ts';
import { asFastifyPlugin } from './fastify.ts';
import { HappeningListeners, type HappeningName, type Listener } from './happenings.ts';

/** Someone in whose name the host acts: a user of the host, or one of ours. */
export type Person = HostUser | User;

/** In whose name something is done. */
export interface As {
  readonly as: Person;
}

const isUser = (person: Person): person is User =>
  typeof (person as Partial<User>).guest === 'boolean' && UserId.safeParse(person.id).success;

/** A chat inside a host application. Made by `createSuda`. */
export class Suda {
  /** What everything is under; empty: no path. */
  readonly path: string;
  /** A plugin for Fastify 5, `app.register(suda.fastify)`: serves, and closes with the application. */
  readonly fastify: FastifyPluginAsync;
  readonly #server: Server;
  readonly #listeners: HappeningListeners;
  readonly #attached = new Set<() => void>();
  #closed: Promise<void> | undefined;

  /** @param server wired, not listening  @param onError hears what a listener of the host throws */
  constructor(server: Server, path: string, onError: (error: unknown, where: string) => void) {
    this.#server = server;
    this.path = path;
    this.fastify = asFastifyPlugin(this);
    this.#listeners = new HappeningListeners(onError);
    server.chat.bus.subscribe((changes) => this.#listeners.take(changes));
  }

  /**
   * The application's own events, with Socket.IO's server interface, over the same connections as the chat: each client that comes is
   * a socket, `socket.data.user` the id of the user that it came as. Names of the chat's commands stay the chat's.
   */
  get io(): IoServer {
    return this.#server.io;
  }

  /** Sessions and topics. */
  get realtime(): Realtime {
    return this.#server.realtime;
  }

  /**
   * Serves on a server of the host: Node's own, or what Express' `app.listen` and Nest's `getHttpServer` give. Other paths go where they
   * went before, no matter who listens already and who comes later.
   * @param what `upgrades`: the requests come another way, by `handle`
   * @returns a function that takes it away again
   */
  attach(server: HttpServer, what: 'all' | 'upgrades' = 'all'): () => void {
    const detach = intercept(server, {
      has: (url) => this.#server.serves(url),
      ...(what === 'all' ? { request: (request: IncomingMessage, response: ServerResponse) => void this.handle(request, response) } : {}),
      upgrade: (request, socket, head) => void this.upgrade(request, socket, head),
    });
    const once = (): void => {
      if (this.#attached.delete(once)) detach();
    };
    this.#attached.add(once);
    return once;
  }

  /** Serves one request, for frameworks that `attach` doesn't fit. Its body must not have been read. @returns whether it is ours */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#server.serves(request.url ?? '')) return false;
    if (this.#closed === undefined) this.#server.handle(request, response);
    else turnAway(response);
    return true;
  }

  /** Serves one upgrade, likewise. @returns whether it is ours */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (!this.#server.serves(request.url ?? '')) return false;
    this.#server.upgrade(request, socket, head);
    return true;
  }

  /**
   * Listens to what happens. Each process hears of each happening once, after it is on disk.
   * @returns a function that ends it
   */
  on<E extends HappeningName>(event: E, listener: Listener<E>): () => void {
    return this.#listeners.on(event, listener);
  }

  /** The user of a host's user, made or renamed if need be. */
  async user(person: Person): Promise<User> {
    const id = isUser(person) ? person.id : await this.#server.hostUsers.of(person);
    const user = await this.#server.chat.user(id);
    if (user === null) throw new SudaError('no_such_user');
    return user;
  }

  /** The id that a host's user has or will have, to find them in messages: it follows from the host's id. */
  idOf(id: HostUser['id']): UserId {
    return this.#server.hostUsers.idOf(id);
  }

  /**
   * A bearer token, for a client that acts as this user: a program, an application on a phone.
   * @param expiresIn seconds; without it, it is valid as long as the secret is
   */
  token({ id }: User, { expiresIn }: { readonly expiresIn?: number } = {}): string {
    return this.#server.tokens.issue(UserId.parse(id), expiresIn);
  }

  /**
   * Any command, as a client of that user would give it: by the same rules and rights, only that no rate is kept.
   * @throws SudaError as a client would be refused with
   */
  async command<N extends CommandName>(name: N, input: CommandRequest<N>, { as }: As): Promise<CommandOutput<N>> {
    if (this.#closed !== undefined) throw new SudaError('unavailable', 'This Suda is closed.');
    const user = isUser(as) ? as.id : await this.#server.hostUsers.of(as);
    const answer = await this.#server.door.run(name, input, { user, address: 'the host application', trusted: true });
    // Large answers are made as JSON, once for whoever reads them.
    return (
      typeof answer === 'object' && answer !== null && 'json' in answer ? JSON.parse(String(answer.json)) : answer
    ) as CommandOutput<N>;
  }

  /** Makes a room that this person owns. */
  createRoom(input: CommandRequest<'room.create'>, as: As): Promise<CommandOutput<'room.create'>> {
    return this.command('room.create', input, as);
  }

  /**
   * Makes sure that a public room is there that belongs to nobody, like the lobby.
   * @param id chosen by the host, such as `support`
   */
  async foundRoom(id: string, name: string): Promise<RoomId> {
    const room = RoomId.safeParse(id);
    if (!room.success || id.startsWith('d_'))
      throw new SudaError('invalid', `"${id}" is no id of a room: ${room.error?.issues[0]?.message ?? 'd_… are direct rooms'}`);
    await this.#server.chat.foundRoom(room.data, name.trim().slice(0, limits.roomNameLength) || id);
    return room.data;
  }

  /**
   * Says something in a room that this person is a member of.
   * @param options.clientId the same for every try of the same message, such as the number of an order: it is said once (P2)
   */
  post(
    room: string,
    text: string,
    options: As & { readonly clientId?: string; readonly replyTo?: number },
  ): Promise<CommandOutput<'message.send'>> {
    const { as, clientId = randomUUID(), replyTo } = options;
    return this.command('message.send', { room, clientId, text, ...(replyTo === undefined ? {} : { replyTo }) }, { as });
  }

  /**
   * Ends every connection of a user, as when they sign out of the host: `identity` is asked when a connection begins, not later.
   * @returns how many there were
   */
  disconnect(person: Person): number {
    const id = isUser(person) ? person.id : this.idOf(person.id);
    const theirs = [...this.realtime.sessions.values()].filter((session) => this.#server.door.people.userOf(session) === id);
    for (const session of theirs) session.close('sessionEnded');
    return theirs.length;
  }

  /**
   * Sends everyone away with a hint when to come back, answers what waits, finishes what is under way, and closes the store. The
   * host's server goes on with its own. Again: the same end.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#server.stop();
    for (const detach of [...this.#attached]) detach();
  }
}

/** Between the end of us and that of the host: try again, someone else may be there by then. */
function turnAway(response: ServerResponse): void {
  const error = new SudaError('unavailable', 'The server is stopping.', 2_000);
  response.writeHead(error.status, { 'content-type': 'application/json; charset=utf-8', 'retry-after': '2', connection: 'close' });
  response.end(JSON.stringify({ error: error.toWire() }));
}
