import { measureRoom, type Room } from './load/room.ts';
import { peers } from './peers/index.ts';
import { median, ratios } from './runner/statistics.ts';
import { oneRoom } from './scenarios/rooms.ts';

/** What is guarded: far below what is measured on a quiet machine (27 to 30 times), so that only a real loss of speed falls below it. */
export const FLOOR = 6;
const [MEMBERS, IN_FLIGHT, ROUNDS, SECONDS] = [300, 64, 3, 0.7];
/** A busy machine gets another chance. */
const ATTEMPTS = 3;

/** Whether any attempt was fast enough: each is some rounds' ratios, of which the median counts. */
export const fastEnough = (attempts: readonly (readonly number[])[], floor: number): boolean =>
  attempts.some((each) => median(each) >= floor);

/**
 * `npm run bench -- --guard`: deliveries a second in a hot room, Suda with fsync beside Socket.IO without a store, within one run: what the machine
 * does otherwise, it does to both. CI runs it after the tests.
 * @returns the exit code
 */
export async function guard(): Promise<number> {
  const open = async (name: string): Promise<Awaited<ReturnType<typeof oneRoom>>> => {
    const peer = peers.find((one) => one.name === name);
    if (peer === undefined) throw new Error(`there is no peer ${name}`);
    return oneRoom(peer, MEMBERS);
  };
  const suda = await open('suda');
  try {
    const socketIo = await open('socketio');
    try {
      const rate = async (room: Room): Promise<number> => {
        const { deliveries, used } = await measureRoom(room, IN_FLIGHT, SECONDS);
        return deliveries / used.seconds;
      };
      const attempts: (readonly number[])[] = [];
      while (attempts.length < ATTEMPTS && !fastEnough(attempts, FLOOR)) {
        const [own, theirs]: [number[], number[]] = [[], []];
        for (let round = 0; round < ROUNDS; round++) {
          if (round % 2 === 0) own.push(await rate(suda.room));
          theirs.push(await rate(socketIo.room));
          if (round % 2 === 1) own.push(await rate(suda.room));
        }
        const each = ratios(own, theirs);
        attempts.push(each);
        const told = each.map((ratio) => ratio.toFixed(1)).join(' ');
        console.log(`guard: hot room, ${IN_FLIGHT} in flight: ${median(each).toFixed(1)} × Socket.IO (rounds ${told}; at least ${FLOOR})`);
      }
      return fastEnough(attempts, FLOOR) ? 0 : 1;
    } finally {
      await socketIo.close();
    }
  } finally {
    await suda.close();
  }
}
