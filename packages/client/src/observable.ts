import type { Observable } from './types.ts';

/** An observable that its owner may set. */
export interface Value<T> extends Observable<T> {
  /** Tells the subscribers, unless it is the very same value. */
  set(next: T): void;
}

/** Calls a listener of the application. What it throws is its own affair: it is thrown again where nothing of ours is cut short. */
export function tell<T>(run: (value: T) => void, next: T): void {
  try {
    run(next);
  } catch (reason) {
    queueMicrotask(() => {
      throw reason;
    });
  }
}

export function value<T>(initial: T): Value<T> {
  let current = initial;
  const runs = new Set<{ run: (value: T) => void }>();
  return {
    get: () => current,
    set(next) {
      if (Object.is(next, current)) return;
      current = next;
      // A copy: whoever is told may subscribe or leave. One that set again meanwhile has told the newer value already.
      for (const entry of [...runs]) if (runs.has(entry) && Object.is(current, next)) tell(entry.run, next);
    },
    subscribe(run) {
      const entry = { run };
      runs.add(entry);
      run(current);
      return () => void runs.delete(entry);
    },
  };
}
