import type { TestContext } from 'node:test';
import { MemoryStore, type Store } from '@suda/chat';
import type { CommandName, CommandOutput, CommandRequest, ErrorCode } from '@suda/protocol';
import { createServer, type Server, type ServerOptions } from '@suda/server';
import { type Answer, Caller } from './caller.ts';
import { EventStream } from './event-stream.ts';
import { refusalOf } from './refusal.ts';
import { Socket } from './socket.ts';

type Options = Partial<ServerOptions>;

/** A server on a port of this machine, and people who use it. */
export class Site extends Caller {
  readonly port: number;

  constructor(port: number) {
    super(`http://127.0.0.1:${port}`);
    this.port = port;
  }

  async person(name: string): Promise<Person> {
    const { user, token } = await this.ask('hello', { name });
    return new Person(this, user.id, name, token);
  }

  /** Several people who are all in one new room, of the first of them. */
  async room<const Names extends readonly string[]>(
    names: Names,
    options: Partial<CommandRequest<'room.create'>> = {},
  ): Promise<{ room: string; people: { [I in keyof Names]: Person } }> {
    const people: Person[] = [];
    for (const name of names) people.push(await this.person(name));
    const [owner, ...others] = people as [Person, ...Person[]];
    const { id: room } = await owner.ask('room.create', { name: 'Room', kind: 'public', ...options });
    for (const { id } of others) await owner.ask('room.invite', { room, user: id });
    return { room, people: people as { [I in keyof Names]: Person } };
  }
}

/** The real server in this process, on a port of its own. */
export class Stage extends Site {
  readonly server: Server;
  readonly store: Store;

  constructor(server: Server, store: Store, port: number) {
    super(port);
    this.server = server;
    this.store = store;
  }

  /** Opens one for a test, and closes it afterwards. */
  static async open(context: TestContext | undefined, options: Options = {}): Promise<Stage> {
    const store = options.store ?? new MemoryStore();
    const server = await createServer({ secret: 'only for tests, never else', claimKey: 'only for tests', rate: 0, ...options, store });
    const { port } = await server.listen(0, '127.0.0.1');
    const stage = new Stage(server, store, port);
    context?.after(() => server.stop());
    return stage;
  }
}

/** Someone with a token. Acts over HTTP, and opens whatever transport they are asked to. */
export class Person {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly #site: Site;
  #said = 0;

  constructor(site: Site, id: string, name: string, token: string) {
    this.#site = site;
    this.id = id;
    this.name = name;
    this.token = token;
  }

  ask<N extends CommandName>(name: N, input: CommandRequest<N>): Promise<CommandOutput<N>> {
    return this.#site.ask(name, input, this.token);
  }

  refused<N extends CommandName>(name: N, input: CommandRequest<N>): Promise<ErrorCode> {
    return refusalOf(this.ask(name, input));
  }

  say(room: string, text: string): Promise<CommandOutput<'message.send'>> {
    return this.ask('message.send', { room, text, clientId: `${this.id}-${this.#said++}` });
  }

  socket(): Promise<Socket> {
    return Socket.connect(this.#site.port, { headers: { authorization: `Bearer ${this.token}` } });
  }

  stream(query: string, headers: Readonly<Record<string, string>> = {}): Promise<EventStream> {
    return EventStream.open(`${this.#site.url}/v1/events${query}`, { authorization: `Bearer ${this.token}`, ...headers });
  }

  poll(query: string): Promise<Answer> {
    return this.#site.call('GET', `/v1/poll${query}`, { token: this.token });
  }
}
