import type { OutboxStore, StoredEntry } from '@suda/client';
import type { TextStorage } from './drafts.ts';

/**
 * An outbox store whose entries are safe from the moment they are put: until the slower store has one, it also stands in a storage that
 * writes at once. So a message that shows as pending survives a reload in that very moment.
 *
 * Files are too large for it: a message with files is safe when the store has it, as without this.
 * @param storage asked for each time: a browser that forbids it throws already there
 */
export function journaled(store: OutboxStore, storage: () => TextStorage): OutboxStore {
  const keyOf = (user: string, clientId: string): string => `suda.said.${user}.${clientId}`;
  const attempt = (run: (storage: TextStorage) => void): void => {
    try {
      run(storage());
    } catch {
      // Full, or forbidden: then it is as safe as the store is.
    }
  };
  const strike = (user: string, clientId: string): void => attempt((texts) => texts.removeItem(keyOf(user, clientId)));
  const standing = (user: string): StoredEntry[] => {
    const found: StoredEntry[] = [];
    attempt((texts) => {
      for (const key of Array.from({ length: texts.length }, (_, i) => texts.key(i))) {
        if (!key?.startsWith(keyOf(user, ''))) continue;
        const entry = parsed(texts.getItem(key));
        if (entry && keyOf(user, entry.clientId) === key) found.push(entry);
        else texts.removeItem(key);
      }
    });
    return found;
  };

  return {
    async load(user) {
      const entries = await store.load(user);
      const kept = new Set(entries.map(({ clientId }) => clientId));
      return [...entries, ...standing(user).filter(({ clientId }) => !kept.has(clientId))];
    },
    async put(user, entry) {
      if (!entry.files) attempt((texts) => texts.setItem(keyOf(user, entry.clientId), JSON.stringify(entry)));
      await store.put(user, entry);
      strike(user, entry.clientId);
    },
    async remove(user, clientId) {
      strike(user, clientId);
      await store.remove(user, clientId);
    },
    async clear(user) {
      for (const { clientId } of standing(user)) strike(user, clientId);
      await store.clear(user);
    },
    ...(store.withLock ? { withLock: (name, run) => store.withLock?.(name, run) ?? run() } : {}),
  };
}

/** What stands there may have been written by anything. */
function parsed(text: string | null): StoredEntry | null {
  try {
    const entry = JSON.parse(text ?? '') as Partial<StoredEntry> | null;
    const { clientId, room, text: said, createdAt, order } = entry ?? {};
    const good = typeof clientId === 'string' && typeof room === 'string' && typeof said === 'string';
    return good && typeof createdAt === 'number' && typeof order === 'number' ? (entry as StoredEntry) : null;
  } catch {
    return null;
  }
}
