import { Agent, type ClientRequestArgs } from 'node:http';
import { connect, type NetConnectOpts, Socket } from 'node:net';

/** A client's way to the server, which can be cut: what is open breaks without a word, and for a while nothing new opens. */
export class Line extends Agent {
  readonly #open = new Set<Socket>();
  #downUntil = 0;

  override createConnection(options: ClientRequestArgs): Socket {
    if (performance.now() < this.#downUntil) {
      const refused = new Socket();
      setImmediate(() => refused.destroy(Object.assign(new Error('the line is down'), { code: 'ENETUNREACH' })));
      return refused;
    }
    const socket = connect({ ...(options as NetConnectOpts), noDelay: true });
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return socket;
  }

  /** @param forMs how long nothing opens afterwards */
  cut(forMs: number): void {
    this.#downUntil = performance.now() + forMs;
    for (const socket of this.#open) socket.resetAndDestroy();
  }
}
