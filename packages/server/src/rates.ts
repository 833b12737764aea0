import { type CommandName, SudaError } from '@suda/protocol';
import type { Others } from './others.ts';

/** A token bucket: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is counted apart from each other. */
export type RateClass = 'say' | 'change' | 'read' | 'light' | 'upload' | 'find' | 'enter' | 'guess';

const classOf: { readonly [N in CommandName]: RateClass } = {
  hello: 'read',
  'user.rename': 'change',
  'place.get': 'read',
  'place.claim': 'change',
  'place.update': 'change',
  'room.list': 'read',
  'room.create': 'change',
  'room.get': 'read',
  'room.update': 'change',
  'room.join': 'change',
  'room.leave': 'change',
  'room.invite': 'change',
  'room.kick': 'change',
  'room.transfer': 'change',
  'room.members': 'read',
  'invitation.create': 'change',
  'invitation.list': 'read',
  'invitation.get': 'read',
  'invitation.accept': 'change',
  'invitation.revoke': 'change',
  'direct.open': 'change',
  'room.open': 'read',
  'room.close': 'light',
  'message.send': 'say',
  'message.edit': 'say',
  'message.delete': 'say',
  'message.react': 'say',
  'message.unreact': 'say',
  'message.unpreview': 'say',
  'message.list': 'read',
  'message.search': 'read',
  'gif.list': 'read',
  'gif.add': 'change',
  'gif.remove': 'change',
  'mention.list': 'read',
  'room.notify': 'light',
  'gif.find': 'find',
  'gif.take': 'upload',
  'room.read': 'light',
  'room.unread': 'light',
  'room.typing': 'light',
};

export const rateClassOf = (command: CommandName): RateClass => classOf[command];

/**
 * The buckets' sizes, as multiples of the setting `rate`: messages a second that one person may say in the long run.
 * A burst is generous, so that an outbox that was offline for a while isn't slowed down.
 */
export function ratesFor(rate: number): { readonly [C in RateClass]: Rate } {
  return {
    say: { perSecond: rate, burst: rate * 10 },
    change: { perSecond: rate / 2, burst: rate * 5 },
    read: { perSecond: rate * 2, burst: rate * 20 },
    light: { perSecond: rate * 4, burst: rate * 40 },
    upload: { perSecond: rate / 50, burst: rate },
    // What others count too.
    find: { perSecond: rate / 25, burst: rate },
    // By address, not by person: making guests, opening connections.
    enter: { perSecond: rate * 10, burst: rate * 500 },
    // By address, and by room for passwords: what is wrong of passwords, invitations and keys. A right one gives its try back.
    guess: { perSecond: rate / 250, burst: rate / 5 },
  };
}

interface Bucket {
  tokens: number;
  at: number;
  /** Spent here, and not yet told the other processes. */
  untold: number;
}

/** The other processes are told as soon as this share of a bucket was spent: all of them together let through hardly more than one. */
const TOLD_AT = 1 / 16;

/** However slow the rate: one at a time passes. */
const burstOf = ({ burst }: Rate): number => Math.max(1, burst);

/** Who did how much lately. Buckets that have filled up again are forgotten, so a long list of visitors costs nothing. */
export class Rates {
  readonly #rates: { readonly [C in RateClass]: Rate } | null;
  readonly #now: () => number;
  readonly #others: Others | undefined;
  readonly #buckets = new Map<string, Bucket>();
  #sweepAt = 0;

  /** @param rate see `ratesFor`; 0 means no limit at all  @param now milliseconds  @param others who count the same people */
  constructor(rate: number, now: () => number, others?: Others) {
    this.#rates = rate > 0 ? ratesFor(rate) : null;
    this.#now = now;
    this.#others = others;
    others?.hear((word) => {
      if (word.type === 'spent') this.#spentElsewhere(word.kind, word.who, word.count);
    });
  }

  /**
   * Counts one.
   * @param who a user or an address
   * @throws SudaError `rate_limited` with the milliseconds until the next one may pass
   */
  spend(who: string, kind: RateClass): void {
    if (this.#rates === null) return;
    const bucket = this.#bucket(this.#rates[kind], kind, who);
    const { perSecond } = this.#rates[kind];
    if (bucket.tokens < 1) throw new SudaError('rate_limited', undefined, Math.ceil(((1 - bucket.tokens) / perSecond) * 1000));
    bucket.tokens--;
    this.#tell(bucket, kind, who, 1);
  }

  /** As it is now. */
  #bucket(rate: Rate, kind: RateClass, who: string): Bucket {
    const burst = burstOf(rate);
    const now = this.#now();
    if (this.#buckets.size > 1_000 && now > this.#sweepAt) this.#sweep(now);
    const key = `${kind} ${who}`;
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now, untold: 0 };
    // A clock that was put back (P9) would otherwise lock everyone out until it has caught up.
    const passed = Math.max(0, now - bucket.at) / 1000;
    bucket.tokens = Math.min(burst, bucket.tokens + passed * rate.perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }

  #tell(bucket: Bucket, kind: RateClass, who: string, count: number): void {
    if (this.#others === undefined || this.#rates === null) return;
    bucket.untold += count;
    if (Math.abs(bucket.untold) < burstOf(this.#rates[kind]) * TOLD_AT) return;
    this.#others.tell({ type: 'spent', kind, who, count: bucket.untold });
    bucket.untold = 0;
  }

  /** What all spend at the same moment may be more than there is: it is paid off before the next one passes, but not for longer than a burst. */
  #spentElsewhere(kind: RateClass, who: string, count: number): void {
    if (this.#rates === null) return;
    const rate = this.#rates[kind];
    const bucket = this.#bucket(rate, kind, who);
    bucket.tokens = Math.max(-burstOf(rate), bucket.tokens - count);
  }

  /** Takes back one that was spent, because it was not what the rate is against. */
  refund(who: string, kind: RateClass): void {
    const bucket = this.#buckets.get(`${kind} ${who}`);
    if (bucket === undefined) return;
    bucket.tokens++;
    this.#tell(bucket, kind, who, -1);
  }

  #sweep(now: number): void {
    this.#sweepAt = now + 10_000;
    // After this long a bucket of any class is full again, unless the rate is set very low.
    for (const [key, { at }] of this.#buckets) if (now - at > 600_000) this.#buckets.delete(key);
  }
}
