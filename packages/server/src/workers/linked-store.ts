import type { LogPage, Store } from '@suda/chat';
import type { Link } from './link.ts';

/**
 * The store of a worker: reads by itself, and has the primary write.
 *
 * What is read of a log goes to whoever listens without being asked again whether they may. So it waits until everything is told here
 * that the reader may have seen: a removal that was committed before a message takes effect before the message is passed on (P7).
 * @param reads are this store's from now on
 */
export function linkedStore(reads: Omit<Store, 'execute'>, link: Pick<Link, 'execute' | 'caughtUp'>): Store {
  const changes = reads.changes.bind(reads);
  return Object.assign(reads, {
    execute: link.execute.bind(link),
    async changes(...request: Parameters<Store['changes']>): Promise<LogPage | null> {
      const page = await changes(...request);
      if (page !== null) await link.caughtUp(request[0], page.head);
      return page;
    },
  });
}
