import type { Socket } from 'node:net';
import { type ServerProcess, startProcess } from '../load/server-process.ts';
import { openSocketIo } from '../load/socketio-client.ts';
import { guest, startSuda } from '../load/suda-process.ts';
import { ownEvents, socketIoPeer } from './socketio-room.ts';

/** Who is measured: the server, and what a client says when it comes in. */
const contenders = [
  { contender: 'Suda', start: () => startSuda(), auth: async (): Promise<unknown> => ({}) },
  {
    contender: 'Suda, each a guest of its own',
    start: () => startSuda(),
    auth: async ({ port }: ServerProcess, i: number): Promise<unknown> => ({ token: (await guest(port, `idle ${i}`)).token }),
  },
  { contender: 'Suda, own events', start: () => startProcess([ownEvents]), auth: async (): Promise<unknown> => ({}) },
  { contender: 'Socket.IO 4.8', start: () => startProcess([socketIoPeer]), auth: async (): Promise<unknown> => ({}) },
];

export interface SocketIoIdleResult {
  readonly contender: string;
  /** Resident memory of the server for each connection, in bytes, of each round. */
  readonly bytesEach: readonly number[];
}

/** Long enough for what the handshakes left behind to be collected. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 8_000));

async function bytesEach({ start, auth }: (typeof contenders)[number], connections: number): Promise<number> {
  const server = await start();
  const sockets: Socket[] = [];
  try {
    const open = async (): Promise<void> => {
      sockets.push((await openSocketIo(server.port, await auth(server, sockets.length))).socket);
    };
    // The first hundred warm up what is made once.
    for (let i = 0; i < 100; i++) await open();
    await settled();
    const before = server.resident();
    while (sockets.length < connections + 100) await Promise.all(Array.from({ length: 25 }, open));
    await settled();
    const after = server.resident();
    const lost = sockets.filter(({ destroyed }) => destroyed).length;
    if (lost > 0) throw new Error(`${lost} connections were lost`);
    return (after - before) / connections;
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

/** Socket.IO clients over WebSocket that say nothing, on a fresh server of each contender in turn. */
export async function socketIoIdle(connections: number, rounds: number): Promise<SocketIoIdleResult[]> {
  const results = contenders.map(({ contender }) => ({ contender, bytesEach: [] as number[] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contender] of contenders.entries()) results[i]?.bytesEach.push(await bytesEach(contender, connections));
  }
  return results;
}
