import { MemoryStore } from '@suda/chat';

type Read = 'roomView' | 'roomViews' | 'roomsOf' | 'changes' | 'page' | 'search' | 'members';

/** A store whose reads a test may hold back after they were done: their answers are as old as can be when they come. */
export class HeldStore extends MemoryStore {
  #held: Read | undefined;
  #reached: () => void = () => {};
  #release: (() => void)[] = [];

  /** The next read of this kind waits for `release`. @returns when it was done and waits */
  hold(read: Read): Promise<void> {
    this.#held = read;
    return new Promise((resolve) => {
      this.#reached = resolve;
    });
  }

  release(): void {
    for (const go of this.#release.splice(0)) go();
  }

  async #answer<T>(read: Read, answer: Promise<T>): Promise<T> {
    const value = await answer;
    if (this.#held === read) {
      this.#held = undefined;
      this.#reached();
      await new Promise<void>((resolve) => this.#release.push(resolve));
    }
    return value;
  }

  override roomView(...args: Parameters<MemoryStore['roomView']>) {
    return this.#answer('roomView', super.roomView(...args));
  }
  override roomViews(...args: Parameters<MemoryStore['roomViews']>) {
    return this.#answer('roomViews', super.roomViews(...args));
  }
  override roomsOf(...args: Parameters<MemoryStore['roomsOf']>) {
    return this.#answer('roomsOf', super.roomsOf(...args));
  }
  override changes(...args: Parameters<MemoryStore['changes']>) {
    return this.#answer('changes', super.changes(...args));
  }
  override page(...args: Parameters<MemoryStore['page']>) {
    return this.#answer('page', super.page(...args));
  }
  override search(...args: Parameters<MemoryStore['search']>) {
    return this.#answer('search', super.search(...args));
  }
  override members(...args: Parameters<MemoryStore['members']>) {
    return this.#answer('members', super.members(...args));
  }
}
