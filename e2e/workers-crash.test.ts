import assert from 'node:assert/strict';
import { test } from 'node:test';
import { talkThroughCrashes } from './crash-run.ts';
import { noProc, workersOf } from './workers-site.ts';

const SEED = Number(process.env.SUDA_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** The one of the primary, among those of workers. */
const [KILLS, OF_THE_PRIMARY] = [5, 2] as const;

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test(
  `P1 P2 P3 P4 P5 eight clients talk while workers are killed ${KILLS - 1} times, and the primary once (seed ${SEED})`,
  {
    timeout: 120_000,
    skip: noProc,
  },
  (t) =>
    talkThroughCrashes(t, {
      kills: KILLS,
      seed: SEED,
      flags: ['--workers', '2'],
      async kill(server, turn) {
        const workers = workersOf(server);
        if (turn === OF_THE_PRIMARY) {
          await server.end('SIGKILL');
          // Nobody serves without the store.
          const end = Date.now() + 10_000;
          while (workers.some(isThere)) {
            assert.ok(Date.now() < end, 'the workers end with the primary');
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          await server.start();
          return;
        }
        const victim = workers[(SEED + turn) % workers.length] ?? 0;
        process.kill(victim, 'SIGKILL');
        // Another one comes in its place.
        const end = Date.now() + 20_000;
        while (workersOf(server).length < 2 || workersOf(server).includes(victim)) {
          assert.ok(Date.now() < end, 'a worker comes again');
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      },
    }),
);
