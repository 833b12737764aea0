import { place } from '../lib/place.ts';
import { parseRoute } from '../lib/route.ts';
import { navigation } from './navigation.svelte.ts';
import { say } from './preferences.svelte.ts';
import { session } from './session.svelte.ts';
import { offer } from './talk-back.svelte.ts';

type Said = { readonly type: 'version'; readonly parts: readonly string[] } | { readonly type: 'go'; readonly path: string };

/** What a server that runs on for months may have become meanwhile is looked for this often. Milliseconds. */
const LOOK_EVERY = 3_600_000;

/** A host application may want none; then one that was there goes. */
const wanted = document.querySelector<HTMLMetaElement>('meta[name="suda-worker"]')?.content !== 'none';

function heard(said: Said): void {
  if (said.type === 'go') navigation.go(parseRoute(said.path, place.path));
  else {
    const mine = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '';
    if (mine !== '' && !said.parts.some((part) => mine.endsWith(`/${part}`)))
      offer(say.t.newVersion, say.t.reload, () => location.reload());
  }
}

async function keep(): Promise<void> {
  const registration = await navigator.serviceWorker.register(`${place.url}/worker.js`, { scope: place.path, updateViaCache: 'none' });
  let looked = Date.now();
  const look = (): void => {
    looked = Date.now();
    registration.update().catch(() => {});
  };
  // A server that was started again may be another version.
  let before = true;
  $effect.root(() => {
    $effect(() => {
      const { online } = session;
      if (online && !before) look();
      before = online || session.connection.state === 'connecting';
    });
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && Date.now() - looked > LOOK_EVERY) look();
  });
}

/** Has the page installed as an application, and opened without a network. In development nothing is kept. */
export function startWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<Said>) => heard(data));
  if (wanted) keep().catch(() => {});
  else void navigator.serviceWorker.getRegistration(place.path).then((there) => there?.scope === `${place.url}/` && there.unregister());
}
