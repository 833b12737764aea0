import type { UserId } from '@suda/protocol';

/** Who is here: how many sessions each user has. Plain counting; when someone counts as gone is the caller's matter. */
export class Presence {
  readonly #sessions = new Map<UserId, number>();

  /** @returns whether this was the user's first session */
  arrive(user: UserId): boolean {
    const count = this.#sessions.get(user) ?? 0;
    this.#sessions.set(user, count + 1);
    return count === 0;
  }

  /** @returns whether this was the user's last session */
  depart(user: UserId): boolean {
    const count = this.#sessions.get(user) ?? 0;
    if (count > 1) {
      this.#sessions.set(user, count - 1);
      return false;
    }
    this.#sessions.delete(user);
    return count === 1;
  }

  isHere(user: UserId): boolean {
    return this.#sessions.has(user);
  }
}
