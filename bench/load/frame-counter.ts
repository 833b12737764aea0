/**
 * Counts the frames of a server by their headers alone (RFC 6455 §5.2): a load generator that parsed every message
 * would measure itself.
 */
export class FrameCounter {
  /** Complete text frames so far. */
  frames = 0;
  /** Bytes of the present frame that are still to come. */
  #rest = 0;
  #header: Buffer | undefined;
  #isText = false;

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
        if (this.#rest === 0 && this.#isText) this.frames++;
        continue;
      }
      const left = data.length - at;
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (left < 2 || left < header) {
        this.#header = Buffer.from(data.subarray(at));
        return;
      }
      this.#isText = ((data[at] ?? 0) & 0x0f) === 1;
      this.#rest = short === 126 ? data.readUInt16BE(at + 2) : short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short;
      at += header;
      if (this.#rest === 0 && this.#isText) this.frames++;
    }
  }
}
