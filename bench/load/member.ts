import type { Socket } from 'node:net';
import { type Counted, FrameCounter } from './frame-counter.ts';
import { pong, type RawWebSocket } from './raw-websocket.ts';

/** A connection that is in its rooms, and counts what it hears there. */
export interface Member {
  readonly socket: Socket;
  readonly counter: FrameCounter;
  /** Called after each chunk that came was counted. */
  heard: () => void;
  /** The frame that says a text in a room. To everyone there it comes as one frame that counts. */
  say(room: string, text: string): Buffer;
}

/**
 * Makes a member of a connection that has come in.
 * @param counted which frames are messages
 * @param heartbeat what to say to a data frame that is none: Engine.IO's pong
 */
export function member(raw: RawWebSocket, counted: Counted, say: Member['say'], heartbeat?: Buffer): Member {
  const counter = new FrameCounter(counted);
  if (heartbeat !== undefined) raw.signOfLife = heartbeat;
  let [pings, others] = [0, 0];
  const self: Member = { socket: raw.socket, counter, heard: () => {}, say };
  raw.receive((chunk) => {
    counter.push(chunk);
    if (counter.pings !== pings) {
      pings = counter.pings;
      raw.socket.write(pong);
    }
    if (counter.others !== others) {
      others = counter.others;
      if (heartbeat !== undefined) raw.socket.write(heartbeat);
    }
    self.heard();
  });
  return self;
}
