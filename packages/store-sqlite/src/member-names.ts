import type { UserId } from '@suda/protocol';

/** Who of a room has which name, so that a name in a text is looked up, not searched among all members. Names need not be unique. */
export class MemberNames {
  readonly #ids = new Map<string, Set<UserId>>();

  constructor(members: Iterable<readonly [user: UserId, name: string]>) {
    for (const [user, name] of members) this.put(user, name, true);
  }

  /** The member of this name is in the room, or no longer. */
  put(user: UserId, name: string, isIn: boolean): void {
    const ids = this.#ids.get(name) ?? new Set();
    if (isIn) this.#ids.set(name, ids.add(user));
    else if (ids.delete(user) && ids.size === 0) this.#ids.delete(name);
  }

  rename(user: UserId, from: string, to: string): void {
    if (from === to || !this.#ids.get(from)?.has(user)) return;
    this.put(user, from, false);
    this.put(user, to, true);
  }

  /** By id. */
  of(name: string): readonly UserId[] {
    return [...(this.#ids.get(name) ?? [])].sort();
  }
}
