import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { FrameCounter } from './frame-counter.ts';
import { clientFrame } from './raw-websocket.ts';
import type { ServerProcess } from './server-process.ts';

/** A connection in a room. */
export interface Reader {
  readonly socket: Socket;
  readonly counter: FrameCounter;
  /** Called after each chunk that came was counted. */
  heard: () => void;
}

/** Connections that are all in one room of one server, and how the first of them says something there. */
export interface Room {
  readonly server: ServerProcess;
  readonly readers: readonly Reader[];
  /** The text of a frame that says something new. It must come to everyone as one frame, and bring nothing else along. */
  message(): string;
}

export interface RoomResult {
  readonly inFlight: number;
  readonly messagesPerSecond: number;
  readonly deliveriesPerSecond: number;
  readonly serverCpuPerDelivery: number;
  /** Share of one core that the load generator used. Above 0.9 it measured itself. */
  readonly loadCpu: number;
  /** Cores that everything else on this machine used meanwhile; 0 where that can't be known. A round with much of it says little. */
  readonly otherCpu: number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const total = (readers: readonly Reader[]): number => readers.reduce((sum, { counter }) => sum + counter.frames, 0);

/** CPU time that this machine used so far, in seconds, whoever used it; 0 where there is no /proc. */
function machineCpu(): number {
  try {
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = readFileSync('/proc/stat', 'utf8')
      .split(/\s+/, 9)
      .slice(1)
      .map(Number);
    return (user + nice + system + irq + softirq) / 100;
  } catch {
    return 0;
  }
}

/** Resolves when nothing has come for half a second: what joining brought is over. */
export async function quiet({ readers }: Room): Promise<void> {
  for (let before = -1; before !== total(readers); await pause(500)) before = total(readers);
}

/**
 * A fixed number of messages is in flight: when the first connection receives one, the next is sent. A message counts when everyone
 * has received it.
 * @param seconds of measuring, after one of warming up
 */
export async function measureRoom(room: Room, inFlight: number, seconds: number): Promise<RoomResult> {
  const { server, readers } = room;
  const [first] = readers;
  if (!first) throw new Error('nobody came');
  await quiet(room);
  let sent = 0;
  let running = true;
  const bases = readers.map(({ counter }) => counter.frames);
  const base = first.counter.frames;
  const send = (count: number): void => {
    const frames: Buffer[] = [];
    for (let i = 0; i < count; i++) frames.push(clientFrame(room.message()));
    sent += count;
    first.socket.write(Buffer.concat(frames));
  };
  first.heard = () => {
    const due = first.counter.frames - base + inFlight - sent;
    if (running && due > 0) send(due);
  };
  send(inFlight);
  await pause(1_000);
  const begin = { at: performance.now(), frames: total(readers), cpu: server.cpu(), own: process.cpuUsage(), machine: machineCpu() };
  await pause(seconds * 1_000);
  const elapsed = (performance.now() - begin.at) / 1000;
  const deliveries = total(readers) - begin.frames;
  const cpu = server.cpu() - begin.cpu;
  const usage = process.cpuUsage(begin.own);
  const own = (usage.user + usage.system) / 1e6;
  const machine = machineCpu() - begin.machine;
  running = false;
  first.heard = () => {};
  const end = Date.now() + 20_000;
  const lacking = (): number => readers.filter(({ counter }, i) => counter.frames - (bases[i] ?? 0) !== sent).length;
  while (lacking() > 0 && Date.now() < end) await pause(50);
  if (lacking() > 0) throw new Error(`${lacking()} connections did not receive exactly the ${sent} messages that were sent`);
  return {
    inFlight,
    messagesPerSecond: deliveries / elapsed / readers.length,
    deliveriesPerSecond: deliveries / elapsed,
    serverCpuPerDelivery: cpu / deliveries,
    loadCpu: own / elapsed,
    otherCpu: Math.max(0, machine - cpu - own) / elapsed,
  };
}
