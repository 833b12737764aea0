import { test } from 'node:test';
import { talkThroughCrashes } from './crash-run.ts';

const SEED = Number(process.env.SUDA_CRASH_SEED ?? Math.floor(Math.random() * 2 ** 31));
const KILLS = 12;

test(
  `P1 P2 P3 P4 P5 eight clients over mixed transports talk while the server is killed ${KILLS} times (seed ${SEED})`,
  {
    timeout: 240_000,
  },
  (t) =>
    talkThroughCrashes(t, {
      kills: KILLS,
      seed: SEED,
      async kill(server) {
        await server.end('SIGKILL');
        await server.start();
      },
    }),
);
