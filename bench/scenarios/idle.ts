import type { Socket } from 'node:net';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import { guest, startSuda } from '../load/suda-process.ts';

/**
 * Ten thousand WebSocket clients that say nothing: resident memory of the server per connection, in bytes.
 * Each is signed in as a guest of its own.
 */
export async function idle(
  connections: number,
  progress: (done: number) => void,
): Promise<{ connections: number; bytesEach: number; heldAfter: number }> {
  const server = await startSuda();
  const sockets: Socket[] = [];
  try {
    // The first hundred warm up what is made once.
    const open = async (): Promise<void> => {
      const person = await guest(server.port, `idle ${sockets.length}`);
      const { socket } = await openRaw('127.0.0.1', server.port, '/v1/ws', { Authorization: `Bearer ${person.token}` });
      sockets.push(socket);
    };
    for (let i = 0; i < 100; i++) await open();
    await settled();
    const before = server.resident();
    while (sockets.length < connections + 100) {
      await Promise.all(Array.from({ length: 50 }, open));
      if (sockets.length % 1_000 < 50) progress(sockets.length);
    }
    await settled();
    const after = server.resident();
    for (const socket of sockets) socket.write(clientFrame('{"event":"ping"}'));
    await settled();
    return { connections, bytesEach: (after - before) / connections, heldAfter: sockets.filter((socket) => !socket.destroyed).length };
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

/** Long enough for garbage of the handshakes to be collected. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5_000));
