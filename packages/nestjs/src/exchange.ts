import { type IncomingMessage, ServerResponse } from 'node:http';
import type { HttpAdapterHost } from '@nestjs/core';

/** A request and a response as the guards of an application are used to having them. */
export interface Exchange {
  readonly request: object;
  readonly response: object;
}

/** The parts of an Express application and of a Fastify instance that are needed here. */
interface Instance {
  readonly request?: object;
  readonly response?: object;
  readonly parseCookie?: (header: string) => Record<string, string | undefined>;
}

/**
 * The request as the platform's own: on Express with what Express adds to it; on Fastify an object that has `raw`, `headers`, `query`
 * and so on. There is no body, since nobody has read it. What is written to the response goes nowhere.
 */
export function asPlatformHas(raw: IncomingMessage, adapter: HttpAdapterHost['httpAdapter']): Exchange {
  const instance = adapter.getInstance() as Instance;
  const response = new ServerResponse(raw);
  if (adapter.getType() === 'fastify') return { request: likeFastify(raw, instance), response: { raw: response } };
  if (instance.request !== undefined && instance.response !== undefined) {
    // As Express itself does it with every request.
    Object.setPrototypeOf(raw, instance.request);
    Object.setPrototypeOf(response, instance.response);
    Object.assign(raw, { res: response });
    Object.assign(response, { req: raw });
  }
  return { request: raw, response };
}

function likeFastify(raw: IncomingMessage, { parseCookie }: Instance): object {
  const { headers, method, url = '/', socket } = raw;
  return {
    raw,
    headers,
    method,
    url,
    originalUrl: url,
    query: Object.fromEntries(new URLSearchParams(url.split('?', 2)[1] ?? '')),
    params: {},
    ip: socket.remoteAddress,
    host: headers.host,
    socket,
    ...(parseCookie === undefined ? {} : { cookies: parseCookie(headers.cookie ?? '') }),
  };
}
