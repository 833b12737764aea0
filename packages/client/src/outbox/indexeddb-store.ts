import type { OutboxStore, StoredEntry } from '../types.ts';

const STORE = 'entries';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * An outbox that survives a reload, shared by all tabs of this origin: IndexedDB 3.0, with a Web Lock around sending.
 * Without a secure context there are no Web Locks; then two tabs may send the same entry, which the server makes one (P2).
 * @param name of the database: one for each server
 */
export function indexedDbOutbox(name: string): OutboxStore {
  let opening: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => {
    opening ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ['user', 'entry.clientId'] });
      request.onsuccess = () => {
        const database = request.result;
        // Another tab wants a newer version, or the browser throws the data away: open it anew the next time.
        database.onversionchange = () => {
          database.close();
          opening = undefined;
        };
        database.onclose = () => {
          opening = undefined;
        };
        resolve(database);
      };
      request.onerror = () => reject(request.error);
      request.onblocked = () => reject(new Error('The database is blocked.'));
    }).catch((reason: unknown) => {
      opening = undefined;
      throw reason;
    });
    return opening;
  };

  const all = (user: string): IDBKeyRange => IDBKeyRange.bound([user], [user, []]);

  const write = async (run: (entries: IDBObjectStore) => void): Promise<void> => {
    const transaction = (await open()).transaction(STORE, 'readwrite');
    run(transaction.objectStore(STORE));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
  };

  return {
    async load(user) {
      const transaction = (await open()).transaction(STORE, 'readonly');
      const rows = (await done(transaction.objectStore(STORE).getAll(all(user)))) as { readonly entry: StoredEntry }[];
      return rows.map(({ entry }) => entry);
    },
    put: (user, entry) => write((entries) => entries.put({ user, entry })),
    remove: (user, clientId) => write((entries) => entries.delete([user, clientId])),
    clear: (user) => write((entries) => entries.delete(all(user))),
    async withLock(lock, run) {
      if (typeof navigator === 'undefined' || !navigator.locks) await run();
      else await navigator.locks.request(`${name}:${lock}`, run);
    },
  };
}
