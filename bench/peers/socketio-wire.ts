import { type Member, member } from '../load/member.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import { TEXT } from '../load/room.ts';
import type { Poster } from './peer.ts';

/** A ping is the one byte `2`; every Socket.IO packet with an event has more. */
const PING_BELOW = 2;
const pong = clientFrame('3');

/**
 * A Socket.IO v5 client over Engine.IO v4 on a bare WebSocket: says what an unmodified one says. Resolves when the server has said something
 * that contains all of `until`.
 * @param auth what goes along with CONNECT
 */
export async function openSocketIo(port: number, auth: unknown = {}, until: readonly string[] = []): Promise<RawWebSocket> {
  const raw = await openRaw('127.0.0.1', port, '/socket.io/?EIO=4&transport=websocket');
  const answer = await raw.ask(clientFrame(`40${JSON.stringify(auth)}`), ['40{"sid"', ...until], '44{');
  // Some servers ask for a sign of life at once.
  if (answer.includes('\u00012')) raw.socket.write(pong);
  return raw;
}

/** Counts everything but heartbeats, or what is at least so long. */
export function socketIoMember(raw: RawWebSocket, say: Member['say'], least = PING_BELOW): Member {
  return member(raw, { least }, say, pong);
}

/** What an application's event server hears: the room and the text, as an event `say`. */
export const sayEvent = (room: string, text: string): Buffer => clientFrame(`42["say","${room}","${text}"]`);

/** Says something with an acknowledgement, the next when told to. @param event what stands between `42`, the id and the text's end */
export function socketIoPoster(raw: RawWebSocket, event: (said: number, text: string) => string): Poster {
  let said = 0;
  const poster: Poster = {
    taken: () => {},
    next: () => void raw.socket.write(clientFrame(`42${++said}${event(said, TEXT)}`)),
    end: () => raw.socket.destroy(),
  };
  const acknowledgements = member(raw, { begins: '43' }, () => Buffer.alloc(0), pong);
  let heard = 0;
  acknowledgements.heard = () => {
    for (; heard < acknowledgements.counter.frames; heard++) poster.taken();
  };
  return poster;
}
