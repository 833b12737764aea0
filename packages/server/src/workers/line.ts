import type { Duplex } from 'node:stream';

/** How long a frame is, before it: four bytes, big-endian. */
const HEAD = 4;

/** Who lets so many bytes wait has stopped reading, and is given up. */
const MOST = 256 * 1024 * 1024;

/**
 * Messages both ways over a stream of bytes, in their order. The first that is said in a turn of the event loop leaves at once, the others
 * together at its end. A frame is a list in JSON: made message by message, each once for all lines, that costs a
 * quarter of V8's own serialization, which only pays in long lists (bench/LOG.md).
 */
export class Line<In, Out> {
  readonly #stream: Duplex;
  #outgoing: string[] = [];
  /** In this turn of the event loop. */
  #hasSpoken = false;
  #taken: Buffer[] = [];
  #size = 0;

  /** @param take hears every message; @param over is told, once, that nothing more comes */
  constructor(stream: Duplex, take: (message: In) => void, over: () => void) {
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      for (const frame of this.#frames(chunk)) for (const message of JSON.parse(frame) as In[]) take(message);
    });
    // A stream that breaks closes too.
    stream.on('error', () => {});
    stream.once('close', over);
  }

  send(message: Out): void {
    this.sendText(JSON.stringify(message));
  }

  /** @param text a message that was made for several lines, as JSON */
  sendText(text: string): void {
    if (this.#outgoing.push(text) > 1) return;
    if (this.#hasSpoken) setImmediate(this.#flush);
    else queueMicrotask(this.#flush);
  }

  readonly #flush = (): void => {
    this.#hasSpoken = true;
    setImmediate(this.#turnEnded);
    const body = Buffer.from(`[${this.#outgoing.join(',')}]`);
    this.#outgoing = [];
    if (!this.#stream.writable) return;
    const head = Buffer.allocUnsafe(HEAD);
    head.writeUInt32BE(body.length);
    this.#stream.cork();
    this.#stream.write(head);
    this.#stream.write(body);
    this.#stream.uncork();
    if (this.#stream.writableLength > MOST) this.#stream.destroy();
  };

  readonly #turnEnded = (): void => {
    this.#hasSpoken = false;
  };

  /** The frames that are whole by now. */
  #frames(chunk: Buffer): string[] {
    this.#taken.push(chunk);
    this.#size += chunk.length;
    const frames: string[] = [];
    while (this.#size >= HEAD) {
      if ((this.#taken[0]?.length ?? 0) < HEAD) this.#taken = [Buffer.concat(this.#taken)];
      const end = HEAD + (this.#taken[0]?.readUInt32BE() ?? 0);
      if (this.#size < end) break;
      const all = this.#taken.length === 1 ? (this.#taken[0] as Buffer) : Buffer.concat(this.#taken);
      frames.push(all.toString('utf8', HEAD, end));
      this.#taken = all.length === end ? [] : [all.subarray(end)];
      this.#size -= end;
    }
    return frames;
  }
}
