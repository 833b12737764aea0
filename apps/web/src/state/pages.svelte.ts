import type { Scene } from './scene.svelte.ts';

/** Rows of one page of history. */
const page = 100;

/** Pages of a room's history, one at a time. */
export class Pages {
  readonly #scene: Scene;
  loading = $state(false);
  failed = $state(false);

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @returns whether it came */
  async load(which: 'older' | 'newer' | { readonly around: number } | 'latest'): Promise<boolean> {
    const { handle, state } = this.#scene;
    if (this.loading || state.status === 'closed' || state.messages.length === 0) return false;
    this.loading = true;
    try {
      if (which === 'older') await handle.loadOlder(page);
      else if (which === 'newer') await handle.loadNewer();
      else if (which === 'latest') await handle.toLatest();
      else await handle.loadAround(which.around);
      if (which !== 'newer' && which !== 'latest') await this.#scene.whispersAsFarBack();
      this.failed = false;
      return true;
    } catch {
      this.failed = true;
      return false;
    } finally {
      this.loading = false;
    }
  }
}
