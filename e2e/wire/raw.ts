import { connect, type Socket as TcpSocket } from 'node:net';
import { within } from './inbox.ts';

/** A TCP connection that says exactly the bytes it is told to. */
export class Raw {
  readonly socket: TcpSocket;
  #bytes = Buffer.alloc(0);
  #look: () => void = () => {};
  readonly ended: Promise<void>;

  constructor(socket: TcpSocket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#look();
    });
    socket.on('error', () => {});
    this.ended = new Promise((resolve) =>
      socket.on('close', () => {
        this.#look();
        resolve();
      }),
    );
  }

  static open(port: number): Promise<Raw> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Raw(socket)));
      socket.once('error', reject);
    });
  }

  /** A WebSocket whose handshake is done and whose frames are written by hand. */
  static async webSocket(port: number, token?: string): Promise<Raw> {
    const raw = await Raw.open(port);
    raw.write(
      `GET /v1/ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${token === undefined ? '' : `Authorization: Bearer ${token}\r\n`}\r\n`,
    );
    const head = await raw.until('the handshake', (text) => text.includes('\r\n\r\n'));
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(head);
    raw.#bytes = raw.#bytes.subarray(raw.#bytes.indexOf('\r\n\r\n') + 4);
    return raw;
  }

  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Everything that came so far. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  until(what: string, holds: (text: string) => boolean): Promise<string> {
    const found = new Promise<string>((resolve, reject) => {
      this.#look = () => {
        const text = this.#bytes.toString('latin1');
        if (holds(text)) resolve(text);
        else if (this.socket.destroyed) reject(new Error(`closed without ${what}: ${text.slice(0, 500)}`));
      };
      this.#look();
    });
    return within(what, found);
  }

  /** The code of the closing frame that the server sends. */
  async closeCode(): Promise<number> {
    let code = 0;
    await this.until('a closing frame', () => {
      for (const { opcode, payload } of framesOf(this.#bytes)) if (opcode === 8) code = payload.readUInt16BE(0);
      return code > 0;
    });
    return code;
  }
}

/** A client's frame (RFC 6455 §5.2), with whatever is wrong about it. */
export function frame(opcode: number, payload: Uint8Array, { masked = true, final = true, reserved = 0 } = {}): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, length >>> 24, (length >> 16) & 255, (length >> 8) & 255, length & 255];
  const head = Buffer.from([(final ? 0x80 : 0) | reserved | opcode, (masked ? 0x80 : 0) | (size[0] ?? 0), ...size.slice(1)]);
  return masked
    ? Buffer.concat([head, mask, Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)))])
    : Buffer.concat([head, payload]);
}

/** The whole frames of a server at the beginning of these bytes. */
export function* framesOf(bytes: Buffer): Generator<{ opcode: number; payload: Buffer }> {
  for (let at = 0; at + 2 <= bytes.length; ) {
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (at + header > bytes.length) return;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (at + header + length > bytes.length) return;
    yield { opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(at + header, at + header + length) };
    at += header + length;
  }
}
