import type { CommandName } from '@suda/protocol/routes';
import { routeOf } from '@suda/protocol/routes';
import type { Clock } from '../clock.ts';
import type { Dialers } from '../dialers.ts';
import { asClientError, readWireError, SudaClientError, unavailable } from '../errors.ts';
import { ANSWER_WITHIN } from './link.ts';

/** Plain requests to the server: PROTOCOL §8. */
export interface Http {
  /** A command by its route. @throws SudaClientError */
  command(name: CommandName, input: object, signal?: AbortSignal): Promise<unknown>;
  /** Any request; the answer is the body's JSON. @throws SudaClientError */
  request(method: string, path: string, body?: object, signal?: AbortSignal): Promise<unknown>;
  /**
   * Sends bytes; the answer is the body's JSON. No deadline: large files take long.
   * @param progress hears how much has gone, from 0 to 1, where the platform tells @throws SudaClientError
   */
  upload(path: string, bytes: Blob, progress: (sent: number) => void, signal: AbortSignal): Promise<unknown>;
  /** A GET whose body is read by the caller. @throws SudaClientError when it can't be had or is refused */
  open(path: string, accept: string, signal: AbortSignal): Promise<Response>;
}

/** `key=value&…` of the fields that are there. */
export function query(fields: object): string {
  const search = new URLSearchParams();
  for (const [key, field] of Object.entries(fields)) if (field !== undefined) search.append(key, String(field));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

async function refusal(response: Response): Promise<SudaClientError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = typeof body === 'object' && body !== null && 'error' in body ? readWireError(body.error) : undefined;
  if (error) return new SudaClientError(error);
  // Not the server's own word, so something in between has spoken: RFC 9110 §10.2.3 says when to come back.
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return unavailable(`HTTP ${response.status}`, Number.isFinite(seconds) ? seconds * 1000 : undefined);
}

/** @param token the bearer token at the moment of asking */
export function createHttp(url: string, dial: Required<Dialers>, clock: Clock, token: () => string | undefined): Http {
  const ask = async (method: string, path: string, init: RequestInit, progress?: (sent: number) => void): Promise<Response> => {
    const bearer = token();
    const headers = new Headers(init.headers);
    if (bearer !== undefined) headers.set('authorization', `Bearer ${bearer}`);
    let response: Response;
    try {
      const whole: RequestInit = { ...init, method, headers, credentials: 'include', cache: 'no-store' };
      response = await (progress ? dial.upload(url + path, whole, progress) : dial.fetch(url + path, whole));
    } catch (reason) {
      throw asClientError(reason);
    }
    if (!response.ok) throw await refusal(response);
    return response;
  };

  const http: Http = {
    command(name, input, signal) {
      const { method, path, pathFields } = routeOf(name);
      const fields = input as Record<string, unknown>;
      const rest = Object.fromEntries(Object.entries(fields).filter(([field]) => !pathFields.includes(field)));
      const address = path.replace(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(String(fields[field])));
      const inQuery = method === 'GET' || method === 'DELETE';
      return inQuery ? http.request(method, address + query(rest), undefined, signal) : http.request(method, address, rest, signal);
    },

    async request(method, path, body, signal) {
      const deadline = new AbortController();
      const abort = (): void => deadline.abort();
      const cancel = clock.after(ANSWER_WITHIN, abort);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted) abort();
      try {
        const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
        const response = await ask(method, path, { ...init, signal: deadline.signal });
        const text = await response.text();
        return text === '' ? {} : (JSON.parse(text) as unknown);
      } catch (reason) {
        throw asClientError(reason);
      } finally {
        cancel();
        signal?.removeEventListener('abort', abort);
      }
    },

    async upload(path, bytes, progress, signal) {
      try {
        return await (await ask('POST', path, { body: bytes, signal }, progress)).json();
      } catch (reason) {
        throw asClientError(reason);
      }
    },

    open: (path, accept, signal) => ask('GET', path, { headers: { accept }, signal }),
  };
  return http;
}
