export { type Clock, systemClock } from './clock.ts';
export type { Dialers, SocketLike } from './dialers.ts';
export { SudaClientError } from './errors.ts';
export { createSuda } from './suda.ts';
export type {
  ConnectionState,
  Observable,
  OutboxEntry,
  OutboxFile,
  OutboxStore,
  RoomHandle,
  RoomState,
  StoredEntry,
  Suda,
  SudaOptions,
  TransportName,
  Upload,
  UploadState,
} from './types.ts';
