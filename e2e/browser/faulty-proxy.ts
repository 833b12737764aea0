import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy between browser and server, on loopback, that breaks when told to. */
export class FaultyProxy {
  /** Answers no new connection and passes nothing. */
  down = false;
  /** Passes what the browser says, and loses what the server answers. */
  mute = false;
  /** Refuses the WebSocket handshake, as some companies' proxies do. */
  refuseUpgrade = false;
  /** Passes so many bytes of each upload, and holds the rest; null: all of it. */
  uploadsStopAt: number | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** @param target the server's port */
  constructor(target: number) {
    this.#server = createServer((client) => this.#pass(client, target));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    const address = this.#server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    return `http://127.0.0.1:${this.#port}`;
  }

  #pass(client: Socket, target: number): void {
    this.#sockets.add(client);
    client.on('close', () => this.#sockets.delete(client));
    client.on('error', () => client.destroy());
    if (this.down) {
      client.destroy();
      return;
    }
    const upstream = connect({ port: target, host: '127.0.0.1' });
    upstream.on('error', () => client.destroy());
    upstream.on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    let uploaded: number | null = null;
    client.on('data', (chunk: Buffer) => {
      if (chunk.subarray(0, 15).toString('latin1') === 'POST /v1/files?') uploaded = 0;
      if (uploaded !== null && this.uploadsStopAt !== null) {
        const rest = Math.max(0, this.uploadsStopAt - uploaded);
        uploaded += chunk.length;
        if (rest > 0) upstream.write(chunk.subarray(0, rest));
        return;
      }
      if (this.refuseUpgrade && /^upgrade: websocket/im.test(chunk.toString('latin1')))
        client.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      else upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (!this.mute) client.write(chunk);
    });
  }

  /** Every connection breaks now. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
