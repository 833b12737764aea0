/** One line that says where one is, on a terminal; nothing without one. */
export class Progress {
  #shown = false;

  say(where: string): void {
    if (!process.stderr.isTTY) return;
    const room = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[K${where.slice(0, room)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }
}
