import { Agent, request } from 'node:http';
import { member } from '../load/member.ts';
import { many } from '../load/pause.ts';
import { clientFrame, openRaw, type RawWebSocket } from '../load/raw-websocket.ts';
import { TEXT } from '../load/room.ts';
import type { Peer, Poster } from './peer.ts';
import { bringIn, guest, guests, makeRooms, startSuda, sudaVersion } from './suda-process.ts';

/** A message of a hundred bytes is a frame of 280 to 330; what is said of people while others speak is shorter. */
const LEAST = 250;

const open = (port: number, token: string): Promise<RawWebSocket> =>
  openRaw('127.0.0.1', port, '/v1/ws', { Authorization: `Bearer ${token}` });

/**
 * The product over its own WebSocket: every message checked, on disk with fsync before anyone sees it, and sent with pos, rev, sender, time.
 * @param workers processes
 */
const sudaOf = (name: string, title: string, workers: number): Peer => ({
  name,
  title,
  lacks: '–',
  can: ['room', 'rooms', 'posts', 'http-posts', 'clients', 'history'],
  version: sudaVersion,
  async start(options) {
    const server = await startSuda(options, workers);
    const { port } = server;
    const people: string[] = [];
    let said = 0;
    // No `id`: no replies, so that each frame that comes is a message.
    const say = (room: string, text: string): Buffer =>
      clientFrame(`{"event":"message.send","data":{"room":"${room}","clientId":"c${++said}","text":"${text}"}}`);
    return {
      server,
      rooms: (count) => makeRooms(port, count),
      async members(count, roomsOf) {
        const tokens = await guests(port, count);
        await bringIn(port, tokens, roomsOf);
        return many(count, async (i) => {
          const raw = await open(port, tokens[i] ?? '');
          const rooms = roomsOf(i);
          for (const [at, room] of rooms.entries()) {
            await raw.ask(
              clientFrame(JSON.stringify({ event: 'room.open', data: { room }, id: at + 1 })),
              [`"reply":${at + 1}`],
              '"error"',
            );
          }
          return member(raw, { least: LEAST }, say);
        });
      },
      ready: async (count) => void people.push(...(await guests(port, count))),
      connect: async (i) => member(await open(port, people[i] ?? (await guest(port, `idle ${i}`))), { least: LEAST }, say),
      async poster(over, room, i) {
        const token = await guest(port, `poster ${i}`);
        await bringIn(port, [token], () => [room]);
        return over === 'websocket' ? webSocketPoster(await open(port, token), room) : httpPoster(port, token, room);
      },
      async clients(count) {
        const [room = ''] = await makeRooms(port, 1);
        const tokens = await guests(port, count);
        await bringIn(port, tokens, () => [room]);
        return { kind: 'suda', port, room, tokens };
      },
      stop: () => server.stop(),
    };
  },
});

export const suda = sudaOf('suda', 'Suda, fsync', 1);
/** Nothing is pinned: on a machine of two cores it shares them with the load. */
export const sudaWorkers = sudaOf('suda-workers', 'Suda, fsync, 2 workers', 2);

function webSocketPoster(raw: RawWebSocket, room: string): Poster {
  let said = 0;
  const poster: Poster = {
    taken: () => {},
    next: () =>
      void raw.socket.write(
        clientFrame(`{"event":"message.send","data":{"room":"${room}","clientId":"c${++said}","text":"${TEXT}"},"id":${said}}`),
      ),
    end: () => raw.socket.destroy(),
  };
  // Nobody opened the room: beside acknowledgements come only tellings of activity.
  const acknowledgements = member(raw, { begins: '{"reply"' }, () => Buffer.alloc(0));
  let heard = 0;
  acknowledgements.heard = () => {
    for (; heard < acknowledgements.counter.frames; heard++) poster.taken();
  };
  return poster;
}

function httpPoster(port: number, token: string, room: string): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let said = 0;
  const poster: Poster = {
    taken: () => {},
    next() {
      const body = `{"clientId":"c${++said}","text":"${TEXT}"}`;
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': body.length };
      const asked = request({ agent, host: '127.0.0.1', port, method: 'POST', path: `/v1/rooms/${room}/messages`, headers }, (response) => {
        if (response.statusCode !== 200) throw new Error(`a message was refused: ${response.statusCode}`);
        response.resume().once('end', () => poster.taken());
      });
      asked.on('error', () => {});
      asked.end(body);
    },
    end: () => agent.destroy(),
  };
  return poster;
}
