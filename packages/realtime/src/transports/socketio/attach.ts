import type { OutgoingHttpHeaders, Server } from 'node:http';
import type { Realtime } from '../../realtime.ts';
import { intercept } from '../intercept.ts';
import { type CorsOptions, corsHeaders } from './cors.ts';
import type { EngineServer } from './engine-server.ts';
import { isUnder } from './query.ts';
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
  const detach = intercept(server, {
    request(request, response) {
      if (!isUnder(request.url ?? '', path)) return false;
      const headers: OutgoingHttpHeaders = cors === undefined ? {} : corsHeaders(cors, request);
      if (request.method === 'OPTIONS' && cors !== undefined) response.writeHead(204, headers).end();
      else engines.request(request, response, headers);
      return true;
    },
    upgrade(request, socket, head) {
      if (!isUnder(request.url ?? '', path)) return false;
      void engines.upgrade(request, socket, head);
      return true;
    },
  });
  return () => {
    detach();
    engines.close();
  };
}

/** Serves Socket.IO clients on an HTTP server, sharing its port. */
export function attachSocketIo(realtime: Realtime, server: Server, options: SocketIoOptions & AttachOptions = {}): () => void {
  return attachEngine(server, socketIoServer(realtime, options), options);
}
