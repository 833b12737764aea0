// biome-ignore lint/suspicious/noExplicitAny: a listener of any event takes any arguments.
export type AnyListener = (event: string, ...args: any[]) => void;

/** Those who hear every event. Most sockets have none. */
export class AnyListeners {
  #all: readonly AnyListener[] = [];

  get size(): number {
    return this.#all.length;
  }

  append(listener: AnyListener): void {
    this.#all = [...this.#all, listener];
  }

  prepend(listener: AnyListener): void {
    this.#all = [listener, ...this.#all];
  }

  /** Without one: all of them. */
  remove(listener?: AnyListener): void {
    this.#all = listener === undefined ? [] : this.#all.filter((known) => known !== listener);
  }

  list(): AnyListener[] {
    return [...this.#all];
  }

  tell(event: string, args: readonly unknown[]): void {
    for (const listener of this.#all) listener(event, ...args);
  }
}
