import type { CommandOutput, Place } from '@suda/protocol';
import { place } from '../lib/place.ts';
import { session, suda } from './session.svelte.ts';

type Told = CommandOutput<'place.get'>;

const nameKey = `suda.place:${place.path}`;

/** What it was called the last time: also a page without a network has its name. */
function lastName(): string | null {
  try {
    return localStorage.getItem(nameKey);
  } catch {
    return null;
  }
}
function keepName(name: string | null): void {
  try {
    if (name === null) localStorage.removeItem(nameKey);
    else localStorage.setItem(nameKey, name);
  } catch {
    // Then it has none until the server has answered.
  }
}

const unknown: Told = { name: lastName(), keeper: null, claimable: false };

/** The key of the link that the server printed (PROTOCOL R15.1). It is of no more use in the address than it would be in a history. */
function keyOfAddress(): string | undefined {
  const key = /^#key=([\w-]{8,64})$/.exec(location.hash)?.[1];
  if (key !== undefined) history.replaceState(history.state, '', location.pathname + location.search);
  return key;
}

const key = keyOfAddress();
let told = $state.raw<Told>(unknown);
let answered = $state(false);

async function ask(): Promise<void> {
  try {
    // Over plain HTTP: it is also for whoever has no session yet.
    const response = await fetch(`${place.url}/v1/place`);
    if (!response.ok) return;
    told = (await response.json()) as Told;
    answered = true;
    keepName(told.name);
  } catch {
    // Without a connection it keeps its own name.
  }
}
const first = ask();

function heard({ name, keeper }: Place): void {
  told = { ...told, name, keeper, claimable: told.claimable && keeper === null };
  keepName(name);
}
suda.on('place.changed', ({ place: changed }) => heard(changed));

/** This server, as the people on it know it. */
export const thisPlace = {
  /** Null while nobody has named it, and until the server has answered. */
  get name(): string | null {
    return told.name;
  },
  get mine(): boolean {
    return told.keeper !== null && told.keeper === session.me?.id;
  },
  /** Whether it waits for whoever looks at it now to become its keeper. */
  get claimable(): boolean {
    // Whether the key is right is found out with the claim: in an address it would stand in the logs of proxies.
    return told.claimable || (key !== undefined && answered && told.keeper === null);
  },
  /** Where others in the network find it; undefined to all who don't sit at its machine. */
  get addresses(): readonly string[] | undefined {
    return told.addresses;
  },
  /** Resolves when the server has answered, or can't be reached. */
  known: first,
  again: ask,
  /** @throws SudaClientError */
  async claim(name?: string): Promise<void> {
    heard(await suda.command('place.claim', { ...(key === undefined ? {} : { key }), ...(name === undefined ? {} : { name }) }));
  },
  /** @throws SudaClientError */
  async rename(name: string): Promise<void> {
    heard(await suda.command('place.update', { name }));
  },
};
