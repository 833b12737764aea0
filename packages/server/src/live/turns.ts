interface Lane {
  running: number;
  /** Whether what runs has its turn alone. */
  alone: boolean;
  readonly waiting: { readonly alone: boolean; readonly start: () => void }[];
}

/**
 * The order of one session's commands to each room (PROTOCOL R5.3). Commands that go straight into the store's queue keep their order
 * there, so they run together and share commits. Any other (a read, or one that first checks a password) has its turn alone: after
 * all that came before it, before all that came behind it.
 */
export class Turns {
  readonly #lanes = new Map<string, Lane>();

  /** Runs something when it is its turn: in this very call if nothing is in the way. */
  take<T>(room: string, alone: boolean, run: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(room) ?? { running: 0, alone: false, waiting: [] };
    this.#lanes.set(room, lane);
    if (lane.waiting.length === 0 && isFree(lane, alone)) return this.#run(room, lane, alone, run);
    return new Promise((resolve, reject) => {
      lane.waiting.push({ alone, start: () => this.#run(room, lane, alone, run).then(resolve, reject) });
    });
  }

  async #run<T>(room: string, lane: Lane, alone: boolean, run: () => Promise<T>): Promise<T> {
    lane.running++;
    lane.alone = alone;
    try {
      return await run();
    } finally {
      lane.running--;
      lane.alone = false;
      this.#next(room, lane);
    }
  }

  #next(room: string, lane: Lane): void {
    for (let first = lane.waiting[0]; first !== undefined && isFree(lane, first.alone); first = lane.waiting[0]) {
      lane.waiting.shift();
      first.start();
    }
    if (lane.running === 0) this.#lanes.delete(room);
  }
}

const isFree = (lane: Lane, alone: boolean): boolean => (alone ? lane.running === 0 : !lane.alone);
