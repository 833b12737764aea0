import type { Clock } from '../../clock.ts';

export interface HeartbeatOptions {
  /** Milliseconds from a pong to the next ping. */
  readonly interval: number;
  /** Milliseconds in which a ping must be answered. */
  readonly timeout: number;
}

/**
 * The server's side of the heartbeat (Engine.IO v4, "Heartbeat"): it pings, the client answers.
 *
 *   resting ── interval ──▶ asked ── timeout ──▶ dead          asked ── pong ──▶ resting
 *
 * The deadline is a moment, not a timer that fires: `expired` looks at the clock, so a request that comes after the deadline
 * finds the session gone even if the event loop was late with its timers.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #options: HeartbeatOptions;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #deadline = 0;
  #cancel: () => void = () => {};

  constructor(clock: Clock, options: HeartbeatOptions, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#options = options;
    this.#ping = ping;
    this.#dead = dead;
    this.#rest();
  }

  /** Whether a ping has gone unanswered for too long. */
  get expired(): boolean {
    return this.#clock.now() >= this.#deadline;
  }

  /** The client answered. */
  pong(): void {
    this.#cancel();
    this.#rest();
  }

  stop(): void {
    this.#cancel();
  }

  /** The answer may come later: the client could not read the question, or we don't read its answers. */
  excuse(): void {
    this.#cancel();
    this.#wait();
  }

  #rest(): void {
    this.#deadline = this.#clock.now() + this.#options.interval + this.#options.timeout;
    this.#cancel = this.#clock.after(this.#options.interval, () => {
      this.#wait();
      this.#ping();
    });
  }

  #wait(): void {
    this.#deadline = this.#clock.now() + this.#options.timeout;
    this.#cancel = this.#clock.after(this.#options.timeout, this.#dead);
  }
}
