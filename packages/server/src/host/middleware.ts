import { type IncomingMessage, ServerResponse } from 'node:http';
import type { HostUser } from './host-user.ts';
import type { Identity } from './recognise.ts';

/** As Express and Connect have it. Loosely typed, since every framework has a request type of its own. */
// biome-ignore lint/suspicious/noExplicitAny: an Express RequestHandler and a Connect one are both meant
export type Middleware = (request: any, response: any, next: (error?: unknown) => void) => unknown;

/**
 * An identity that first runs middleware of the host (a session, cookies, passport) on the request, also on a socket's handshake, where
 * nobody else would. What the middleware writes to its response goes nowhere: if it answers instead of going on, nobody is known.
 * @param user reads the user off the request that the middleware left
 */
export function afterMiddleware<R = IncomingMessage & { readonly session?: unknown; readonly user?: unknown }>(
  middleware: Middleware | readonly Middleware[],
  user: (request: R) => HostUser | null | undefined | Promise<HostUser | null | undefined>,
): Identity {
  const chain = typeof middleware === 'function' ? [middleware] : middleware;
  return async (request) => {
    for (const step of chain) if (!(await goesOn(step, request))) return undefined;
    return user(request as R);
  };
}

function goesOn(step: Middleware, request: IncomingMessage): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const response = new ServerResponse(request);
    response.end = () => {
      resolve(false);
      return response;
    };
    const next = (error?: unknown): void => {
      if (error === undefined || error === null) resolve(true);
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    try {
      Promise.resolve(step(request, response, next)).catch(reject);
    } catch (error) {
      reject(error);
    }
  });
}
