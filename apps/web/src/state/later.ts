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

// When somebody begins to do something, which is before one of them is wanted: who only looks fetches none of it.
const beginnings = ['pointermove', 'pointerdown', 'keydown', 'touchstart'] as const;
function begun(): void {
  for (const name of beginnings) removeEventListener(name, begun, true);
  quiet(() => {
    loadDialogs().catch(() => {});
    loadFinding().catch(() => {});
  });
}
for (const name of beginnings) addEventListener(name, begun, { capture: true, passive: true });

const quiet = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1_500));
quiet(() => void import('./telling.svelte.ts').then(({ begin }) => begin()).catch(() => {}));

/** The service worker, when the page is quiet: nothing of it is wanted before. */
export function startWorker(): void {
  quiet(() => void import('./worker.svelte.ts').then(({ startWorker: start }) => start()).catch(() => {}));
}
