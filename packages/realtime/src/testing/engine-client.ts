import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { Realtime } from '../realtime.ts';
import { type AttachOptions, attachEngine } from '../transports/socketio/attach.ts';
import type { EngineServer } from '../transports/socketio/engine-server.ts';
import { FakeClock, settled } from './fake-clock.ts';

/** Waits, at every turn of the event loop, until something of this process holds. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 20_000) throw new Error(`it never came: ${what}`);
    await settled();
  }
}

/** Everything that a WebSocket said: texts, and bytes. */
export class Frames {
  readonly socket: WebSocket;
  readonly all: (string | Buffer)[] = [];
  closed = false;
  #taken = 0;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('message', (data: Buffer, binary) => this.all.push(binary ? data : data.toString()));
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('error', () => {});
  }

  /** The next one that was not asked for yet. */
  async next(): Promise<string | Buffer> {
    const at = this.#taken++;
    await until(`frame ${at} after ${JSON.stringify(this.all)}`, () => this.all.length > at || this.closed);
    const frame = this.all[at];
    if (frame === undefined) throw new Error(`closed after ${JSON.stringify(this.all)}`);
    return frame;
  }

  async text(): Promise<string> {
    return String(await this.next());
  }

  send(...packets: readonly (string | Uint8Array)[]): void {
    for (const packet of packets) this.socket.send(packet);
  }

  end(): Promise<void> {
    return until('the end of the socket', () => this.closed);
  }
}

/** Timers are the test's; the ends of ticks come by themselves, as they do between sockets. */
class SocketClock extends FakeClock {
  override soon(run: () => void): void {
    setImmediate(run);
  }
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
}

/** An engine server on a port of its own, on a clock that the test moves, and a client that knows nothing but the protocol's pages. */
export class EngineStage {
  readonly clock: FakeClock;
  readonly realtime: Realtime;
  readonly engines: EngineServer;
  readonly server: Server;
  readonly errors: unknown[];
  readonly #sockets: Frames[] = [];

  constructor(clock: FakeClock, realtime: Realtime, engines: EngineServer, server: Server, errors: unknown[]) {
    this.clock = clock;
    this.realtime = realtime;
    this.engines = engines;
    this.server = server;
    this.errors = errors;
  }

  static async open(context: TestContext, make: (realtime: Realtime) => EngineServer, options: AttachOptions = {}): Promise<EngineStage> {
    const clock = new SocketClock();
    const errors: unknown[] = [];
    const realtime = new Realtime({ clock, heartbeat: 1e9, onError: (error) => errors.push(error) });
    const engines = make(realtime);
    const server = createServer((_request, response) => response.end('somebody else'));
    attachEngine(server, engines, options);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const stage = new EngineStage(clock, realtime, engines, server, errors);
    context.after(async () => {
      for (const { socket } of stage.#sockets) socket.terminate();
      engines.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return stage;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async call(query: string, init: RequestInit = {}, path = '/socket.io/'): Promise<Answer> {
    const response = await fetch(`${this.origin}${path}${query}`, init);
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  /** A session over polls. @returns its id */
  async handshake(): Promise<string> {
    const { body } = await this.call('?EIO=4&transport=polling');
    return JSON.parse(body.slice(1)).sid;
  }

  poll(sid: string, init: RequestInit = {}): Promise<Answer> {
    return this.call(`?EIO=4&transport=polling&sid=${sid}`, init);
  }

  /** A poll that is being held when this resolves. */
  async heldPoll(sid: string, init: RequestInit = {}): Promise<{ readonly answer: Promise<Answer> }> {
    const answer = this.poll(sid, init);
    answer.catch(() => {});
    await until('a poll that is held', () => {
      const state = this.engines.find(sid)?.state;
      return (state?.at === 'polling' || state?.at === 'probing') && state.carrier.held;
    });
    return { answer };
  }

  post(sid: string, body: string | Uint8Array<ArrayBuffer>): Promise<Answer> {
    return this.poll(sid, { method: 'POST', body });
  }

  socket(query = '?EIO=4&transport=websocket', path = '/socket.io/'): Frames {
    const frames = new Frames(`${this.origin.replace('http', 'ws')}${path}${query}`);
    this.#sockets.push(frames);
    return frames;
  }

  /** A session over a WebSocket that has said its open packet. */
  async open(): Promise<Frames> {
    const socket = this.socket();
    await socket.next();
    return socket;
  }

  /** A WebSocket whose client is in a namespace. */
  async enter(packet = '40'): Promise<Frames> {
    const socket = await this.open();
    socket.send(packet);
    const answer = await socket.text();
    if (!answer.startsWith('40')) throw new Error(answer);
    return socket;
  }

  /** A WebSocket that has probed a session, and was answered. */
  async probe(sid: string): Promise<Frames> {
    const socket = this.socket(`?EIO=4&transport=websocket&sid=${sid}`);
    await once(socket.socket, 'open');
    socket.send('2probe');
    if ((await socket.next()) !== '3probe') throw new Error('no answer to the probe');
    return socket;
  }
}
