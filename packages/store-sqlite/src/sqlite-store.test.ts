import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeContract } from '@suda/chat/contracts';
import { openSqliteStore } from './index.ts';

async function open() {
  const folder = await mkdtemp(join(tmpdir(), 'suda-store-'));
  let store = await openSqliteStore({ folder });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openSqliteStore({ folder });
      return store;
    },
    close: async () => {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
}

storeContract('SqliteStore', open, { inOrder: true });
