import { randomBytes } from 'node:crypto';
import type { Realtime } from '../../realtime.ts';
import { encodingOf } from './encoding.ts';
import { type EngineOptions, EngineServer } from './engine-server.ts';
import type { NamespaceSocket } from './namespace-socket.ts';
import { type Connect, Namespaces, type NamespacesHost } from './namespaces.ts';

export interface SocketIoOptions extends EngineOptions {
  /** The namespaces that there are. Default `/` alone. */
  readonly namespaces?: readonly string[];
  /** Milliseconds in which a client must come into a namespace. Default 45 s. */
  readonly connectTimeout?: number;
  /** @returns what the session shall know; default: what the handshake found out. Throws a `SudaError`: CONNECT_ERROR */
  readonly connect?: (connect: Connect) => unknown;
  /** A client came into a namespace. Its session has been announced already. */
  readonly connected?: (socket: NamespaceSocket) => void | Promise<void>;
}

/** Where Socket.IO clients look by default. */
export const SOCKET_IO_PATH = '/socket.io/';

/** Serves Socket.IO v5 clients over Engine.IO v4: each namespace that a client is in is a session of the hub. */
export function socketIoServer(realtime: Realtime, options: SocketIoOptions = {}): EngineServer {
  const { namespaces = ['/'], connect = ({ admission }) => admission.data, connected = () => {} } = options;
  const host: NamespacesHost = {
    realtime,
    encodings: new Map(namespaces.map((name) => [name, encodingOf(name)])),
    connectTimeout: options.connectTimeout ?? 45_000,
    newId: () => randomBytes(15).toString('base64url'),
    connect,
    connected,
  };
  return new EngineServer(realtime, options, (engine) => new Namespaces(engine, host));
}
