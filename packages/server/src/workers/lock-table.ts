interface Wish {
  readonly owner: object;
  readonly id: number;
  readonly grant: () => void;
}

/** Who has which name, and who waits for it: the first of each line has it. */
export class LockTable {
  readonly #lines = new Map<string, Wish[]>();

  /** @param id of the owner's wish; @param grant runs when the name is theirs */
  take(owner: object, id: number, name: string, grant: () => void): void {
    const line = this.#lines.get(name) ?? [];
    this.#lines.set(name, line);
    if (line.push({ owner, id, grant }) === 1) grant();
  }

  release(owner: object, id: number): void {
    this.#remove((wish) => wish.owner === owner && wish.id === id);
  }

  /** An owner that is no more. */
  leave(owner: object): void {
    this.#remove((wish) => wish.owner === owner);
  }

  #remove(isMeant: (wish: Wish) => boolean): void {
    for (const [name, line] of this.#lines) {
      const [first] = line;
      const left = line.filter((wish) => !isMeant(wish));
      if (left.length === line.length) continue;
      if (left.length === 0) this.#lines.delete(name);
      else this.#lines.set(name, left);
      if (left[0] !== first) left[0]?.grant();
    }
  }
}
