import { fittings, kindOf, versionOf } from './addresses.ts';

/** The page's scripts and styles, by the build. */
declare const PARTS: readonly string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const folder = new URL('./', worker.location.href);
/** Two chats on one server have caches of their own. */
const family = `suda ${folder.pathname} `;
const own = family + versionOf(PARTS);
/** A server that takes longer than this to give the page is as good as none. Milliseconds. */
const PATIENCE = 4_000;

const below = (url: URL): string | null =>
  url.origin === folder.origin && url.pathname.startsWith(folder.pathname) ? url.pathname.slice(folder.pathname.length) : null;
const whole = (path: string): string => new URL(path, folder).href;

worker.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(own);
      await cache.addAll(PARTS.map(whole));
      // Not out of the browser's own cache: these have no hash in their names.
      await cache.addAll(['', ...fittings].map((path) => new Request(whole(path), { cache: 'no-cache' })));
      // Whoever has the page open goes on with its own parts, which stay kept: nothing speaks against taking over at once.
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      await worker.registration.navigationPreload?.enable();
      // The version before stays, for tabs that are open.
      const older = (await caches.keys()).filter((name) => name.startsWith(family) && name !== own);
      await Promise.all(older.slice(0, -1).map((name) => caches.delete(name)));
      await worker.clients.claim();
      for (const client of await worker.clients.matchAll({ type: 'window' })) client.postMessage({ type: 'version', parts: PARTS });
    })(),
  );
});

async function part(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) await (await caches.open(own)).put(request, response.clone());
  return response;
}

async function page(request: Request, preloaded: Promise<Response | undefined>): Promise<Response> {
  const kept = (): Promise<Response | undefined> => caches.open(own).then((cache) => cache.match(whole('')));
  const late = new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE));
  const asked = (async () => (await preloaded) ?? fetch(request))();
  try {
    const response = await Promise.race([asked, late]);
    // A proxy that speaks for a server which is just being started again.
    if (response && response.status < 500) return response;
    return (await kept()) ?? (await asked);
  } catch (error) {
    const shell = await kept();
    if (shell) return shell;
    throw error;
  }
}

async function fitting(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw error;
  }
}

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const path = request.method === 'GET' ? below(new URL(request.url)) : null;
  if (path === null) return;
  const kind = kindOf(path);
  if (kind === 'part') event.respondWith(part(request));
  else if (kind === 'fitting') event.respondWith(fitting(request));
  else if (kind === 'page' && request.mode === 'navigate') event.respondWith(page(request, event.preloadResponse));
});

/** A notification says in `data.url` where it leads: a tab that is open goes there without loading anew. */
worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { url = './' } = (event.notification.data ?? {}) as { readonly url?: string };
  const target = new URL(url, folder);
  const path = below(target);
  if (path === null || kindOf(path) !== 'page') return;
  event.waitUntil(
    (async () => {
      const open = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
      const tabs = open.filter((client) => kindOf(below(new URL(client.url)) ?? 'v1/') === 'page');
      const tab =
        tabs.find((client) => client.url === target.href) ?? tabs.find((client) => client.visibilityState === 'visible') ?? tabs[0];
      if (tab === undefined) {
        await worker.clients.openWindow(target.href);
        return;
      }
      tab.postMessage({ type: 'go', path: target.pathname });
      await tab.focus();
    })(),
  );
});
