import { many } from '../load/pause.ts';
import { clientFrame } from '../load/raw-websocket.ts';
import type { Peer } from './peer.ts';
import { openSocketIo, socketIoMember, socketIoPoster } from './socketio-wire.ts';
import { bringIn, guest, guests, makeRooms, startSuda, sudaVersion } from './suda-process.ts';

/** See suda.ts. */
const LEAST = 250;

/** The product again, to clients of Socket.IO: the same store, the same promises. */
export const sudaSocketIo: Peer = {
  name: 'suda-socketio',
  title: 'Suda over Socket.IO, fsync',
  lacks: '–',
  can: ['room', 'rooms', 'posts', 'clients'],
  version: sudaVersion,
  async start(options) {
    const server = await startSuda(options);
    const { port } = server;
    const people: string[] = [];
    let said = 0;
    // No acknowledgement is asked for, so that each frame that comes is a message.
    const say = (room: string, text: string): Buffer =>
      clientFrame(`42["message.send",{"room":"${room}","clientId":"c${++said}","text":"${text}"}]`);
    return {
      server,
      rooms: (count) => makeRooms(port, count),
      async members(count, roomsOf) {
        const tokens = await guests(port, count);
        await bringIn(port, tokens, roomsOf);
        return many(count, async (i) => {
          const rooms = roomsOf(i);
          const raw = await openSocketIo(port, { token: tokens[i], rooms: rooms.map((room) => ({ room })) }, rooms);
          return socketIoMember(raw, say, LEAST);
        });
      },
      ready: async (count) => void people.push(...(await guests(port, count))),
      connect: async (i) => socketIoMember(await openSocketIo(port, { token: people[i] ?? (await guest(port, `idle ${i}`)) }), say, LEAST),
      async poster(_over, room, i) {
        const token = await guest(port, `poster ${i}`);
        await bringIn(port, [token], () => [room]);
        return socketIoPoster(
          await openSocketIo(port, { token }),
          (id, text) => `["message.send",{"room":"${room}","clientId":"c${id}","text":"${text}"}]`,
        );
      },
      async clients(count) {
        const [room = ''] = await makeRooms(port, 1);
        const tokens = await guests(port, count);
        await bringIn(port, tokens, () => [room]);
        return { kind: 'suda-socketio', port, room, tokens };
      },
      stop: () => server.stop(),
    };
  },
};
