import type { Server as HttpServer, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { paths } from '@suda/protocol';
import type { Realtime } from '../realtime.ts';
import { intercept } from '../transports/intercept.ts';
import { plainSpeech } from '../transports/plain.ts';
import { corsHeaders } from '../transports/socketio/cors.ts';
import type { EngineServer } from '../transports/socketio/engine-server.ts';
import { isUnder } from '../transports/socketio/query.ts';
import { type Admission, type Upgrade, websocketServer } from '../transports/websocket.ts';
import { bundleOf, serveBundle } from './client-bundle.ts';
import { serveEvents, servePoll } from './native.ts';
import type { ServerOptions } from './options.ts';

/** What a server of events can be attached to. */
export type Web = HttpServer | HttpsServer;

/** As with Socket.IO, in bytes. */
export const MAX_PAYLOAD = 1_000_000;

type Serve = (request: IncomingMessage, response: ServerResponse, headers: OutgoingHttpHeaders) => void;

/** Whose requests and upgrades are served. */
export interface Doors {
  readonly realtime: Realtime;
  readonly options: ServerOptions;
  /** Where Socket.IO's clients look, with a slash at its end. */
  readonly path: string;
  /** Undefined: somebody else serves Socket.IO's clients. */
  readonly engines: EngineServer | undefined;
  /** A native client comes. Rejects with a `SudaError` */
  admit(request: IncomingMessage): Promise<Admission>;
}

/**
 * Puts all transports in front of an HTTP server, each at its path. Everything else goes where it went before.
 * @returns a function that takes them away again
 */
export function attachDoors(web: Web, doors: Doors): () => void {
  const upgradeOf = upgrades(doors);
  const detach = [
    intercept(web, {
      has: (url) => upgradeOf(url) !== undefined,
      upgrade: (request, socket, head) => upgradeOf(request.url ?? '')?.(request, socket, head),
    }),
    // Apart from the upgrades: a path for WebSockets may have a page as well.
    intercept(web, {
      has: (url) => serveOf(doors, url) !== undefined,
      request: (request, response) => serve(doors, request, response),
    }),
  ];
  return () => {
    // The outer one first: only whoever stands in front can be taken away without a trace.
    for (const away of detach.reverse()) away();
  };
}

/** Who takes the upgrades of which path. */
function upgrades({ realtime, options, path, engines, admit }: Doors): (url: string) => Upgrade | undefined {
  const { websocket = paths.websocket, plain = false, maxHttpBufferSize: maxPayload = MAX_PAYLOAD } = options;
  const routes: [string, Upgrade][] = [];
  if (engines) routes.push([path, (request, socket, head) => void engines.upgrade(request, socket, head)]);
  if (websocket !== false) routes.push([websocket, websocketServer(realtime, { maxPayload, admit })]);
  if (plain !== false) routes.push([plain, websocketServer(realtime, { maxPayload, admit, speech: plainSpeech })]);
  return (url) => routes.find(([at]) => isUnder(url, at))?.[1];
}

function serve(doors: Doors, request: IncomingMessage, response: ServerResponse): void {
  const { cors } = doors.options;
  const headers = cors === undefined ? {} : corsHeaders(cors, request);
  if (request.method === 'OPTIONS' && cors !== undefined) response.writeHead(204, headers).end();
  else serveOf(doors, request.url ?? '')?.(request, response, headers);
}

/** Who serves the requests to an address. */
function serveOf({ realtime, options, path, engines, admit }: Doors, url: string): Serve | undefined {
  const { events = paths.events, poll = paths.poll, serveClient = true } = options;
  const bundle = serveClient ? bundleOf(url, path) : undefined;
  if (bundle !== undefined) return (request, response, headers) => void serveBundle(bundle, request, response, headers);
  if (events !== false && isUnder(url, events)) {
    return (request, response, headers) => void serveEvents(realtime, response, () => admit(request), headers);
  }
  if (poll !== false && isUnder(url, poll)) {
    return (request, response, headers) => void servePoll(realtime, request, response, () => admit(request), headers);
  }
  // Whatever is below its path is Socket.IO's, and refused in its words.
  if (engines === undefined || !(isUnder(url, path) || url.startsWith(path))) return undefined;
  return (request, response, headers) => engines.request(request, response, headers);
}
