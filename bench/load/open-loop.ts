import { Histogram } from './histogram.ts';
import { pause } from './pause.ts';
import { everyoneHasAll, quiet, type Room, TEXT, total } from './room.ts';
import { type Usage, usage } from './usage.ts';

export interface OpenLoopResult {
  readonly sent: number;
  readonly deliveries: number;
  readonly times: Histogram;
  /** How late the sender itself was, of 99 % of the messages, in seconds. It is part of the times. */
  readonly late: number;
  readonly used: Usage;
}

/** Above so many deliveries a second, times are taken at some of the members only: taking them must not be what is measured. */
const TIMED_A_SECOND = 200_000;

/**
 * Messages at a fixed rate, whether the last one has come or not, and for each delivery the time since the message was *due*: a server that stalls
 * makes all that were due meanwhile late. A load that waits for it would leave them out ("coordinated omission": Gil Tene, How NOT to
 * Measure Latency; https://github.com/giltene/wrk2).
 * @param rate messages a second
 */
export async function openLoop({ server, name, members }: Room, rate: number, seconds: number): Promise<OpenLoopResult> {
  const [first] = members;
  if (!first) throw new Error('nobody came');
  await quiet(members);
  const interval = 1_000 / rate;
  const warmUp = Math.max(1, Math.round(Math.min(1, seconds) * rate));
  const count = warmUp + Math.max(1, Math.round(seconds * rate));
  const begun = performance.now() + 20;
  const due = (message: number): number => begun + message * interval;
  const times = new Histogram();
  const lateness = new Histogram();
  const bases = members.map(({ counter }) => counter.frames);
  const every = Math.max(1, Math.ceil((members.length * rate) / TIMED_A_SECOND));
  for (const [i, one] of members.entries()) {
    if (i % every > 0) continue;
    const base = bases[i] ?? 0;
    let heard = 0;
    one.heard = () => {
      const now = performance.now();
      for (const got = one.counter.frames - base; heard < got; heard++) if (heard >= warmUp) times.add((now - due(heard)) * 1_000);
    };
  }
  let sent = 0;
  let used: (() => Usage) | undefined;
  let before = 0;
  while (sent < count) {
    const now = performance.now();
    const frames: Buffer[] = [];
    for (; sent < count && due(sent) <= now; sent++) {
      frames.push(first.say(name, TEXT));
      if (sent >= warmUp) lateness.add((now - due(sent)) * 1_000);
    }
    if (frames.length > 0) first.socket.write(Buffer.concat(frames));
    if (used === undefined && sent >= warmUp) {
      used = usage(server);
      before = total(members);
    }
    if (sent < count) await pause(Math.max(0, Math.floor(due(sent) - performance.now())));
  }
  const deliveries = total(members) - before;
  const measured = (used ?? usage(server))();
  await everyoneHasAll(members, bases, sent).finally(() => {
    for (const one of members) one.heard = () => {};
  });
  return { sent: count - warmUp, deliveries, times, late: lateness.percentile(0.99) / 1e6, used: measured };
}
