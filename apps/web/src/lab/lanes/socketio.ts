import { io, type Socket } from 'socket.io-client';
import { RequestSize } from '../wire/bytes.ts';
import { decodeEngine, engineText } from '../wire/engine.ts';
import { type Handshake, Refused } from './api.ts';
import { type Heard, type Lane, type LaneHost, newNonce } from './lane.ts';

interface Packet {
  readonly type: string;
  readonly data?: unknown;
}
type Carrier = 'polling' | 'websocket';
type Answer = { readonly data?: unknown; readonly error?: { readonly code: string; readonly message: string } };

/** The unmodified `socket.io-client` (PROTOCOL §9). It polls first, tries a WebSocket, and comes back by itself. */
export class SocketIo implements Lane {
  readonly #host: LaneHost;
  readonly #socket: Socket;
  readonly #hooked = new WeakSet<object>();
  readonly #requests: PerformanceObserver;
  #nonce = '';
  #polls: Promise<readonly Handshake[]> = Promise.resolve([]);

  constructor(host: LaneHost) {
    this.#host = host;
    const { origin, pathname } = host.api.at('socket.io/');
    this.#socket = io(origin, {
      path: pathname,
      autoConnect: false,
      forceNew: true,
      auth: (give) => give({ rooms: [{ room: host.room, ...host.cursor }] }),
    });
    this.#listen();
    this.#requests = new PerformanceObserver((list) => this.#count(list.getEntries() as PerformanceResourceTiming[]));
    this.#requests.observe({ type: 'resource' });
  }

  open(): void {
    this.#socket.disconnect();
    this.#host.state('connecting');
    this.#renew();
    this.#socket.connect();
    this.#hook();
  }

  cut(): void {
    this.#socket.disconnect();
  }

  /** A packet of no known type breaks the protocol, and the server ends the connection (PROTOCOL R9.8). */
  provoke(): void {
    this.#socket.io.engine?.write('9');
  }

  breakLine(): Promise<void> {
    return this.#host.api.cutLine(this.#nonce);
  }

  async send(clientId: string, text: string): Promise<void> {
    const input = { room: this.#host.room, clientId, text };
    const answer = (await this.#socket.timeout(10_000).emitWithAck('message.send', input)) as Answer;
    if (answer.error) throw new Refused(answer.error.code, answer.error.message);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('connect', () => this.#host.state('open'));
    socket.on('connect_error', ({ message }) =>
      this.#host.state(socket.active ? 'connecting' : 'closed', { reason: `connect_error: ${message}` }),
    );
    socket.on('disconnect', (reason) => this.#host.state(socket.active ? 'connecting' : 'closed', { reason }));
    for (const name of ['message', 'message.changed']) socket.on(name, (message: Heard) => this.#host.hear([message]));
    socket.on('reset', ({ messages, epoch, head }: { messages: Heard[]; epoch: string; head: number }) =>
      this.#host.hear(messages, { epoch, rev: head }),
    );
    socket.io.on('reconnect_attempt', () => {
      this.#renew();
      // The new engine is made right after this event.
      queueMicrotask(() => this.#hook());
    });
  }

  #carrier(): Carrier {
    return this.#socket.io.engine?.transport.name === 'websocket' ? 'websocket' : 'polling';
  }

  /** Each connection has its own nonce. The manager reads its options anew whenever it connects. */
  #renew(): void {
    this.#nonce = newNonce();
    this.#socket.io.opts.query = { lab: this.#nonce };
  }

  /** Looks on at an engine: its packets both ways, and its change from polls to a WebSocket. */
  #hook(): void {
    const { engine } = this.#socket.io;
    if (engine === undefined || this.#hooked.has(engine)) return;
    this.#hooked.add(engine);
    this.#host.carriedBy('polling');
    const nonce = this.#nonce;
    engine.on('packet', (packet: Packet) => this.#show(packet, 'down'));
    engine.on('packetCreate', (packet: Packet) => this.#show(packet, 'up'));
    engine.on('handshake', () => {
      this.#polls = this.#host.api.handshakes(nonce);
      void this.#polls.then((found) => this.#host.handshakes(found));
    });
    engine.on('upgrading', () => {
      // What was said to get here is over by now, and always the same.
      this.#host.frame(decodeEngine('2probe', 'up', 'websocket'));
      this.#host.frame(decodeEngine('3probe', 'down', 'websocket'));
    });
    engine.on('upgrade', () => {
      this.#host.frame(decodeEngine('5', 'up', 'websocket'));
      this.#host.carriedBy('websocket');
      this.#host.spend({ requests: 1 });
      void this.#upgraded(nonce);
    });
  }

  async #upgraded(nonce: string): Promise<void> {
    const found = await this.#host.api.handshakes(nonce, (all) => all.some(({ kind }) => kind === 'upgrade'));
    if (found.length > 0) this.#host.handshakes(found.filter((one, i) => i === 0 || one.kind === 'upgrade'));
    for (const { kind, request, response } of found) {
      if (kind === 'upgrade') this.#host.spend({ up: request.bytes, down: response?.bytes ?? 0 });
    }
  }

  /** A poll's bodies are counted by Resource Timing, which knows their requests, too. */
  #show(packet: Packet, way: 'up' | 'down'): void {
    const carrier = this.#carrier();
    const frame = decodeEngine(engineText(packet), way, carrier);
    const sends = frame.title === 'message.send' || frame.title.startsWith('ACK');
    this.#host.frame(frame, sends ? 'sending' : carrier === 'polling' && way === 'down' ? 'elsewhere' : 'listening');
  }

  #count(entries: readonly PerformanceResourceTiming[]): void {
    const nonce = this.#nonce;
    for (const { name, encodedBodySize } of entries) {
      if (!name.includes(`lab=${nonce}`) || !name.includes('transport=polling')) continue;
      this.#host.spend({ requests: 1 });
      void this.#polls.then(([first]) => this.#spendPoll(first, new URL(name), encodedBodySize));
    }
  }

  #spendPoll(first: Handshake | undefined, { pathname, search, origin }: URL, body: number): void {
    if (first?.response === undefined) return;
    const size = new RequestSize(first.request.bytes, first.request.line.split(' ')[1] ?? '');
    // A POST is answered with "ok", and has three header lines more; its body was counted when it was made.
    const more = body === 2 ? `Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 99\r\nOrigin: ${origin}\r\n` : '';
    this.#host.spend({ up: size.of(pathname + search, more) + (more === '' ? 0 : 1), down: first.response.bytes + body });
  }
}
