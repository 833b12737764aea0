/** What a browser knows of the network and of sleep. */
export interface Surroundings {
  /** The network is gone. */
  down(): void;
  /** The network is back. */
  up(): void;
  /** The page is looked at again. */
  wake(): void;
}

/** Whether the browser says that there is no network. */
export function networkIsDown(): boolean {
  return typeof document !== 'undefined' && typeof navigator !== 'undefined' && navigator.onLine === false;
}

/** Listens to the browser, if this is one. @returns a function that ends it */
export function listenToBrowser({ down, up, wake }: Surroundings): () => void {
  if (typeof window === 'undefined' || typeof document === 'undefined') return () => {};
  const shown = (): void => {
    if (document.visibilityState === 'visible') wake();
  };
  window.addEventListener('offline', down);
  window.addEventListener('online', up);
  // After the back button the page may come out of the cache, frozen as it was.
  window.addEventListener('pageshow', shown);
  document.addEventListener('visibilitychange', shown);
  // Page Lifecycle: a frozen tab runs again. And a window that is looked at again may belong to a machine that slept.
  document.addEventListener('resume', shown);
  window.addEventListener('focus', shown);
  return () => {
    window.removeEventListener('offline', down);
    window.removeEventListener('online', up);
    window.removeEventListener('pageshow', shown);
    document.removeEventListener('visibilitychange', shown);
    document.removeEventListener('resume', shown);
    window.removeEventListener('focus', shown);
  };
}
