import type { Socket } from 'node:net';
import { FrameCounter } from '../load/frame-counter.ts';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import { measureRoom, type RoomResult } from '../load/room.ts';
import { guest, startSuda } from '../load/suda-process.ts';

const MEMBERS = 500;
const TEXT = 'x'.repeat(100);

/** Five hundred people in one room, each on a WebSocket of their own. @param seconds of measuring */
export async function hotRoom(inFlight: number, seconds: number): Promise<RoomResult> {
  const server = await startSuda();
  const sockets: Socket[] = [];
  try {
    const owner = await guest(server.port, 'owner');
    const room = ((await owner.post('/v1/rooms', { name: 'hot', kind: 'public' })) as { id: string }).id;
    const counters: FrameCounter[] = [];
    for (let i = 0; i < MEMBERS; i++) {
      const person = i === 0 ? owner : await guest(server.port, `person ${i}`);
      if (i > 0) await person.post(`/v1/rooms/${room}/join`, {});
      const socket = await openRaw('127.0.0.1', server.port, '/v1/ws', { Authorization: `Bearer ${person.token}` });
      const counter = new FrameCounter();
      sockets.push(socket);
      counters.push(counter);
      await opened(socket, room);
      socket.on('data', (chunk: Buffer) => counter.push(chunk));
    }
    // No `id`: no replies, so that each frame that comes is a message.
    let said = 0;
    const message = (): string => `{"event":"message.send","data":{"room":"${room}","clientId":"c${++said}","text":"${TEXT}"}}`;
    return await measureRoom({ server, sockets, counters, message }, inFlight, seconds);
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

/** Opens the room and waits for the answer. */
function opened(socket: Socket, room: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (text.includes('"error"')) reject(new Error(text.slice(0, 300)));
      if (!text.includes('"reply":1')) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData);
    socket.write(clientFrame(JSON.stringify({ event: 'room.open', data: { room }, id: 1 })));
  });
}
