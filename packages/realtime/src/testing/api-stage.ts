import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { io as connect, type ManagerOptions, type Socket as SocketIoClient, type SocketOptions } from 'socket.io-client';
import { WebSocket } from 'ws';
import { Server, type ServerOptions } from '../api/index.ts';

/** How long a test waits for something that should come at once. */
const SOON = 10_000;

/** What a client heard, in its order; whoever waits is told when something comes. */
export class Heard<T> {
  readonly all: T[] = [];
  #look: () => void = () => {};

  push(item: T): void {
    this.all.push(item);
    this.#look();
  }

  /** Resolves with everything once `fits` holds. */
  until(what: string, fits: (all: readonly T[]) => boolean): Promise<readonly T[]> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`never came: ${what}; there was ${JSON.stringify(this.all)}`)), SOON);
      this.#look = () => {
        if (!fits(this.all)) return;
        clearTimeout(timer);
        resolve(this.all);
      };
      this.#look();
    });
  }
}

export type Frame = {
  readonly event?: string;
  readonly data?: unknown;
  readonly id?: number;
  readonly reply?: unknown;
  readonly error?: { readonly code: string };
};

/** A native WebSocket, and the frames that it heard. */
export class Native {
  readonly socket: WebSocket;
  readonly heard = new Heard<Frame>();
  readonly closed: Promise<number>;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data) => this.heard.push(JSON.parse(String(data))));
    this.closed = new Promise((resolve) => this.socket.on('close', (code) => resolve(code)));
    this.socket.on('error', () => {});
  }

  say(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The data of events of this name. */
  said(event: string): unknown[] {
    return this.heard.all.filter((frame) => frame.event === event).map(({ data }) => data);
  }
}

/** A server of an application's own events on a port of its own, and clients of every kind. */
export class ApiStage {
  readonly io: Server;
  readonly http: HttpServer;
  readonly errors: unknown[];
  readonly #context: TestContext;

  private constructor(context: TestContext, io: Server, http: HttpServer, errors: unknown[]) {
    this.#context = context;
    this.io = io;
    this.http = http;
    this.errors = errors;
  }

  static async open(context: TestContext, options: ServerOptions = {}): Promise<ApiStage> {
    const http = createServer((_request, response) => response.end('somebody else'));
    const errors: unknown[] = [];
    const io = new Server(http, { onError: (error) => errors.push(error), ...options });
    context.after(async () => {
      const closed = io.close();
      http.closeAllConnections();
      await closed;
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    return new ApiStage(context, io, http, errors);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  /** An unmodified Socket.IO client. */
  socketIo(path = '/', options: Partial<ManagerOptions & SocketOptions> = {}): SocketIoClient {
    const client = connect(`${this.url}${path}`, { forceNew: true, reconnection: false, transports: ['websocket'], ...options });
    this.#context.after(() => void client.disconnect());
    return client;
  }

  async connected(path = '/', options: Partial<ManagerOptions & SocketOptions> = {}): Promise<SocketIoClient> {
    const client = this.socketIo(path, options);
    await new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject));
    return client;
  }

  async native(path = '/v1/ws'): Promise<Native> {
    const client = new Native(`${this.url.replace('http', 'ws')}${path}`);
    this.#context.after(() => client.socket.terminate());
    await once(client.socket, 'open');
    return client;
  }
}
