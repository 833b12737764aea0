import type { Socket } from 'node:net';
import { FrameCounter } from '../load/frame-counter.ts';
import { clientFrame, openRaw } from '../load/raw-websocket.ts';
import { guest, startSuda } from '../load/suda-process.ts';

export interface HotRoomResult {
  readonly inFlight: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly serverCpuPerDelivery: number;
  /** Share of one core that the load generator used. Above 0.9 it measured itself. */
  readonly loadCpu: number;
}

const MEMBERS = 500;
const TEXT = 'x'.repeat(100);

/**
 * Five hundred people in one room, each on a WebSocket of their own; a fixed number of messages is in flight: when the first connection
 * receives one, the next is sent. A message counts when all five hundred have received it.
 * @param seconds of measuring, after one of warming up
 */
export async function hotRoom(inFlight: number, seconds: number): Promise<HotRoomResult> {
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
    const [first] = sockets;
    const [firstCounter] = counters;
    if (!first || !firstCounter) throw new Error('nobody came');
    // What joining brought is over when nothing has come for a moment.
    let quiet = -1;
    while (quiet !== total(counters)) {
      quiet = total(counters);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    let sent = 0;
    let running = true;
    const bases = counters.map((counter) => counter.frames);
    const base = firstCounter.frames;
    // No `id`: no replies, so that each frame that comes is a message.
    const send = (count: number): void => {
      const frames: Buffer[] = [];
      for (let i = 0; i < count; i++)
        frames.push(clientFrame(`{"event":"message.send","data":{"room":"${room}","clientId":"c${++sent}","text":"${TEXT}"}}`));
      first.write(Buffer.concat(frames));
    };
    first.on('data', () => {
      const due = firstCounter.frames - base + inFlight - sent;
      if (running && due > 0) send(due);
    });
    send(inFlight);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const begin = { at: performance.now(), frames: total(counters), cpu: server.cpu(), own: process.cpuUsage() };
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
    const elapsed = (performance.now() - begin.at) / 1000;
    const deliveries = total(counters) - begin.frames;
    const cpu = server.cpu() - begin.cpu;
    const own = process.cpuUsage(begin.own);
    running = false;
    const end = Date.now() + 10_000;
    const lacking = (): number => counters.filter((counter, i) => counter.frames - (bases[i] ?? 0) !== sent).length;
    while (lacking() > 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
    if (lacking() > 0) throw new Error(`${lacking()} connections did not receive exactly the ${sent} messages that were sent`);
    return {
      inFlight,
      messagesPerSecond: deliveries / elapsed / MEMBERS,
      deliveriesPerSecond: deliveries / elapsed,
      serverCpuPerDelivery: cpu / deliveries,
      loadCpu: (own.user + own.system) / 1e6 / elapsed,
    };
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.stop();
  }
}

const total = (counters: readonly FrameCounter[]): number => counters.reduce((sum, counter) => sum + counter.frames, 0);

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
