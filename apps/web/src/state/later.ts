/**
 * The dialogs, fetched once: when the page is quiet, or at the latest when one is wanted.
 * A fetch that failed is tried again by the next who asks.
 */
let dialogs: Promise<typeof import('../components/dialogs.ts')> | undefined;

export function loadDialogs(): Promise<typeof import('../components/dialogs.ts')> {
  dialogs ??= import('../components/dialogs.ts').catch((error: unknown) => {
    dialogs = undefined;
    throw error;
  });
  return dialogs;
}

const quiet = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 1_500));
quiet(() => void loadDialogs().catch(() => {}));

/** The service worker, when the page is quiet: nothing of it is wanted before. */
export function startWorker(): void {
  quiet(() => void import('./worker.svelte.ts').then(({ startWorker: start }) => start()).catch(() => {}));
}
