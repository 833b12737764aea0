// A process full of real clients, told by the runner what to do: see load/crowd.ts. It counts what each one got.
import type { RealClients } from '../peers/peer.ts';
import { realClients } from './clients.ts';
import type { Report, Wish } from './crowd.ts';
import { pause } from './pause.ts';

/** Messages are numbered; none above this is counted. */
const MOST = 1 << 14;

interface One {
  readonly got: Uint8Array;
  readonly cut: (forMs: number) => void;
  up: boolean;
  distinct: number;
  doubles: number;
  /** When it was back for good after the last cut, by the clock that all processes share. */
  backAt: number;
  completeAt: number;
}

const all: One[] = [];
const timers: NodeJS.Timeout[] = [];
const now = (): number => performance.timeOrigin + performance.now();
let sent = 0;

function open({ kind, port, room }: RealClients, token: string): void {
  const one: One = {
    got: new Uint8Array(MOST),
    cut: (forMs) => client.line.cut(forMs),
    up: false,
    distinct: 0,
    doubles: 0,
    backAt: 0,
    completeAt: 0,
  };
  const client = realClients[kind](port, room, token, {
    up() {
      one.up = true;
      one.backAt = now();
      complete(one);
    },
    down() {
      one.up = false;
    },
    heard: (text) => got(one, text, true),
    shown: (text) => got(one, text, false),
  });
  all.push(one);
}

function got(one: One, text: string, anew: boolean): void {
  const number = Number(/^m(\d+) /.exec(text)?.[1] ?? MOST);
  if (number >= MOST) return;
  const before = one.got[number] ?? 0;
  if (before === 0) one.distinct++;
  else if (anew) one.doubles++;
  one.got[number] = 1;
  complete(one);
}

/** A client is complete when it is up and has all that was sent so far. */
function complete(one: One): void {
  if (one.up && one.completeAt === 0 && one.distinct >= sent) one.completeAt = now();
}

const report = (): Report => ({
  up: all.filter(({ up }) => up).length,
  distinct: all.reduce((sum, { distinct }) => sum + distinct, 0),
  doubles: all.reduce((sum, { doubles }) => sum + doubles, 0),
  lacking: all.filter(({ distinct }) => distinct < sent).length,
  backAt: all.map(({ backAt }) => backAt),
  completeAt: all.map(({ completeAt }) => completeAt),
});

const acts: { readonly [K in Wish['do']]: (wish: Extract<Wish, { do: K }>) => Promise<unknown> | unknown } = {
  async open({ clients, atOnce }) {
    for (const [i, token] of clients.tokens.entries()) {
      open(clients, token);
      if ((i + 1) % atOnce === 0) while (all.some(({ up }) => !up)) await pause(5);
    }
    const end = Date.now() + 60_000;
    while (all.some(({ up }) => !up)) {
      if (Date.now() > end) throw new Error(`${all.filter(({ up }) => !up).length} clients did not come in`);
      await pause(20);
    }
  },
  sent({ count }) {
    sent = count;
  },
  cut({ forMs }) {
    for (const one of all) {
      one.backAt = 0;
      one.completeAt = 0;
      one.up = false;
    }
    for (const one of all) one.cut(forMs);
    return now();
  },
  jitter({ everyMs, forMs }) {
    for (const [i, one] of all.entries()) {
      const again = (): void => {
        one.cut(forMs);
        timers.push(setTimeout(again, everyMs));
      };
      timers.push(setTimeout(again, (i / all.length) * everyMs));
    }
  },
  calm() {
    for (const timer of timers.splice(0)) clearTimeout(timer);
  },
  report: () => report(),
};

process.on('message', (wish: Wish & { id: number }) => {
  const act = acts[wish.do] as (wish: Wish) => Promise<unknown> | unknown;
  Promise.resolve()
    .then(() => act(wish))
    .then(
      (answer) => process.send?.({ id: wish.id, answer }),
      (error: Error) => process.send?.({ id: wish.id, error: error.message }),
    );
});
process.once('disconnect', () => process.exit());
