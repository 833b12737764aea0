import type { Socket } from 'node:net';
import fastifyCookie from '@fastify/cookie';
import fastifyCors from '@fastify/cors';
import { limits, openApi, paths, SudaError } from '@suda/protocol';
import type { EngineServer } from '@suda/realtime';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Outside } from '../gifs/outside.ts';
import type { Others } from '../others.ts';
import { VERSION } from '../version.ts';
import { type ChatPageOptions, registerChatPage } from './chat-page.ts';
import { docsPage } from './docs-page.ts';
import { errorAnswers } from './errors.ts';
import { type Files, registerFiles } from './files.ts';
import { registerFoundGifs } from './found-gifs.ts';
import type { Handshakes } from './handshakes.ts';
import { registerLab } from './lab.ts';
import { stylesheet } from './pages.ts';
import { registerCommands } from './routes.ts';
import { registerSafety, type SafetyOptions } from './safety.ts';
import { registerSocketIo } from './socketio.ts';
import { registerStreams, type StreamOptions } from './streams.ts';

export interface AppOptions extends StreamOptions, ChatPageOptions, SafetyOptions {
  readonly logger: Logger;
  /** Where Socket.IO's requests go. */
  readonly engines: EngineServer;
  /** What the transport lab looks at. */
  readonly handshakes: Handshakes;
  /** Null: it is set up with no provider of GIFs. */
  readonly outside: Outside | null;
  /** The other processes of this server, where there are any. */
  readonly others: Others | undefined;
  /** Null: this server takes no files. */
  readonly files: Files | null;
}

/** A command's body that takes longer is not waited for: someone sends it byte by byte. Milliseconds. */
const BODY_WITHIN = 30_000;
/** Nor is an upload that takes longer than this. */
const UPLOAD_WITHIN = 900_000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });

/** Everything that is spoken over plain HTTP, ready to listen. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { mount } = options;
  const { onError, onNotFound } = errorAnswers(mount);
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.payloadBytes,
    // An upload takes its time; other bodies are waited for by `waitForBodies`.
    requestTimeout: UPLOAD_WITHIN,
    http: { headersTimeout: BODY_WITHIN },
    clientErrorHandler: refuseUnreadable,
    forceCloseConnections: 'idle',
    frameworkErrors: onError,
    routerOptions: { maxParamLength: 512 },
  }) as unknown as FastifyInstance;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      // What isn't UTF-8 is refused, not mended: a message must be kept as it was sent.
      const value: unknown = body.length === 0 ? {} : JSON.parse(utf8.decode(body as Buffer));
      if (value === null) done(new SudaError('invalid', 'The body must be a JSON object.'));
      else done(null, value);
    } catch {
      done(Object.assign(new Error('not JSON'), { code: 'FST_ERR_CTP_INVALID_JSON_BODY', statusCode: 400 }));
    }
  });
  waitForBodies(app, mount + paths.files);
  app.setErrorHandler(onError);
  app.setNotFoundHandler(onNotFound);
  // A connection that is kept alive would keep a server from stopping.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (options.door.realtime.draining) reply.header('connection', 'close');
    done();
  });

  registerSafety(app, options);
  await app.register(fastifyCookie);
  if (options.shared) {
    await app.register(fastifyCors, {
      origin: async (origin?: string) => origin !== undefined && options.origins.isAllowed(origin),
      credentials: true,
      methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type', 'last-event-id'],
      maxAge: 3600,
    });
  }

  await app.register(async (under) => registerAll(under, options), { prefix: mount });
  return app;
}

async function registerAll(app: FastifyInstance, options: AppOptions): Promise<void> {
  const { door, mount } = options;
  registerLab(app, options, options.handshakes, options.others);
  registerFiles(app, options, options.files);
  registerFoundGifs(app, options, options.outside);
  registerCommands(app, options);
  registerStreams(app, options);
  registerSocketIo(app, options.engines, options.others);
  const description = JSON.stringify(openApi(VERSION, mount));
  const reference = docsPage(VERSION, mount);
  app.get(paths.openapi, async (_request, reply) => reply.type('application/json; charset=utf-8').send(description));
  app.get('/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(reference));
  app.get('/suda-pages.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(stylesheet));
  app.get('/healthz', async (_request, reply) => reply.code(door.realtime.draining ? 503 : 200).send({ ok: !door.realtime.draining }));
  await registerChatPage(app, options);
}

/** Bodies come in time, except at this address. */
function waitForBodies(app: FastifyInstance, except: string): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const { raw, headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
    if (hasBody && request.url.split('?', 1)[0] !== except) {
      const timer = setTimeout(() => refuseUnreadable(new Error('too slow'), raw.socket), BODY_WITHIN);
      raw.once('end', () => clearTimeout(timer));
      raw.once('close', () => clearTimeout(timer));
    }
    done();
  });
}

/** What is no HTTP at all is refused in the same form as everything else. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const refusal =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? new SudaError('payload_too_large', 'The headers are too large.')
      : new SudaError('malformed', 'This is not valid HTTP.');
  const body = JSON.stringify({ error: refusal.toWire() });
  socket.end(
    `HTTP/1.1 ${refusal.status} ${refusal.code}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
