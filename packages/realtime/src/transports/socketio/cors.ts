import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { fits } from './fits.ts';

type OneOrigin = string | RegExp;

/** Which origins: `*` or `true` for all, an origin such as `https://example.org`, a pattern, a list of these, or a function that calls back at once. */
export type OriginRule =
  | boolean
  | OneOrigin
  | readonly OneOrigin[]
  | ((origin: string | undefined, callback: (error: Error | null, allowed?: boolean) => void) => void);

export interface CorsOptions {
  /** Origins whose pages may read the answers; `*`: all, without cookies. */
  readonly origin?: OriginRule;
  readonly methods?: string | readonly string[];
  readonly allowedHeaders?: string | readonly string[];
  readonly credentials?: boolean;
  /** Seconds for which a browser may remember the answer. */
  readonly maxAge?: number;
}

/** Whether pages of this origin are allowed. */
export function allowsOrigin(rule: OriginRule | undefined, origin: string): boolean {
  if (rule === undefined || typeof rule === 'boolean') return rule ?? false;
  if (typeof rule === 'string') return rule === '*' || rule.replace(/\/$/, '').toLowerCase() === origin.toLowerCase();
  if (rule instanceof RegExp) return fits(rule, origin);
  if (typeof rule !== 'function') return rule.some((one) => allowsOrigin(one, origin));
  let allowed = false;
  rule(origin, (error, answer = false) => {
    allowed = error === null && answer;
  });
  return allowed;
}

/** The headers by which a browser lets a page of another origin read an answer (Fetch §3.2). */
export function corsHeaders(options: CorsOptions, request: IncomingMessage): OutgoingHttpHeaders {
  const { origin: rule, credentials = rule !== '*', maxAge = 3600 } = options;
  const asked = request.headers.origin;
  const vary = rule === '*' ? {} : { vary: 'Origin' };
  if (rule !== '*' && (asked === undefined || !allowsOrigin(rule, asked))) return vary;
  const allowed: OutgoingHttpHeaders = {
    ...vary,
    'access-control-allow-origin': rule === '*' ? '*' : asked,
    ...(credentials && rule !== '*' ? { 'access-control-allow-credentials': 'true' } : {}),
  };
  if (request.method !== 'OPTIONS') return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': listOf(options.methods ?? 'GET, POST'),
    'access-control-allow-headers': listOf(
      options.allowedHeaders ?? request.headers['access-control-request-headers'] ?? 'authorization, content-type',
    ),
    'access-control-max-age': String(maxAge),
  };
}

const listOf = (value: string | readonly string[]): string => (typeof value === 'string' ? value : value.join(', '));
