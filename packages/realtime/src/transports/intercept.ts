import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Whoever takes some of a server's requests and upgrades. */
export interface Taker {
  /** Whether a request to this address is its own. Asked without any effect. */
  has(url: string): boolean;
  /** Without it, requests go where they went. */
  request?(request: IncomingMessage, response: ServerResponse): void;
  /** Without it, upgrades go where they went. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Whether it asks for a WebSocket, and not for something else such as `h2c`. */
export const isWebSocket = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

/** The parts of a server that stand between Node and its listeners. Node's own types leave the last one out. */
interface Passage {
  emit(event: string, ...args: unknown[]): boolean;
  listenerCount(event: string, listener?: unknown): number;
  shouldUpgradeCallback?: (request: IncomingMessage) => boolean;
}

/**
 * Takes the requests and upgrades of some addresses off a server, before its listeners hear of them; all others go where they went
 * before. It stands in front of the events themselves and not among the listeners, so it does not matter who listened first, who
 * comes later, and who answers whatever it gets: an Express application, a WebSocket server that refuses the paths of others.
 *
 * Nobody becomes a listener of `upgrade` by this: for other addresses Node decides as if we weren't there, so `Upgrade: h2c` on a
 * server without WebSockets stays an ordinary request.
 * @returns a function that takes it away again
 */
export function intercept(host: Server, taker: Taker): () => void {
  const server = host as unknown as Passage;
  const before = { emit: server.emit, listenerCount: server.listenerCount, shouldUpgradeCallback: server.shouldUpgradeCallback };
  let attached = true;
  let asIfWithoutUs = false;

  const isOurs = (request: unknown): boolean => attached && taker.has((request as IncomingMessage).url ?? '');
  const isOurUpgrade = (request: IncomingMessage): boolean => taker.upgrade !== undefined && isWebSocket(request) && isOurs(request);
  const take = (event: string, [request, second, third]: unknown[]): boolean => {
    if (event === 'upgrade') {
      if (taker.upgrade === undefined) return false;
      taker.upgrade(request as IncomingMessage, second as Duplex, third as Buffer);
    } else if (taker.request === undefined) return false;
    else {
      const response = second as ServerResponse;
      // Where a host listens for this event, Node leaves the answer to it.
      if (event === 'checkContinue') response.writeContinue();
      taker.request(request as IncomingMessage, response);
    }
    return true;
  };
  const ours: Passage = {
    emit(event, ...args) {
      if ((event === 'request' || event === 'upgrade' || event === 'checkContinue') && isOurs(args[0]) && take(event, args)) return true;
      const heard = before.emit.call(server, event, ...args);
      // Only a Node that doesn't ask before it upgrades comes here.
      if (event === 'upgrade' && !heard) (args[1] as Duplex).destroy();
      return heard;
    },
    listenerCount(event, ...listener) {
      const count = before.listenerCount.call(server, event, ...listener);
      return event === 'upgrade' && taker.upgrade !== undefined && attached && !asIfWithoutUs && listener.length === 0
        ? Math.max(1, count)
        : count;
    },
  };
  const { shouldUpgradeCallback: asked } = before;
  if (asked !== undefined) {
    ours.shouldUpgradeCallback = (request) => {
      if (isOurUpgrade(request)) return true;
      // Of ours, but nothing that we upgrade to: an ordinary request (RFC 9110 §7.8).
      if (taker.upgrade !== undefined && taker.request !== undefined && isOurs(request)) return false;
      asIfWithoutUs = true;
      try {
        return asked.call(server, request);
      } finally {
        asIfWithoutUs = false;
      }
    };
  }
  Object.assign(server, ours);
  return () => {
    // If someone stands in front of us by now, it stays as a passage.
    attached = false;
    if (server.emit === ours.emit) Object.assign(server, before);
  };
}
