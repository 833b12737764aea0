export { bundleOf, serveBundle } from './api/client-bundle.ts';
export {
  type Adapter,
  BroadcastOperator,
  type DefaultEventsMap,
  type DisconnectReason,
  type Event,
  type EventsMap,
  type ExtendedError,
  type Handshake,
  Namespace,
  type RemoteSocket,
  type Room,
  Server,
  type ServerOptions,
  Socket,
  sessionOf,
} from './api/index.ts';
export { type Clock, systemClock } from './clock.ts';
export type { Connection, Encoding, TransportName } from './connection.ts';
export { Encoded, jsonOf } from './encoded.ts';
export type { Log, LogEntry, LogPage } from './log.ts';
export { type FrameHandler, Realtime, type RealtimeOptions } from './realtime.ts';
export { type EventHandler, Session } from './session.ts';
export { Subscription } from './subscription.ts';
export { Topic } from './topic.ts';
export { intercept, isWebSocket, type Taker } from './transports/intercept.ts';
export { holdPoll, type Woken } from './transports/polling.ts';
export { refuseUpgrade } from './transports/refuse-upgrade.ts';
export { type AttachOptions, attachEngine, attachSocketIo } from './transports/socketio/attach.ts';
export type { CorsOptions } from './transports/socketio/cors.ts';
export { encodingOf } from './transports/socketio/encoding.ts';
export type { Engine } from './transports/socketio/engine.ts';
export { type EngineOptions, EngineServer } from './transports/socketio/engine-server.ts';
export type { EngineUser } from './transports/socketio/engine-user.ts';
export { type Connect, ConnectRefusal } from './transports/socketio/namespaces.ts';
export { randomId, SOCKET_IO_PATH, type SocketIoOptions, socketIoServer } from './transports/socketio/socketio.ts';
export { type CursorsOf, openEventStream, sseEncoding } from './transports/sse.ts';
export {
  type Admission,
  attachWebSocket,
  type Speech,
  type Upgrade,
  type WebSocketOptions,
  websocketEncoding,
  websocketServer,
} from './transports/websocket.ts';
