import { memoryOutbox } from '../outbox/memory-store.ts';
import type { OutboxStore } from '../types.ts';

/** A store as tabs of one browser share it: one memory, and locks by name. */
export function sharedStore(): OutboxStore {
  const locks = new Map<string, Promise<void>>();
  return {
    ...memoryOutbox(),
    async withLock(name, run) {
      const before = locks.get(name) ?? Promise.resolve();
      const mine = before.then(run);
      locks.set(
        name,
        mine.catch(() => {}),
      );
      await mine;
    },
  };
}
