/** Something that ends by itself, or is ended: a response, a socket. */
interface Ending {
  readonly destroyed: boolean;
  once(event: 'close', listener: () => void): unknown;
  destroy(): unknown;
}

/** What was begun on a server of others and has not ended: that server goes on, so nobody else would wait for it. */
export class UnderWay {
  readonly #all = new Set<Ending>();
  #none: () => void = () => {};

  add(ending: Ending): void {
    if (ending.destroyed) return;
    this.#all.add(ending);
    ending.once('close', () => {
      this.#all.delete(ending);
      if (this.#all.size === 0) this.#none();
    });
  }

  /** Resolves when everything has ended. @param within milliseconds after which what is left is cut off */
  async end(within: number): Promise<void> {
    if (this.#all.size === 0) return;
    const over = new Promise<void>((resolve) => {
      this.#none = resolve;
    });
    const cutOff = setTimeout(() => {
      for (const ending of this.#all) ending.destroy();
    }, within);
    await over;
    clearTimeout(cutOff);
  }
}
