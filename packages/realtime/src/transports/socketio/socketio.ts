import { randomBytes } from 'node:crypto';
import type { Encoding } from '../../connection.ts';
import type { Realtime } from '../../realtime.ts';
import { encodingOf } from './encoding.ts';
import { type EngineOptions, EngineServer } from './engine-server.ts';
import { type Connect, Namespaces, type NamespacesHost } from './namespaces.ts';

export interface SocketIoOptions extends EngineOptions {
  /** The namespaces that there are, or a function that finds one. Default `/` alone. */
  readonly namespaces?: readonly string[] | NamespacesHost['find'];
  /** Milliseconds in which a client must come into a namespace. Default 45 s. */
  readonly connectTimeout?: number;
  /** @returns what the session shall know; default: what the handshake found out. Throws a `SudaError` or a `ConnectRefusal`: CONNECT_ERROR */
  readonly connect?: (connect: Connect) => unknown;
  /** The id of a new session, which its client is told. Default: one that can't be guessed. */
  readonly newId?: NamespacesHost['newId'];
}

/** Where Socket.IO clients look by default. */
export const SOCKET_IO_PATH = '/socket.io/';

/** An id that nobody can guess: 120 random bits. */
export const randomId = (): string => randomBytes(15).toString('base64url');

/** Serves Socket.IO v5 clients over Engine.IO v4: each namespace that a client is in is a session of the hub. */
export function socketIoServer(realtime: Realtime, options: SocketIoOptions = {}): EngineServer {
  const { namespaces = ['/'], connect = ({ admission }) => admission.data, newId = randomId } = options;
  const host: NamespacesHost = {
    realtime,
    find: typeof namespaces === 'function' ? namespaces : among(namespaces),
    connectTimeout: options.connectTimeout ?? 45_000,
    newId,
    connect,
  };
  return new EngineServer(realtime, options, (engine) => new Namespaces(engine, host));
}

function among(names: readonly string[]): NamespacesHost['find'] {
  const encodings = new Map<string, Encoding>(names.map((name) => [name, encodingOf(name)]));
  return ({ namespace }) => encodings.get(namespace);
}
