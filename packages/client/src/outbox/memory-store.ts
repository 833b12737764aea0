import type { OutboxStore, StoredEntry } from '../types.ts';

/** An outbox that lives as long as the process. */
export function memoryOutbox(): OutboxStore {
  const users = new Map<string, Map<string, StoredEntry>>();
  return {
    load: async (user) => [...(users.get(user)?.values() ?? [])],
    async put(user, entry) {
      const entries = users.get(user) ?? new Map<string, StoredEntry>();
      users.set(user, entries.set(entry.clientId, entry));
    },
    async remove(user, clientId) {
      users.get(user)?.delete(clientId);
    },
    async clear(user) {
      users.delete(user);
    },
  };
}
