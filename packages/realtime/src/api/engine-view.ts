import { EventEmitter } from 'node:events';
import type { HttpMiddleware, HttpMiddlewares } from './http-middlewares.ts';
import type { ServerOptions } from './options.ts';

/** The part of Socket.IO's engine that programs use (`io.engine`). */
export class EngineView extends EventEmitter {
  readonly #http: HttpMiddlewares;
  readonly #size: () => number;
  readonly #options: () => ServerOptions;

  constructor(http: HttpMiddlewares, size: () => number, options: () => ServerOptions) {
    super();
    this.#http = http;
    this.#size = size;
    this.#options = options;
  }

  get opts(): ServerOptions {
    return this.#options();
  }

  /** Connections over Engine.IO. */
  get clientsCount(): number {
    return this.#size();
  }

  /** A middleware of HTTP that sees every handshake, with the request that `socket.request` is. */
  use(run: HttpMiddleware): this {
    this.#http.add(run);
    return this;
  }
}
