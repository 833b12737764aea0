import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { SudaError } from '@suda/protocol';
import { refuseUpgrade } from './refuse-upgrade.ts';

export interface Interception {
  /** @returns whether it takes this request. Asked before everybody else who listens to the server */
  request?(request: IncomingMessage, response: ServerResponse): boolean;
  /** @returns whether it takes this upgrade */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

/**
 * Stands before everybody else who listens to an HTTP server, whoever came first: what is ours they don't see, what is theirs goes where it
 * went. `emit` is wrapped because listeners can't be kept from an event, and those that come later would hear of it too: two answers to one
 * request, or a `ws` server that hangs up on what isn't its own.
 * @returns a function that steps aside
 */
export function intercept(server: Server, { request, upgrade }: Interception): () => void {
  let attached = true;
  const emit = server.emit;
  const wrapped = function (this: Server, event: string, ...args: unknown[]): boolean {
    if (attached && event === 'request' && request?.(args[0] as IncomingMessage, args[1] as ServerResponse)) return true;
    if (attached && event === 'upgrade' && upgrade?.(args[0] as IncomingMessage, args[1] as Duplex, args[2] as Buffer)) return true;
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  };
  server.emit = wrapped as typeof server.emit;
  // Node asks for upgrades only where somebody listens to them; one that nobody takes would never be answered.
  const onUpgrade = (_request: IncomingMessage, socket: Duplex): void => {
    if (server.listeners('upgrade').every((listener) => ours.has(listener))) refuseUnknown(socket);
  };
  if (upgrade) {
    ours.add(onUpgrade);
    server.on('upgrade', onUpgrade);
  }
  return () => {
    attached = false;
    server.off('upgrade', onUpgrade);
    if (server.emit === wrapped) server.emit = emit;
  };
}

/** Listeners that are there only so that Node asks. */
const ours = new WeakSet<object>();

function refuseUnknown(socket: Duplex): void {
  const error = new SudaError('not_found');
  if (!socket.writableEnded) refuseUpgrade(socket, error.status, JSON.stringify({ error: error.toWire() }));
}
