import { type IncomingMessage, ServerResponse } from 'node:http';
import { SudaError } from '@suda/protocol';

/** A middleware of HTTP, as Express and its like have them. */
// biome-ignore lint/suspicious/noExplicitAny: middlewares have requests and responses of their own kinds.
export type HttpMiddleware = (request: any, response: any, next: (error?: any) => void) => void;

/** Middlewares that see handshakes: sessions, passports, cookies. What they put at the request is there afterwards. */
export class HttpMiddlewares {
  readonly #functions: HttpMiddleware[] = [];

  add(run: HttpMiddleware): void {
    this.#functions.push(run);
  }

  /** Rejects with a `SudaError` when one of them answers by itself, or fails. */
  async run(request: IncomingMessage): Promise<void> {
    if (this.#functions.length === 0) return;
    // A handshake has its own answer; what they write to this one is a refusal.
    const response = new ServerResponse(request);
    for (const run of this.#functions) {
      await new Promise<void>((resolve, reject) => {
        response.end = (() => {
          reject(new SudaError(response.statusCode === 401 ? 'unauthenticated' : 'not_allowed'));
          return response;
        }) as typeof response.end;
        const next = (error?: unknown): void =>
          error ? reject(new SudaError('not_allowed', error instanceof Error ? error.message : undefined)) : resolve();
        // One that is asynchronous and fails must not take the process along.
        Promise.resolve()
          .then(() => run(request, response, next))
          .catch(reject);
      });
    }
  }
}
