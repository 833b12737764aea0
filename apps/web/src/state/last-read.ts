import type { RoomHandle, RoomState } from '@suda/client';
import type { ResetPage, RoomSummary, User } from '@suda/protocol';
import { place } from '../lib/place.ts';
import { byRecency } from '../lib/rooms.ts';
import { suda } from './session.svelte.ts';

/** So much is kept: what a page without a network has to show. */
const mostRooms = 100;
const mostPages = 20;
const mostMessages = 50;
/** After a change, so many milliseconds later. */
const KEEP_AFTER = 500;

interface KeptPerson {
  readonly user: User;
  readonly rooms: readonly RoomSummary[];
}
interface KeptPage {
  readonly user: string;
  readonly at: number;
  readonly page: ResetPage;
}

const PEOPLE = 'people';
const PAGES = 'pages';

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(`suda-last-read:${place.url}`, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(PEOPLE, { keyPath: 'user.id' });
      request.result.createObjectStore(PAGES, { keyPath: ['user', 'page.room.id'] });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  opening.catch(() => {
    opening = undefined;
  });
  return opening;
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function write(run: (transaction: IDBTransaction) => unknown): Promise<void> {
  const transaction = (await open()).transaction([PEOPLE, PAGES], 'readwrite');
  await run(transaction);
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** What is kept, or forgotten, quietly: without it the page shows a little less. */
const quietly = (work: Promise<unknown>): void => void work.catch(() => {});

/**
 * A guest's own device remembers. Whoever an application signed in is forgotten at once: when they sign out there, nobody tells us.
 */
const keeps = (user: User | null): user is User => user?.guest === true;

const waiting = new Map<string, () => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

function flush(): void {
  clearTimeout(timer);
  timer = undefined;
  const runs = [...waiting.values()];
  waiting.clear();
  for (const run of runs) run();
}
function soon(what: string, run: () => void): void {
  waiting.set(what, run);
  timer ??= setTimeout(flush, KEEP_AFTER);
}

function keepPerson(): void {
  const user = suda.me.get();
  if (!keeps(user) || suda.connection.get().state !== 'online') return;
  const rooms = [...suda.rooms.get()].sort(byRecency).slice(0, mostRooms);
  quietly(
    write(async (transaction) => {
      const people = transaction.objectStore(PEOPLE);
      // One at a time: who was here before can't come back.
      for (const other of (await answer(people.getAllKeys())) as string[]) if (other !== user.id) dropPerson(transaction, other);
      people.put({ user, rooms } satisfies KeptPerson);
    }),
  );
}

function dropPerson(transaction: IDBTransaction, user: string): void {
  transaction.objectStore(PEOPLE).delete(user);
  transaction.objectStore(PAGES).delete(IDBKeyRange.bound([user], [user, []]));
}

function keepPage({ room, messages, cursor, atLatest, status }: RoomState): void {
  const user = suda.me.get();
  if (!keeps(user) || !room || room.role === null || !cursor || !atLatest || status !== 'live') return;
  const page: ResetPage = { reset: true, room, epoch: cursor.epoch, head: cursor.rev, messages: messages.slice(-mostMessages) };
  quietly(
    write(async (transaction) => {
      const pages = transaction.objectStore(PAGES);
      pages.put({ user: user.id, at: Date.now(), page } satisfies KeptPage);
      const all = (await answer(pages.getAll())) as KeptPage[];
      const tooMany = all.sort((a, b) => b.at - a.at).slice(mostPages);
      for (const old of tooMany) pages.delete([old.user, old.page.room.id]);
    }),
  );
}

/** Shows who was here and their rooms while the server has not answered, and keeps them up to date from then on. */
export function rememberMe(): void {
  const recall = async (): Promise<void> => {
    const people = (await open()).transaction(PEOPLE).objectStore(PEOPLE);
    const [kept] = (await answer(people.getAll())) as KeptPerson[];
    const { state } = suda.connection.get();
    if (kept && state !== 'refused') suda.recall(kept.user, kept.rooms);
  };
  quietly(recall());
  suda.rooms.subscribe(() => soon('', keepPerson));
  let known = false;
  suda.me.subscribe((user) => {
    // Signed out.
    if (known && user === null) forgetLastRead();
    known = user !== null;
    soon('', keepPerson);
  });
  // Whose session is over can't come back: what they read is not for the next one here.
  suda.connection.subscribe((state) => {
    if (state.state === 'refused' && state.error.code === 'unauthenticated') forgetLastRead();
  });
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', flush);
}

/** Shows what was last read in a room while the server has not answered, and keeps it from then on. @returns the end of keeping */
export function rememberRoom(handle: RoomHandle): () => void {
  const recall = async (): Promise<void> => {
    const user = suda.me.get();
    if (!user || handle.get().cursor) return;
    const pages = (await open()).transaction(PAGES).objectStore(PAGES);
    const kept = (await answer(pages.get([user.id, handle.id]))) as KeptPage | undefined;
    if (kept && suda.me.get()?.id === user.id) handle.recall(kept.page);
  };
  quietly(recall());
  let before = handle.get().messages;
  return handle.subscribe((state) => {
    if (state.messages === before) return;
    before = state.messages;
    soon(handle.id, () => keepPage(handle.get()));
  });
}

/** Everything of everyone. */
function forgetLastRead(): void {
  waiting.clear();
  quietly(
    write((transaction) => {
      transaction.objectStore(PEOPLE).clear();
      transaction.objectStore(PAGES).clear();
    }),
  );
}
