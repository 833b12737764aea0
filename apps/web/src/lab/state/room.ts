import { type Api, Refused } from '../lanes/api.ts';
import { type Cursor, newNonce } from '../lanes/lane.ts';

/** Where one is, and how the room's log stood when one came in. */
export interface Entrance {
  readonly room: string;
  readonly roomName: string;
  readonly me: string;
  readonly cursor: Cursor;
  /** Of the room's last message. */
  readonly pos: number;
}

interface User {
  readonly user: { readonly name: string };
}
interface RoomSummary {
  readonly id: string;
  readonly name: string;
  readonly epoch: string;
  readonly head: number;
  readonly pos: number;
}

const REMEMBERED = 'suda.lab';

/** The user that the browser's cookie names already, whose name then stays; otherwise a new guest (PROTOCOL R2.2). */
async function whoAmI(api: Api, name: string): Promise<string> {
  return (await api.json<User>('POST', 'v1/session', { name })).user.name;
}

const remembered = (): string | null => {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
};

function remember(search: string): void {
  try {
    localStorage.setItem(REMEMBERED, search);
  } catch {
    // A browser that forbids storage makes another room next time.
  }
}

/** The room that the address names, or one's own from last time. */
function wanted(): { readonly room: string; readonly key: string | null } | undefined {
  for (const search of [location.search, remembered() ?? '']) {
    const query = new URLSearchParams(search);
    const room = query.get('room');
    if (room !== null && /^[a-z][a-z0-9_]{1,63}$/.test(room)) return { room, key: query.get('key') };
  }
  return undefined;
}

/**
 * A room for the lab alone. It is in nobody's list but its members', and its link opens it: the password is in the link.
 * It disappears with its last member.
 */
async function make(api: Api, name: string): Promise<{ readonly room: string; readonly key: string }> {
  const key = newNonce();
  const { id } = await api.json<RoomSummary>('POST', 'v1/rooms', { name, kind: 'private', password: key, ephemeral: true });
  return { room: id, key };
}

async function join(api: Api, room: string, key: string | null): Promise<void> {
  await api.json('POST', `v1/rooms/${room}/join`, key === null ? {} : { password: key });
}

/** Comes in as whoever one is, into the room of the link, or into one's own. */
export async function enter(api: Api, names: { readonly guest: string; readonly room: string }): Promise<Entrance> {
  const me = await whoAmI(api, names.guest);
  const named = new URLSearchParams(location.search).has('room');
  let place = wanted();
  if (place !== undefined) {
    const { room, key } = place;
    await join(api, room, key).catch((error: unknown) => {
      // One's own room from last time may be gone; the one that a link names should say so.
      if (named || !(error instanceof Refused)) throw error;
      place = undefined;
    });
  }
  place ??= await make(api, names.room);
  const query = new URLSearchParams({ room: place.room, ...(place.key === null ? {} : { key: place.key }) });
  history.replaceState(null, '', `${location.pathname}?${query}`);
  if (!named) remember(`?${query}`);
  return { me, ...(await look(api, place.room)) };
}

/** Where the room's log stands; and, by the way, what a request from here costs. */
async function look(api: Api, room: string): Promise<Omit<Entrance, 'me'>> {
  const nonce = newNonce();
  const answer = await api.json<{ rooms: [{ room: RoomSummary }] }>('GET', `v1/poll?room=${room}&wait=0&lab=${nonce}`);
  const [handshake] = await api.handshakes(nonce);
  if (handshake) api.learn(handshake);
  const { epoch, head, pos, name } = answer.rooms[0].room;
  return { room, roomName: name, cursor: { epoch, rev: head }, pos };
}
