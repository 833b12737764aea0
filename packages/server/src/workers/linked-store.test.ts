import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { describe } from 'node:test';
import { commitContract, propertyContract } from '@suda/chat/contracts';
import { openSqliteReads, openSqliteStore } from '@suda/store-sqlite';
import { Hub } from './hub.ts';
import { Line } from './line.ts';
import { Link } from './link.ts';
import { linkedStore } from './linked-store.ts';
import type { Down, Up } from './messages.ts';

/** A primary with its store, and one worker's store over a line to it. */
async function opened(folder: string) {
  const primary = await openSqliteStore({ folder });
  const hub = new Hub(primary);
  const [there, here] = duplexPair();
  const line = new Line<Up, Down>(
    there,
    (message) => take(message),
    () => hub.leave('1'),
  );
  const take = hub.join('1', line);
  const store = linkedStore(await openSqliteReads({ folder }), new Link('1', here, () => {}));
  const closed = store.close.bind(store);
  const close = async (): Promise<void> => {
    await closed();
    await primary.close();
  };
  return Object.assign(store, { close });
}

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'suda-linked-'));
  let store = await opened(folder);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await opened(folder);
      return store;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

// What it reads is the same code as a store's own; what is new is the way of its commands, and when a read sees them.
describe('the store of a worker', () => {
  commitContract(open);
  propertyContract(open, 12, 2);
});
