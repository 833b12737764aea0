import { createSuda, type SocketLike } from '@suda/client';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { RealClients } from '../peers/peer.ts';
import { Line } from './line.ts';

/** A real client with its own way of coming back. */
export interface RealClient {
  readonly line: Line;
  close(): void;
}

/** What a client tells. */
export interface Told {
  /** It is connected, and in its room. */
  up(): void;
  down(): void;
  /** A text came. */
  heard(text: string): void;
  /** A text stands on a page that came: it may have been heard before. */
  shown(text: string): void;
}

/** The real clients that are measured, each in its default settings but for the transport: WebSocket alone. */
export const realClients: Readonly<Record<RealClients['kind'], (port: number, room: string, token: string, told: Told) => RealClient>> = {
  /** socket.io-client: comes back by itself, and begins anew. */
  socketio(port, room, _token, told) {
    const line = new Line();
    const socket = io(`http://127.0.0.1:${port}`, {
      transports: ['websocket'],
      forceNew: true,
      agent: line as never,
      auth: { rooms: [room] },
    });
    socket.on('connect', told.up);
    socket.on('disconnect', told.down);
    socket.on('message', told.heard);
    return { line, close: () => socket.disconnect() };
  },

  /** socket.io-client again, unmodified: `auth` gives its present cursor whenever it comes back (R9.6). */
  'suda-socketio'(port, room, token, told) {
    const line = new Line();
    let cursor: { epoch: string; rev: number } | undefined;
    const auth = (give: (auth: object) => void): void => give({ token, rooms: [{ room, ...cursor }] });
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true, agent: line as never, auth });
    socket.on('connect', told.up);
    socket.on('disconnect', told.down);
    socket.on('reset', ({ epoch, head, messages }: { epoch: string; head: number; messages: readonly { text: string }[] }) => {
      // The latest page, to begin with or to begin anew: it has what was said while the client came in.
      cursor = { epoch, rev: head };
      for (const { text } of messages) told.shown(text);
    });
    socket.on('message', ({ rev, text }: { rev: number; text: string }) => {
      if (cursor !== undefined) cursor = { epoch: cursor.epoch, rev };
      told.heard(text);
    });
    return { line, close: () => socket.disconnect() };
  },

  /** Suda's own SDK. */
  suda(port, room, token, told) {
    const line = new Line();
    const suda = createSuda({
      url: `http://127.0.0.1:${port}`,
      token,
      transports: ['websocket'],
      dial: {
        websocket(url, subprotocol) {
          const socket = new WebSocket(url, subprotocol, { agent: line });
          // `ws` tells an error before it closes, as an event that must be heard. The SDK goes by the close.
          socket.on('error', () => {});
          return socket as unknown as SocketLike;
        },
        fetch,
      },
    });
    const handle = suda.room(room);
    let live = false;
    handle.subscribe(({ status }) => {
      if (live === (status === 'live')) return;
      live = status === 'live';
      if (live) told.up();
    });
    suda.connection.subscribe(({ state }) => {
      if (state !== 'online' && live) {
        live = false;
        told.down();
      }
    });
    suda.on('message', ({ text }) => told.heard(text));
    handle.open();
    suda.connect();
    return { line, close: () => suda.close() };
  },
};
