import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { join } from '../join.ts';
import type { Carrier, CarrierHost } from './carrier.ts';

/** A WebSocket: packets are written to the socket itself, as the frames that they were encoded as, once for everybody. */
export class WebSocketCarrier implements Carrier {
  readonly name = 'websocket';
  readonly #client: WebSocket;
  readonly #socket: Duplex;

  constructor(client: WebSocket, socket: Duplex, host: CarrierHost) {
    this.#client = client;
    this.#socket = socket;
    socket.on('drain', () => host.drained());
    client.on('close', () => host.broken('transport close'));
    // A broken frame: `ws` has sent the close code and closes.
    client.on('error', () => {});
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  write(frames: readonly Uint8Array[]): boolean {
    if (this.#client.readyState !== WebSocket.OPEN || this.#socket.destroyed) return false;
    return this.#socket.write(join(frames));
  }

  pause(paused: boolean): void {
    if (this.#client.readyState !== WebSocket.OPEN) return;
    if (paused) this.#client.pause();
    else this.#client.resume();
  }

  farewell(): boolean {
    this.#client.close();
    return true;
  }

  end(): void {
    this.#client.terminate();
  }
}
