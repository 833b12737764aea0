import type { Socket } from 'node:net';
import { FrameCounter } from './frame-counter.ts';
import { clientFrame, openRaw } from './raw-websocket.ts';

export interface SocketIoClient {
  readonly socket: Socket;
  /** Counts everything but heartbeats. */
  readonly counter: FrameCounter;
}

/** A ping is the one byte `2`; every Socket.IO packet with an event has more. */
const PING_BELOW = 2;
const pong = clientFrame('3');

/**
 * A Socket.IO v5 client over Engine.IO v4 on a bare WebSocket: says what an unmodified one says, and counts what it hears by frame
 * headers. Resolves when the server has said something that contains `until`.
 * @param auth what goes along with CONNECT
 */
export async function openSocketIo(port: number, auth: unknown = {}, until = '40{"sid"'): Promise<SocketIoClient> {
  const socket = await openRaw('127.0.0.1', port, '/socket.io/?EIO=4&transport=websocket');
  await new Promise<void>((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      if (text.includes('44{')) reject(new Error(text.slice(-300)));
      if (!text.includes(until)) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.write(clientFrame(`40${JSON.stringify(auth)}`));
  });
  const counter = new FrameCounter(PING_BELOW);
  let pings = 0;
  socket.on('data', (chunk: Buffer) => {
    counter.push(chunk);
    if (counter.short === pings) return;
    pings = counter.short;
    socket.write(pong);
  });
  return { socket, counter };
}
