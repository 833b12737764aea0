import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { MemoryStore } from '@suda/chat';
import { createSuda, type HostUser, type Identity, type Suda, type SudaOptions } from '@suda/server';
import { Caller } from './caller.ts';
import { EventStream } from './event-stream.ts';
import { Socket } from './socket.ts';
import { type IoOptions, SocketIo } from './socketio.ts';

/** A host that knows its users by a cookie, as `host=42.Mina`. */
export const byCookie: Identity = (request) => {
  const [, id, name] = /(?:^|; )host=(\w+)\.([^;]+)/.exec(request.headers.cookie ?? '') ?? [];
  return id === undefined || name === undefined ? undefined : { id, name: decodeURIComponent(name) };
};

export const cookieOf = ({ id, name }: HostUser): Record<string, string> => ({ cookie: `host=${id}.${encodeURIComponent(name)}` });

/** A Suda that keeps everything in memory, for tests. */
export function inMemory(options: Partial<SudaOptions> = {}): Promise<Suda> {
  const store =
    options.data === undefined && options.store === undefined ? { store: new MemoryStore(), secret: 'only for tests, never else' } : {};
  return createSuda({ ...store, rate: 0, page: false, ...options });
}

/** Listens on a free port until the test is over. @returns the port */
export async function listening(context: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** A chat that is part of another server, seen from outside. */
export class Embedded extends Caller {
  readonly suda: Suda;
  readonly port: number;
  readonly origin: string;

  constructor(suda: Suda, port: number) {
    super(`http://127.0.0.1:${port}${suda.path}`);
    this.suda = suda;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** Attached to a server of Node's own, whose routes are `app`. */
  static async open(context: TestContext, options: Partial<SudaOptions> = {}, app: RequestListener = plain): Promise<Embedded> {
    const suda = await inMemory(options);
    context.after(() => suda.close());
    const server = createServer(app);
    suda.attach(server);
    return new Embedded(suda, await listening(context, server));
  }

  /** @param headers what the handshake carries */
  socket(headers: Record<string, string> = {}): Promise<Socket> {
    return Socket.open(`${this.url.replace('http', 'ws')}/v1/ws`, { headers });
  }

  socketIo(options: IoOptions = {}): Promise<SocketIo> {
    return SocketIo.connect(this.origin, { path: `${this.suda.path}/socket.io/`, ...options });
  }

  stream(query: string, headers: Record<string, string>): Promise<EventStream> {
    return EventStream.open(`${this.url}/v1/events${query}`, headers);
  }
}

/** The host's own routes: they say what was asked of them. */
export const plain: RequestListener = (request, response) => response.end(`the host: ${request.method} ${request.url}`);
