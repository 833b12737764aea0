import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A client's frame, masked with zeros: the mask is for the server's sake and costs it the same. */
export function clientFrame(payload: string | Buffer, opcode: 1 | 2 | 10 = 1): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const header =
    bytes.length < 126
      ? Buffer.from([0x80 | opcode, 0x80 | bytes.length])
      : Buffer.from([0x80 | opcode, 0x80 | 126, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), bytes]);
}

/** The answer to a ping. An unsolicited one is allowed (RFC 6455 §5.5.3), and shows as much that someone is there. */
export const pong = clientFrame('', 10);

/** All sockets read into this: what it holds is good until the receiver returns. One buffer for each read would cost more than counting. */
const shared = Buffer.alloc(256 * 1024);
/** What a slow reader takes in a second. */
const crumb = Buffer.alloc(1024);

/** Whether connections that are opened now may become slow. Those that may ask for their buffer at each read, which the others are spared. */
let slowOnes: RawWebSocket[] | undefined;

/**
 * Makes connections that can become slow. Nothing else is opened meanwhile.
 * @returns what was made, and `begin`: from then on each takes 1 KB a second, and nobody hears of it
 */
export async function slowly<T>(make: () => Promise<T>): Promise<{ made: T; begin: () => void }> {
  const made: RawWebSocket[] = [];
  slowOnes = made;
  try {
    return {
      made: await make(),
      begin() {
        for (const raw of made.splice(0)) raw.crawl();
      },
    };
  } finally {
    slowOnes = undefined;
  }
}

/** A WebSocket opened by hand: the bare socket, and whoever gets its bytes. */
export class RawWebSocket {
  readonly socket: Socket;
  #receive: (chunk: Buffer) => void;
  #slow = false;

  /** @param receive gets what comes first: the answer to the handshake */
  constructor(host: string, port: number, receive: (chunk: Buffer) => void) {
    this.#receive = receive;
    const callback = (length: number): boolean => {
      if (this.#slow) return false;
      this.#receive(shared.subarray(0, length));
      return true;
    };
    const buffer = slowOnes === undefined ? shared : () => (this.#slow ? crumb : shared);
    this.socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
    slowOnes?.push(this);
  }

  /** What says that it is still there, to a server that asks for it. */
  signOfLife = pong;

  /** From now on it takes 1 KB a second. It does not get to the server's heartbeats in time, but says of itself that it is there. */
  crawl(): void {
    this.#slow = true;
    const bite = setInterval(() => this.socket.resume(), 1_000);
    const alive = setInterval(() => this.socket.write(this.signOfLife), 10_000);
    this.socket.once('close', () => {
      clearInterval(bite);
      clearInterval(alive);
    });
  }

  /** Everything that comes from now on goes there. A chunk is good until it returns. */
  receive(receive: (chunk: Buffer) => void): void {
    this.#receive = receive;
  }

  /**
   * Says something, and waits until what has come since contains all of some texts. Whoever receives afterwards gets nothing of it.
   * @param refused what must not come: then it fails
   * @returns all that came
   */
  ask(frame: Buffer, until: readonly string[], refused?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let text = '';
      const late = setTimeout(() => reject(new Error(`no answer for a minute; until then came ${text.slice(-300)}`)), 60_000);
      const lost = (): void => reject(new Error(`the connection was closed; until then came ${text.slice(-300)}`));
      this.socket.once('close', lost);
      this.receive((chunk) => {
        text += chunk.toString('utf8');
        if (refused !== undefined && text.includes(refused)) reject(new Error(text.slice(-300)));
        if (!until.every((part) => text.includes(part))) return;
        clearTimeout(late);
        this.socket.off('close', lost);
        this.receive(() => {});
        resolve(text);
      });
      this.socket.write(frame);
    });
  }
}

/**
 * Opens a WebSocket by hand.
 * @param host a loopback address
 * @param receive gets every byte behind the handshake
 */
export function openRaw(
  host: string,
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  receive: (chunk: Buffer) => void = () => {},
): Promise<RawWebSocket> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const lost = (): void => reject(new Error(`closed before the handshake was answered: ${answer.slice(0, 300)}`));
    const raw = new RawWebSocket(host, port, (chunk) => {
      answer += chunk.toString('latin1');
      const end = answer.indexOf('\r\n\r\n');
      if (end < 0) return;
      raw.socket.off('error', reject);
      raw.socket.off('close', lost);
      raw.socket.on('error', () => {});
      if (!answer.startsWith('HTTP/1.1 101')) {
        reject(new Error(answer.slice(0, 300)));
        return;
      }
      raw.receive(receive);
      if (answer.length > end + 4) receive(Buffer.from(answer.slice(end + 4), 'latin1'));
      resolve(raw);
    });
    raw.socket.once('error', reject);
    raw.socket.once('close', lost);
    raw.socket.once('connect', () => {
      const lines = Object.entries({
        Host: `${host}:${port}`,
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
        ...headers,
      }).map(([name, value]) => `${name}: ${value}`);
      raw.socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    });
  });
}
