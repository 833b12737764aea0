import { FrameCounter } from '../load/frame-counter.ts';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import { measureRoom, type Reader, type RoomResult } from '../load/room.ts';
import { guest, startSuda } from '../load/suda-process.ts';

const MEMBERS = 500;
const TEXT = 'x'.repeat(100);

/** Five hundred people in one room, each on a WebSocket of their own. @param seconds of measuring */
export async function hotRoom(inFlight: number, seconds: number): Promise<RoomResult> {
  const server = await startSuda();
  const readers: Reader[] = [];
  try {
    const owner = await guest(server.port, 'owner');
    const room = ((await owner.post('/v1/rooms', { name: 'hot', kind: 'public' })) as { id: string }).id;
    for (let i = 0; i < MEMBERS; i++) {
      const person = i === 0 ? owner : await guest(server.port, `person ${i}`);
      if (i > 0) await person.post(`/v1/rooms/${room}/join`, {});
      readers.push(await opened(server.port, person.token, room));
    }
    // No `id`: no replies, so that each frame that comes is a message.
    let said = 0;
    const message = (): string => `{"event":"message.send","data":{"room":"${room}","clientId":"c${++said}","text":"${TEXT}"}}`;
    return await measureRoom({ server, readers, message }, inFlight, seconds);
  } finally {
    for (const { socket } of readers) socket.destroy();
    await server.stop();
  }
}

/** Someone who has opened the room. */
async function opened(port: number, token: string, room: string): Promise<Reader> {
  const raw = await openRaw('127.0.0.1', port, '/v1/ws', { Authorization: `Bearer ${token}` });
  await new Promise<void>((resolve, reject) => {
    let text = '';
    raw.receive((chunk) => {
      text += chunk.toString('utf8');
      if (text.includes('"error"')) reject(new Error(text.slice(0, 300)));
      if (text.includes('"reply":1')) resolve();
    });
    raw.socket.write(clientFrame(JSON.stringify({ event: 'room.open', data: { room }, id: 1 })));
  });
  const reader: Reader = { socket: raw.socket, counter: new FrameCounter(), heard: () => {} };
  raw.receive((chunk) => {
    reader.counter.push(chunk);
    reader.heard();
  });
  return reader;
}
