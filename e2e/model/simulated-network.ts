import type { SocketLike } from '@suda/client';
import { type CloseName, closeCodes, parseClientFrame } from '@suda/protocol';
import type { Connection, Encoding, Realtime, Session } from '@suda/realtime';
import type { SimulatedTime } from './simulated-time.ts';

/** How bad the network is. Shares are of frames, times are milliseconds. */
export interface Weather {
  readonly delay: number;
  readonly drop: number;
  readonly double: number;
  readonly reorder: number;
}

export const fair: Weather = { delay: 5, drop: 0, double: 0, reorder: 0 };

/** Frames as their JSON text; the wire's own framing is tested over real sockets. */
const encoding: Encoding = {
  name: 'simulated',
  event: (event, json) => Buffer.from(`{"event":${JSON.stringify(event)},"data":${json}}`),
  reply: (id, json) => Buffer.from(`{"reply":${JSON.stringify(id)},"data":${json}}`),
  refusal: (id, error) => Buffer.from(`{"reply":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`),
};

/**
 * One connection between a client and the server. Its frames are delayed; and, which TCP would never do but a faulty proxy,
 * a lost hint between servers or a bug might, room events are dropped, doubled and overtake each other. A reply or a command that is lost takes
 * the connection with it. A cut loses what is under way, and each side learns of it in its own time.
 */
export class SimulatedConnection implements Connection {
  readonly transport = 'websocket';
  readonly encoding = encoding;
  readonly buffered = 0;
  readonly socket: SocketLike;
  readonly #net: SimulatedNetwork;
  #session: Session | undefined;
  #realtime: Realtime | undefined;
  #cut = false;
  #clientClosed = false;
  /** No frame arrives before the one sent before it, unless reordering says so. */
  #toClientAt = 0;
  #toServerAt = 0;

  constructor(net: SimulatedNetwork) {
    this.#net = net;
    this.socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (text) => this.#toServer(text),
      close: () => {
        this.#clientClosed = true;
        this.cut();
      },
    };
  }

  open(realtime: Realtime): void {
    if (this.#cut) return;
    this.#realtime = realtime;
    this.#session = realtime.accept(this, 'simulated');
    this.#later(() => this.socket.onopen?.());
  }

  get session(): Session | undefined {
    return this.#session;
  }

  #later(run: () => void): void {
    const { time, random, weather } = this.#net;
    time.after(random() * weather.delay, run);
  }

  #arrival(after: number): number {
    const { time, random, weather } = this.#net;
    return Math.max(after, time.now() + random() * weather.delay);
  }

  #toServer(text: string): void {
    if (this.#cut || this.#clientClosed) return;
    const { time, random, weather } = this.#net;
    if (random() < weather.drop / 4) {
      this.#later(() => this.cut());
      return;
    }
    const deliver = (): void => {
      const frame = parseClientFrame(text);
      if (!this.#cut && frame && 'event' in frame && this.#session?.open) this.#realtime?.receive(this.#session, frame);
    };
    this.#toServerAt = this.#arrival(this.#toServerAt);
    time.after(this.#toServerAt - time.now(), deliver);
    // A command that arrives twice: what a retry after a lost answer looks like to the server.
    if (random() < weather.double) time.after(this.#toServerAt - time.now() + random() * weather.delay, deliver);
  }

  write(chunks: readonly Uint8Array[]): boolean {
    for (const chunk of chunks) this.#toClient(Buffer.from(chunk).toString());
    return true;
  }

  #toClient(text: string): void {
    if (this.#cut) return;
    this.#net.onFrame?.(this, text);
    const { time, random, weather } = this.#net;
    const isRoomEvent = text.startsWith('{"event":"message');
    const deliver = (): void => {
      if (!this.#cut && !this.#clientClosed) this.socket.onmessage?.({ data: text });
    };
    if (random() < (isRoomEvent ? weather.drop : weather.drop / 4)) {
      if (!isRoomEvent) this.#later(() => this.cut());
      return;
    }
    const at = this.#arrival(this.#toClientAt);
    if (!(isRoomEvent && random() < weather.reorder)) this.#toClientAt = at;
    time.after(at - time.now() + (this.#toClientAt === at ? 0 : random() * weather.delay * 2), deliver);
    if (isRoomEvent && random() < weather.double) time.after(at - time.now() + random() * weather.delay * 2, deliver);
  }

  /** The line is dead. What is under way never arrives. */
  cut(code = 1006): void {
    if (this.#cut) return;
    this.#cut = true;
    this.#net.connections.delete(this);
    this.#later(() => this.socket.onclose?.({ code }));
    this.#later(() => this.#session?.end('cut'));
  }

  onDrain(run: () => void): void {
    this.#later(run);
  }
  pause(): void {}
  ping(): void {
    if (this.#session && !this.#cut) this.#session.heardAt = this.#net.time.now();
  }
  close(name: CloseName): void {
    if (this.#cut) return;
    // What was written before the close still arrives, and then the close.
    const { time } = this.#net;
    this.#net.connections.delete(this);
    time.after(Math.max(0, this.#toClientAt - time.now()) + 1, () => {
      if (this.#cut) return;
      this.#cut = true;
      this.socket.onclose?.({ code: closeCodes[name].code });
    });
  }
  terminate(): void {
    this.cut();
  }
}

/** Everything that lies between the clients and the server. */
export class SimulatedNetwork {
  readonly time: SimulatedTime;
  readonly random: () => number;
  weather: Weather = fair;
  readonly connections = new Set<SimulatedConnection>();
  /** The server's front, while it is up. */
  server: Realtime | undefined;
  /** Sees each frame when the server hands it over. */
  onFrame: ((connection: SimulatedConnection, text: string) => void) | undefined;

  constructor(time: SimulatedTime, random: () => number) {
    this.time = time;
    this.random = random;
  }

  /** A client's dialler. */
  readonly dial = (): SocketLike => {
    const connection = new SimulatedConnection(this);
    this.time.after(this.random() * this.weather.delay, () => {
      if (this.server === undefined || this.server.draining) {
        connection.cut();
        return;
      }
      this.connections.add(connection);
      connection.open(this.server);
    });
    return connection.socket;
  };

  cutAll(): void {
    for (const connection of [...this.connections]) connection.cut();
  }
}
