import { createSuda, SudaClientError } from '@suda/client';
import { indexedDbOutbox } from '@suda/client/indexeddb-outbox';
import type { ErrorCode } from '@suda/protocol';
import { Drafts } from '../lib/drafts.ts';
import { journaled } from '../lib/journal.ts';
import { place } from '../lib/place.ts';
import { Recents } from '../lib/recents.ts';
import { observe, observeByFrame } from './observe.svelte.ts';

/** The one client of this page. */
export const suda = createSuda({
  url: place.url,
  outbox: journaled(indexedDbOutbox(`suda:${place.url}`), () => localStorage),
});
export const drafts = new Drafts(() => localStorage);
export const recents = new Recents(() => localStorage);

const connection = observe(suda.connection);
const me = observe(suda.me);
const rooms = observeByFrame(suda.rooms);
const limits = observe(suda.limits);

let entering = $state(false);

export const session = {
  get connection() {
    return connection.current;
  },
  get online() {
    return connection.current.state === 'online';
  },
  get me() {
    return me.current;
  },
  get rooms() {
    return rooms.current;
  },
  get limits() {
    return limits.current;
  },
  /** A name was given and the server has not answered yet. */
  get entering() {
    return entering;
  },
};

/** What went wrong, as one of the wire's codes. */
export function codeOf(error: unknown): ErrorCode | 'unknown' {
  return error instanceof SudaClientError ? error.code : 'unknown';
}

export async function signIn(name: string): Promise<void> {
  entering = true;
  try {
    await suda.signIn(name);
  } finally {
    entering = false;
  }
}

export async function signOut(): Promise<void> {
  const user = suda.me.get()?.id;
  await suda.signOut();
  if (user === undefined) return;
  drafts.forget(user);
  recents.forget(user);
}
