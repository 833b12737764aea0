import type { Session } from '@suda/realtime';

/** So many of a session's answers are made at a time. */
const MOST = 4;

/**
 * Where a session's commands with large answers wait: a few run at a time, and none while the client isn't reading what it was
 * answered already. Otherwise a few hundred small requests would pile up any amount of answers in memory (P6).
 */
export class Gate {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** Runs it when there is room. @returns undefined, without having run it, when the session is over by then */
  async pass<T>(session: Session, run: () => Promise<T>): Promise<T | undefined> {
    while (this.#running >= MOST) await new Promise<void>((resolve) => void this.#waiting.push(resolve));
    this.#running++;
    try {
      while (session.open && session.congested) await session.drained();
      return session.open ? await run() : undefined;
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }
}
