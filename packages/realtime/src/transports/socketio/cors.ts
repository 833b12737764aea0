import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';

export interface CorsOptions {
  /** Origins whose pages may read the answers; `*`: all, without cookies. */
  readonly origin: '*' | readonly string[];
}

/** The headers by which a browser lets a page of another origin read an answer (Fetch §3.2). */
export function corsHeaders({ origin }: CorsOptions, request: IncomingMessage): OutgoingHttpHeaders {
  const asked = request.headers.origin;
  if (asked === undefined || (origin !== '*' && !origin.includes(asked))) return origin === '*' ? {} : { vary: 'Origin' };
  const allowed: OutgoingHttpHeaders =
    origin === '*'
      ? { 'access-control-allow-origin': '*' }
      : { 'access-control-allow-origin': asked, 'access-control-allow-credentials': 'true', vary: 'Origin' };
  if (request.method !== 'OPTIONS') return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type',
    'access-control-max-age': '3600',
  };
}
