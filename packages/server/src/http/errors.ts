import { type ErrorCode, limits, SudaError } from '@suda/protocol';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { errorPage } from './pages.ts';
import { allowedMethods } from './routes.ts';

const byFastify: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
};

/** Any error as one of the registry. What is not known there is a mistake of ours. */
export function asSudaError(error: unknown): SudaError {
  if (error instanceof SudaError) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : byFastify[code];
  if (known === 'payload_too_large') return new SudaError(known, `A request may have at most ${limits.payloadBytes} bytes.`);
  if (code === 'FST_ERR_BAD_URL') return new SudaError('malformed', 'The address is not well-formed.');
  if (known !== undefined) return new SudaError(known, known === 'malformed' ? 'The request is not valid JSON.' : undefined);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    // The static files' way of saying that a path leads out of their folder is no one's business.
    if (statusCode === 403 || statusCode === 404) return new SudaError('not_found');
    return new SudaError(statusCode === 413 ? 'payload_too_large' : 'invalid', (error as Error).message);
  }
  return new SudaError('internal');
}

/** How refusals are answered: a page for people, JSON for programs. */
export interface ErrorAnswers {
  onError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply;
  onNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply;
}

/** @param mount the path that everything is under; empty: none */
export function errorAnswers(mount: string): ErrorAnswers {
  const wantsPage = (request: FastifyRequest): boolean =>
    request.method === 'GET' && !request.url.startsWith(`${mount}/v1/`) && (request.headers.accept ?? '').includes('text/html');

  const send = (request: FastifyRequest, reply: FastifyReply, error: SudaError): FastifyReply => {
    reply.code(error.status);
    if (error.retryAfter !== undefined) reply.header('retry-after', Math.ceil(error.retryAfter / 1000));
    if (wantsPage(request)) return reply.type('text/html; charset=utf-8').send(errorPage(error, request.method, pathOf(request), mount));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify({ error: error.toWire() }));
  };

  return {
    onError(error, request, reply) {
      const refusal = asSudaError(error);
      if (refusal.code === 'internal') request.log.error({ err: error }, 'a request failed');
      return send(request, reply, refusal);
    },
    onNotFound(request, reply) {
      const path = pathOf(request);
      const methods = allowedMethods(path.slice(mount.length));
      if (methods.length === 0) return send(request, reply, new SudaError('not_found', `There is nothing at ${request.method} ${path}.`));
      reply.header('allow', methods.join(', '));
      return send(request, reply, new SudaError('method_not_allowed', `${path} knows ${methods.join(', ')}, not ${request.method}.`));
    },
  };
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0]?.slice(0, 200) ?? '';
