import type { EventData, EventName } from '@suda/protocol';
import { tell } from './observable.ts';

/** Who listens to the server's events. */
export interface Events {
  on<E extends EventName>(event: E, run: (data: EventData<E>) => void): () => void;
  emit<E extends EventName>(event: E, data: EventData<E>): void;
}

export function createEvents(): Events {
  const listeners = new Map<EventName, Set<{ run(data: never): void }>>();
  return {
    on(event, run) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all);
      const entry = { run };
      all.add(entry);
      return () => void all.delete(entry);
    },
    emit(event, data) {
      // A listener stands under the name of the event whose data it takes.
      for (const { run } of [...(listeners.get(event) ?? [])]) tell(run as (data: unknown) => void, data);
    },
  };
}
