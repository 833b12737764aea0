import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Realtime } from '../../realtime.ts';
import { refuseUpgrade } from '../refuse-upgrade.ts';
import { type CorsOptions, corsHeaders } from './cors.ts';
import type { EngineServer } from './engine-server.ts';
import { isUnder } from './query.ts';
import { faults } from './refusals.ts';
import { SOCKET_IO_PATH, type SocketIoOptions, socketIoServer } from './socketio.ts';

export interface AttachOptions {
  /** Default `/socket.io/`. */
  readonly path?: string;
  /** Other origins whose pages may use it. Default none. */
  readonly cors?: CorsOptions;
}

/**
 * Puts an engine server under a path of an HTTP server. Requests and upgrades of other paths go where they went before.
 * @returns a function that takes it away again
 */
export function attachEngine(server: Server, engines: EngineServer, { path = SOCKET_IO_PATH, cors }: AttachOptions = {}): () => void {
  const others = server.listeners('request');
  let attached = true;
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    if (!attached || !isUnder(request.url ?? '', path)) {
      for (const other of others) other.call(server, request, response);
      return;
    }
    const headers: OutgoingHttpHeaders = cors === undefined ? {} : corsHeaders(cors, request);
    if (request.method === 'OPTIONS' && cors !== undefined) response.writeHead(204, headers).end();
    else engines.request(request, response, headers);
  };
  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (isUnder(request.url ?? '', path)) void engines.upgrade(request, socket, head);
    // Nobody else would ever answer.
    else if (server.listenerCount('upgrade') === 1) refuseUpgrade(socket, 404, JSON.stringify(faults.badRequest));
  };
  server.removeAllListeners('request');
  server.on('request', onRequest);
  server.on('upgrade', onUpgrade);
  return () => {
    // It stays as a passage: whoever attached later stands in front of it.
    attached = false;
    server.off('upgrade', onUpgrade);
    engines.close();
  };
}

/** Serves Socket.IO clients on an HTTP server, sharing its port. */
export function attachSocketIo(realtime: Realtime, server: Server, options: SocketIoOptions & AttachOptions = {}): () => void {
  return attachEngine(server, socketIoServer(realtime, options), options);
}
