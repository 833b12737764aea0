import type { CloseName } from '@suda/protocol';
import type { Connection, Encoding, TransportName } from '../connection.ts';

/** Plain JSON lines; counts how often it encoded an event. */
export function countingEncoding(name = 'websocket'): Encoding & { encoded: number } {
  return {
    name,
    encoded: 0,
    event(event, json) {
      this.encoded++;
      return Buffer.from(`{"event":${JSON.stringify(event)},"data":${json}}\n`);
    },
    reply: (id, json) => Buffer.from(`{"reply":${JSON.stringify(id)},"data":${json}}\n`),
    refusal: (id, error) => Buffer.from(`{"reply":${JSON.stringify(id)},"error":${JSON.stringify(error)}}\n`),
  };
}

const shared = countingEncoding();

export interface Heard {
  readonly event?: string;
  readonly reply?: number | string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the test said
  readonly data?: any;
  readonly error?: { readonly code: string };
}

/** A client in memory. While `reads` is false its bytes pile up, as those of a client that does not read its socket. */
export class FakeConnection implements Connection {
  readonly transport: TransportName;
  readonly encoding: Encoding;
  /** What each write carried. */
  readonly writes: string[] = [];
  readonly pauses: boolean[] = [];
  closed: CloseName | undefined;
  terminated = false;
  pings = 0;
  buffered = 0;
  most = 0;
  #reads = true;
  #drained: (() => void)[] = [];

  constructor(encoding: Encoding = shared, transport: TransportName = 'websocket') {
    this.encoding = encoding;
    this.transport = transport;
  }

  write(chunks: readonly Uint8Array[]): boolean {
    if (this.closed) throw new Error('written to after it was closed');
    const bytes = Buffer.concat(chunks);
    this.writes.push(bytes.toString());
    if (!this.#reads) this.buffered += bytes.byteLength;
    this.most = Math.max(this.most, this.buffered);
    return this.buffered === 0;
  }

  onDrain(run: () => void): void {
    if (this.buffered === 0) setImmediate(run);
    else this.#drained.push(run);
  }

  pause(paused: boolean): void {
    this.pauses.push(paused);
  }

  ping(): void {
    this.pings++;
  }

  close(name: CloseName): void {
    this.closed = name;
  }

  terminate(): void {
    this.terminated = true;
  }

  /** The client stops taking bytes. */
  stopReading(): void {
    this.#reads = false;
  }

  /** The client takes this many of the bytes that wait. */
  take(bytes: number): void {
    this.buffered = Math.max(0, this.buffered - bytes);
    if (this.buffered > 0) return;
    for (const run of this.#drained.splice(0)) run();
  }

  /** The client takes everything, and from now on at once. */
  read(): void {
    this.#reads = true;
    this.take(this.buffered);
  }

  /** Everything that was written so far. */
  get heard(): Heard[] {
    return this.writes.flatMap((text) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Heard),
    );
  }
}
