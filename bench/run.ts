// npm run bench [-- NAME …]: what the server carries on this machine. Prints tables and writes bench/out/latest.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { RoomResult } from './load/room.ts';
import { canPin } from './load/server-process.ts';
import { hotRoom } from './scenarios/hot-room.ts';
import { idle } from './scenarios/idle.ts';
import { socketIoIdle } from './scenarios/socketio-idle.ts';
import { type SocketIoRoomResult, socketIoRoom } from './scenarios/socketio-room.ts';

const chosen = process.argv.slice(2);
const wants = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 5);
const levels = (process.env.IN_FLIGHT ?? '1,8,64,512').split(',').map(Number);
const results: Record<string, unknown> = {};

/** Prints one line of a table: the first cell to the left, the others to the right. */
const line = (widths: readonly number[], ...[first = '', ...cells]: readonly (string | number)[]): void =>
  console.log(`${String(first).padEnd(widths[0] ?? 0)}${cells.map((cell, i) => String(cell).padStart(widths[i + 1] ?? 0)).join('')}`);

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1);

/** What is printed of some rounds: messages/s, deliveries/s, CPU, the load generator's share of a core, and what others used of the machine. */
function cells(some: readonly RoomResult[]): readonly string[] {
  const of = (pick: (result: RoomResult) => number): number => median(some.map(pick));
  const load = of(({ loadCpu }) => loadCpu);
  return [
    of((r) => r.messagesPerSecond).toFixed(0),
    of((r) => r.deliveriesPerSecond).toFixed(0),
    (of((r) => r.serverCpuPerDelivery) * 1e6).toFixed(2),
    `${(load * 100).toFixed(0)} %${load > 0.9 ? ' (the limit)' : ''}`,
    `${(of((r) => r.otherCpu) * 100).toFixed(0)} %`,
  ];
}

const head = ['messages/s', 'deliveries/s', 'CPU µs/delivery', 'load CPU', 'others'] as const;

console.log(
  `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, ${canPin ? 'server pinned to core 0' : 'nothing pinned'}, fsync on`,
);

if (wants('hot-room')) {
  console.log(`\nhot room: 500 WebSocket clients in one room, 100-byte texts, median of ${rounds} rounds of ${seconds} s`);
  const widths = [9, 13, 15, 18, 20, 9];
  line(widths, 'in flight', ...head);
  const all: RoomResult[] = [];
  for (const inFlight of levels) {
    const some: RoomResult[] = [];
    for (let round = 0; round < rounds; round++) some.push(await hotRoom(inFlight, seconds));
    all.push(...some);
    line(widths, inFlight, ...cells(some));
  }
  results['hot-room'] = all;
}

if (wants('socketio-room')) {
  console.log(`\nthe same room of 500 Socket.IO clients over WebSocket, in turns, median of ${rounds} rounds of ${seconds} s`);
  const widths = [28, 9, 13, 15, 18, 20, 9, 8];
  line(widths, '', 'in flight', ...head, 'MB');
  const all: SocketIoRoomResult[] = [];
  await socketIoRoom(levels, rounds, seconds, (some) => {
    all.push(...some);
    for (const { contender, inFlight, rounds: each, resident } of some) {
      line(widths, contender, inFlight, ...cells(each), (resident / 2 ** 20).toFixed(0));
    }
    const peer = some.at(-1)?.rounds ?? [];
    for (const { contender, rounds: each } of some.slice(0, -1)) {
      // Of each round by itself: what the machine did meanwhile, it did to both.
      const ratios = each.map((result, i) => result.deliveriesPerSecond / (peer[i]?.deliveriesPerSecond ?? 1));
      console.log(`  ${contender}: ${median(ratios).toFixed(2)} × (${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`);
    }
  });
  results['socketio-room'] = all;
}

if (wants('idle')) {
  console.log('\nidle: 10,000 signed-in WebSocket clients');
  const measured = await idle(10_000, (done) => process.stdout.write(`\r  ${done} connected`));
  console.log(`\r  ${kilobytes(measured.bytesEach)} KB of resident memory each; ${measured.heldAfter} still connected`);
  results.idle = measured;
}

if (wants('socketio-idle')) {
  console.log(`\nidle: 5,000 Socket.IO clients over WebSocket, median of ${rounds} rounds`);
  const measured = await socketIoIdle(5_000, rounds);
  for (const { contender, bytesEach } of measured) {
    console.log(`  ${contender}: ${kilobytes(median(bytesEach))} KB of resident memory each (${bytesEach.map(kilobytes).join(' ')})`);
  }
  results['socketio-idle'] = measured;
}

const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL('latest.json', out), JSON.stringify(results, null, 2));
