/** Which frames count. All are told by their headers (RFC 6455 §5.2), but for `begins`. */
export interface Counted {
  /** Bytes that a frame carries at least: heartbeats and small talk have fewer. */
  readonly least?: number;
  /** 1: text, 2: binary. */
  readonly opcode?: 1 | 2;
  /** What its payload begins with: a look at each frame, so only where headers don't tell, and not on the fastest peers. */
  readonly begins?: string;
}

/**
 * Counts the frames of a server by their headers alone: a load generator that parsed every message would measure itself.
 */
export class FrameCounter {
  /** Complete frames so far that count. */
  frames = 0;
  /** Complete data frames so far that don't: heartbeats of protocols above this one, acknowledgements. */
  others = 0;
  /** WebSocket pings so far. Each wants a pong. */
  pings = 0;
  readonly #least: number;
  readonly #opcode: number;
  readonly #begins: Buffer | undefined;
  /** Bytes of the present frame that are still to come. */
  #rest = 0;
  #header: Buffer | undefined;
  #kind: 'counted' | 'other' | 'ping' | 'none' = 'none';

  constructor({ least = 0, opcode = 1, begins }: Counted = {}) {
    this.#least = least;
    this.#opcode = opcode;
    this.#begins = begins === undefined ? undefined : Buffer.from(begins);
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
      if (this.#begins !== undefined && left < header + Math.min(length, this.#begins.length)) {
        this.#header = Buffer.from(data.subarray(at));
        return;
      }
      this.#kind = this.#kindOf((data[at] ?? 0) & 0x0f, length, data, at + header);
      this.#rest = length;
      at += header;
      if (length === 0) this.#count();
    }
  }

  #kindOf(opcode: number, length: number, data: Buffer, payload: number): 'counted' | 'other' | 'ping' | 'none' {
    if (opcode === this.#opcode) {
      if (length < this.#least) return 'other';
      const begins = this.#begins;
      if (begins === undefined) return 'counted';
      return length >= begins.length && data.compare(begins, 0, begins.length, payload, payload + begins.length) === 0
        ? 'counted'
        : 'other';
    }
    if (opcode === 9) return 'ping';
    return opcode === 1 || opcode === 2 ? 'other' : 'none';
  }

  #count(): void {
    if (this.#kind === 'counted') this.frames++;
    else if (this.#kind === 'other') this.others++;
    else if (this.#kind === 'ping') this.pings++;
  }
}
