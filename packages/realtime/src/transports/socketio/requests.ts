import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { SudaError } from '@suda/protocol';
import { decodePayload } from 'engine.io-parser';
import { bodyOf } from './body.ts';
import type { Engine } from './engine.ts';
import { type EngineQuery, parseEngineQuery } from './query.ts';
import { fault, Refused, refusal } from './refusals.ts';

/** While an upgrade is going on, a poll is held no longer than this: the client waits for its end before it goes on. */
const RELEASE_AFTER = 50;

/** What requests need of the server that they come to. */
export interface Engines {
  readonly maxPayload: number;
  /** @throws whatever a client is refused with that may not use this server at all */
  check(request: IncomingMessage): void;
  find(sid: string): Engine | undefined;
  /** Opens a session over polls. Its open packet waits for the first answer. */
  enter(request: IncomingMessage): Promise<Engine>;
}

/** One HTTP request: a handshake, a poll or a post (Engine.IO v4, "HTTP long-polling"). Answers it, whatever happens. */
export async function handleRequest(
  engines: Engines,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  response.on('error', () => {});
  try {
    engines.check(request);
    await serve(engines, parseEngineQuery(request.url ?? ''), request, response, headers);
  } catch (error) {
    const { status, body } = refusal(error);
    if (response.headersSent || response.destroyed) return;
    // What is left of a large body is not read; the connection can't be used for anything else.
    const { 'content-length': length = Number.POSITIVE_INFINITY } = request.headers;
    const isOver = request.complete || request.method === 'GET' || Number(length) <= engines.maxPayload;
    const rest = isOver ? {} : { connection: 'close' };
    response.writeHead(status, { ...headers, ...rest, 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
    response.end(body);
  }
}

async function serve(
  engines: Engines,
  { transport, sid }: EngineQuery,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  if (sid === undefined) {
    if (request.method !== 'GET') throw fault('badMethod');
    // A WebSocket's handshake is an upgrade, and does not come here.
    if (transport === 'websocket') throw fault('badRequest');
    poll(await engines.enter(request), response, headers);
    return;
  }
  const engine = engines.find(sid);
  if (engine === undefined) throw fault('unknownSession');
  if (transport !== 'polling' || engine.state.at === 'websocket') throw fault('badRequest');
  if (request.method === 'GET') poll(engine, response, headers);
  else if (request.method === 'POST') await post(engines, engine, request, response, headers);
  else throw fault('badMethod');
}

function poll(engine: Engine, response: ServerResponse, headers: OutgoingHttpHeaders): void {
  const { state } = engine;
  if (state.at === 'closed' || state.at === 'websocket') throw fault('unknownSession');
  if (state.carrier.held) {
    // Two polls: nobody could say which packet comes first.
    engine.close('overlapping polls');
    throw fault('badRequest');
  }
  const { carrier } = state;
  carrier.hold(response, headers);
  if (state.at === 'probing') engine.clock.after(RELEASE_AFTER, () => carrier.release());
}

/** Sessions whose post is being read. */
const posting = new WeakSet<Engine>();

async function post(
  engines: Engines,
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  headers: OutgoingHttpHeaders,
): Promise<void> {
  if (posting.has(engine)) {
    engine.end('overlapping posts');
    throw fault('badRequest');
  }
  posting.add(engine);
  try {
    const body = await bodyOf(request, engines.maxPayload);
    if (body === undefined) {
      engine.end('transport close');
      return;
    }
    const { state } = engine;
    for (const packet of decodePayload(body)) {
      if (engine.state.at === 'closed' && packet.type !== 'error') break;
      engine.receive(packet);
      if (packet.type === 'error') throw fault('badRequest');
    }
    if (state.at === 'polling' || state.at === 'probing') await state.carrier.taken();
    response.writeHead(200, { ...headers, 'content-type': 'text/plain; charset=UTF-8', 'content-length': 2, 'cache-control': 'no-store' });
    response.end('ok');
  } catch (error) {
    // What is too large was not taken, and the session goes on; anything else has broken it.
    if (!(error instanceof SudaError)) engine.end('parse error');
    throw error instanceof SudaError || error instanceof Refused ? error : fault('badRequest');
  } finally {
    posting.delete(engine);
  }
}
