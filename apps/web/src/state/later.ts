/** A part of the page that the first view can do without, fetched once. A fetch that failed is tried again by the next who asks. */
function later<T>(load: () => Promise<T>): () => Promise<T> {
  let part: Promise<T> | undefined;
  return () => {
    part ??= load().catch((error: unknown) => {
      part = undefined;
      throw error;
    });
    return part;
  };
}

export const loadDialogs = later(() => import('../components/dialogs.ts'));
export const loadFinding = later(() => import('../components/finding.ts'));

// When the page is quiet, or at the latest when one is wanted.
const quiet = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1_500));
quiet(() => {
  loadDialogs().catch(() => {});
  loadFinding().catch(() => {});
  import('./telling.svelte.ts').then(({ begin }) => begin()).catch(() => {});
});

/** The service worker, when the page is quiet: nothing of it is wanted before. */
export function startWorker(): void {
  quiet(() => void import('./worker.svelte.ts').then(({ startWorker: start }) => start()).catch(() => {}));
}
