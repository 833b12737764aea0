/**
 * Counts the frames of a server by their headers alone (RFC 6455 §5.2): a load generator that parsed every message
 * would measure itself.
 */
export class FrameCounter {
  /** Complete text frames so far, without the short ones. */
  frames = 0;
  /** Text frames below the least length so far: a heartbeat's, for example. */
  short = 0;
  readonly #least: number;
  /** Bytes of the present frame that are still to come. */
  #rest = 0;
  #header: Buffer | undefined;
  #kind: 'counted' | 'short' | 'other' = 'other';

  /** @param least bytes that a text frame carries to be counted */
  constructor(least = 0) {
    this.#least = least;
  }

  push(chunk: Buffer): void {
    let data = chunk;
    if (this.#header) {
      data = Buffer.concat([this.#header, chunk]);
      this.#header = undefined;
    }
    let at = 0;
    while (at < data.length) {
      if (this.#rest > 0) {
        const take = Math.min(this.#rest, data.length - at);
        this.#rest -= take;
        at += take;
        if (this.#rest === 0) this.#count();
        continue;
      }
      const left = data.length - at;
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (left < 2 || left < header) {
        this.#header = Buffer.from(data.subarray(at));
        return;
      }
      const length = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short;
      this.#kind = ((data[at] ?? 0) & 0x0f) !== 1 ? 'other' : length < this.#least ? 'short' : 'counted';
      this.#rest = length;
      at += header;
      if (length === 0) this.#count();
    }
  }

  #count(): void {
    if (this.#kind === 'counted') this.frames++;
    else if (this.#kind === 'short') this.short++;
  }
}
