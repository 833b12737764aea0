import { FrameCounter } from './frame-counter.ts';
import { clientFrame, openRaw } from './raw-websocket.ts';
import type { Reader } from './room.ts';

export interface SocketIoClient extends Reader {
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
  let heard = (_chunk: Buffer): void => {};
  const raw = await openRaw('127.0.0.1', port, '/socket.io/?EIO=4&transport=websocket', {}, (chunk) => heard(chunk));
  const { socket } = raw;
  await new Promise<void>((resolve, reject) => {
    let text = '';
    heard = (chunk) => {
      text += chunk.toString('latin1');
      if (text.includes('44{')) reject(new Error(text.slice(-300)));
      if (text.includes(until)) resolve();
    };
    socket.write(clientFrame(`40${JSON.stringify(auth)}`));
  });
  const counter = new FrameCounter(PING_BELOW);
  let pings = 0;
  const client: SocketIoClient = { socket, counter, heard: () => {} };
  raw.receive((chunk) => {
    counter.push(chunk);
    if (counter.short !== pings) {
      pings = counter.short;
      socket.write(pong);
    }
    client.heard();
  });
  return client;
}
