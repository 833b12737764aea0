/** Of each kind of damage, so many are told one by one. */
const findingLimit = 20;

/** Collects findings, and says at the end what was left out. */
export class Findings {
  readonly #of = new Map<string, string[]>();

  /** @param kind findings of one kind are counted together */
  add(kind: string, sentence: string): void {
    const list = this.#of.get(kind);
    if (list) list.push(sentence);
    else this.#of.set(kind, [sentence]);
  }

  list(): string[] {
    return [...this.#of].flatMap(([kind, list]) =>
      list.length <= findingLimit
        ? list
        : [...list.slice(0, findingLimit), `… and ${list.length - findingLimit} more like this (${kind}).`],
    );
  }
}
