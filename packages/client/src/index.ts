export { type Clock, systemClock } from './clock.ts';
export type { Dialers, SocketLike } from './dialers.ts';
export { SudaClientError } from './errors.ts';
export { createSuda } from './suda.ts';
export type {
  ConnectionState,
  Observable,
  OutboxEntry,
  OutboxStore,
  RoomHandle,
  RoomState,
  StoredEntry,
  Suda,
  SudaOptions,
  TransportName,
} from './types.ts';
