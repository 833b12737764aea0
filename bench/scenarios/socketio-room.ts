import { fileURLToPath } from 'node:url';
import { measureRoom, quiet, type Room, type RoomResult } from '../load/room.ts';
import { startProcess } from '../load/server-process.ts';
import { openSocketIo, type SocketIoClient } from '../load/socketio-client.ts';
import { guest, startSuda } from '../load/suda-process.ts';

export const MEMBERS = 500;
const TEXT = 'x'.repeat(100);

/** Node's flags for the measured servers: `BENCH_NODE_FLAGS="--cpu-prof --cpu-prof-dir=…"` profiles them. */
const flags = (process.env.BENCH_NODE_FLAGS ?? '').split(' ').filter(Boolean);
export const socketIoPeer = fileURLToPath(new URL('../peers/socketio.ts', import.meta.url));
export const ownEvents = fileURLToPath(new URL('../peers/own-events.ts', import.meta.url));

/** Who is measured: a name, and the same room of five hundred Socket.IO clients. */
export const contenders: Readonly<Record<string, () => Promise<Room>>> = {
  'Suda’s chat, fsync': sudaRoom,
  'Suda, io.to(room).emit': () => peerRoom(ownEvents),
  'Socket.IO 4.8, no store': () => peerRoom(socketIoPeer),
};

async function sudaRoom(): Promise<Room> {
  const server = await startSuda(flags);
  const owner = await guest(server.port, 'owner');
  const room = ((await owner.post('/v1/rooms', { name: 'hot', kind: 'public' })) as { id: string }).id;
  const clients: SocketIoClient[] = [];
  for (let i = 0; i < MEMBERS; i++) {
    const person = i === 0 ? owner : await guest(server.port, `person ${i}`);
    if (i > 0) await person.post(`/v1/rooms/${room}/join`, {});
    clients.push(await openSocketIo(server.port, { token: person.token, rooms: [{ room }] }, '42["reset"'));
  }
  // No acknowledgement is asked for, so that each frame that comes is a message; it is on disk before it comes.
  let said = 0;
  const message = (): string => `42["message.send",{"room":"${room}","clientId":"c${++said}","text":"${TEXT}"}]`;
  return { server, readers: clients, message };
}

/** Events without a store: the same program, but for its import. */
async function peerRoom(program: string): Promise<Room> {
  const server = await startProcess([...flags, program]);
  const clients: SocketIoClient[] = [];
  for (let i = 0; i < MEMBERS; i++) clients.push(await openSocketIo(server.port));
  return { server, readers: clients, message: () => `42["say","${TEXT}"]` };
}

/** The results of one contender at one number of messages in flight, a result for each round. */
export interface SocketIoRoomResult {
  readonly contender: string;
  readonly inFlight: number;
  readonly rounds: readonly RoomResult[];
  /** Resident memory of the server after the last round, in bytes. */
  readonly resident: number;
}

/**
 * One room of five hundred Socket.IO WebSocket clients, on each contender in turn, with the same load, all servers up all the time.
 * @param done is told after each number of messages in flight
 */
export async function socketIoRoom(
  levels: readonly number[],
  rounds: number,
  seconds: number,
  done: (results: readonly SocketIoRoomResult[]) => void,
): Promise<void> {
  const rooms = new Map<string, Room>();
  try {
    for (const [name, open] of Object.entries(contenders)) rooms.set(name, await open());
    for (const room of rooms.values()) await quiet(room);
    for (const inFlight of levels) {
      const results = new Map<string, RoomResult[]>([...rooms.keys()].map((name) => [name, []]));
      for (let round = 0; round < rounds; round++) {
        const turn = [...rooms];
        if (round % 2 === 1) turn.reverse();
        for (const [name, room] of turn) results.get(name)?.push(await measureRoom(room, inFlight, seconds));
      }
      done(
        [...rooms].map(([contender, { server }]) => ({
          contender,
          inFlight,
          rounds: results.get(contender) ?? [],
          resident: server.resident(),
        })),
      );
    }
  } finally {
    for (const { server, readers } of rooms.values()) {
      for (const { socket } of readers) socket.destroy();
      await server.stop();
    }
  }
}
