// npm run bench: what the server carries on this machine. Prints a table and writes bench/out/latest.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { canPin } from './load/suda-process.ts';
import { type HotRoomResult, hotRoom } from './scenarios/hot-room.ts';
import { idle } from './scenarios/idle.ts';

const chosen = process.argv.slice(2);
const wants = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
const rounds = Number(process.env.ROUNDS ?? 3);
const seconds = Number(process.env.SECONDS ?? 5);

console.log(
  `${cpus().length} cores, ${cpus()[0]?.model}, Node ${process.version}, ${canPin ? 'server pinned to core 0' : 'nothing pinned'}, fsync on`,
);
const results: { hotRoom: HotRoomResult[]; idle?: Awaited<ReturnType<typeof idle>> } = { hotRoom: [] };
const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

if (wants('hot-room')) {
  console.log(`\nhot room: 500 WebSocket clients in one room, 100-byte texts, median of ${rounds} rounds of ${seconds} s`);
  console.log('in flight   messages/s   deliveries/s   server CPU µs/delivery   load CPU');
  for (const inFlight of [1, 8, 64, 512]) {
    const some: HotRoomResult[] = [];
    for (let round = 0; round < rounds; round++) some.push(await hotRoom(inFlight, seconds));
    results.hotRoom.push(...some);
    const of = (pick: (result: HotRoomResult) => number): number => median(some.map(pick));
    const load = of((result) => result.loadCpu);
    console.log(
      `${String(inFlight).padStart(9)}${of((r) => r.messagesPerSecond)
        .toFixed(0)
        .padStart(13)}${of((r) => r.deliveriesPerSecond)
        .toFixed(0)
        .padStart(
          15,
        )}${(of((r) => r.serverCpuPerDelivery) * 1e6).toFixed(2).padStart(25)}${`${(load * 100).toFixed(0)} %`.padStart(11)}${load > 0.9 ? '  (the load generator was the limit)' : ''}`,
    );
  }
}
if (wants('idle')) {
  console.log('\nidle: 10,000 signed-in WebSocket clients');
  results.idle = await idle(10_000, (done) => process.stdout.write(`\r  ${done} connected`));
  console.log(`\r  ${(results.idle.bytesEach / 1024).toFixed(1)} KB of resident memory each; ${results.idle.heldAfter} still connected`);
}
const out = new URL('./out/', import.meta.url);
mkdirSync(out, { recursive: true });
writeFileSync(new URL('latest.json', out), JSON.stringify(results, null, 2));
