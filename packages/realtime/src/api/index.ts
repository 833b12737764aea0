export type { Adapter } from './adapter.ts';
export { BroadcastOperator } from './broadcast.ts';
export type { DefaultEventsMap, EventsMap } from './event-types.ts';
export type { Handshake } from './handshake.ts';
export { Namespace } from './namespace.ts';
export type { ServerOptions } from './options.ts';
export type { DisconnectReason } from './reasons.ts';
export type { Room } from './room.ts';
export { Server } from './server.ts';
export { type Event, Socket, type Socket as RemoteSocket, sessionOf } from './socket.ts';

/** What a middleware may refuse a newcomer with. */
export interface ExtendedError extends Error {
  // biome-ignore lint/suspicious/noExplicitAny: as with Socket.IO.
  data?: any;
}
