import { createHmac } from 'node:crypto';
import type { Chat } from '@suda/chat';
import type { UserId } from '@suda/protocol';
import { type HostUser, nameOf } from './host-user.ts';

/** Guests' ids begin with `u`, so that nobody is both. */
const PREFIX = 'h';
/** RFC 4648 §6, in small letters. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
/** 26 signs of 5 bits: 130 bits, too many for two to meet. */
const SIGNS = 26;
/** Whoever wasn't seen for so many others is looked up again. */
const REMEMBERED = 20_000;

export const isHostUser = (user: UserId): boolean => user.startsWith(PREFIX);

interface Seen {
  readonly name: string;
  readonly user: Promise<UserId>;
}

/**
 * The users of a host application as users of ours. An id follows from the host's id alone, on every node and after every restart.
 * It is made with a key, since everyone in a room sees it: a plain hash of an e-mail address or a phone number can be found by trying.
 */
export class HostUsers {
  readonly #chat: Chat;
  readonly #key: string;
  readonly #seen = new Map<string, Seen>();

  /** @param key belongs to the data: with another one everybody would be a stranger */
  constructor(chat: Chat, key: string) {
    this.#chat = chat;
    this.#key = key;
  }

  /** The id of a host's user, whether they have been here or not. @throws TypeError for what is no id */
  idOf(id: string | number): UserId {
    if ((typeof id !== 'string' && typeof id !== 'number') || id === '')
      throw new TypeError('A host’s user needs an id: a text or a number.');
    const digest = createHmac('sha256', this.#key).update(`host user ${id}`).digest();
    let bits = 0n;
    for (const byte of digest.subarray(0, 17)) bits = (bits << 8n) | BigInt(byte);
    let name = PREFIX;
    for (let i = 0; i < SIGNS; i++) {
      name += alphabet[Number(bits & 31n)];
      bits >>= 5n;
    }
    return name as UserId;
  }

  /** The user of a host's user: made at first sight, renamed when the host calls them otherwise. Most times without a look at the store. */
  of(host: HostUser): Promise<UserId> {
    const key = String(host.id);
    const seen = this.#seen.get(key);
    const name = String(host.name);
    if (seen?.name === name) return seen.user;
    const id = this.idOf(host.id);
    // One after the other: two at once of a new user make one, and the last name stays.
    const before = seen === undefined ? Promise.resolve() : seen.user.then(noted, noted);
    const user = before.then(() => this.#put(id, nameOf(host.name, id.slice(0, 7))));
    this.#remember(key, { name, user });
    return user;
  }

  async #put(id: UserId, name: string): Promise<UserId> {
    const known = await this.#chat.user(id);
    if (known === null) await this.#chat.execute({ type: 'user.create', actor: id, name, guest: false });
    else if (known.name !== name) await this.#chat.rename(id, name);
    return id;
  }

  #remember(key: string, seen: Seen): void {
    this.#seen.delete(key);
    this.#seen.set(key, seen);
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > REMEMBERED && oldest !== undefined) this.#seen.delete(oldest);
    // What failed is tried again by the next who asks.
    seen.user.catch(() => {
      if (this.#seen.get(key) === seen) this.#seen.delete(key);
    });
  }
}

const noted = (): void => {};
