/** What an address below the page's folder is to the service worker. */
export type Kind =
  /** The page itself: fresh when there is a network, as it was kept when there is none. */
  | 'page'
  /** Has its content's hash in its name: what is kept is right for ever. */
  | 'part'
  /** Icons and the like: fresh if possible. */
  | 'fitting'
  /** None of its business: above all what the server says, and everybody's files. */
  | 'other';

/** Kept from the beginning, beside the page and its parts. */
export const fittings = ['early.js', 'favicon.svg', 'icon-192.png'] as const;

/** @param path below the folder of the page, without a slash at its beginning */
export function kindOf(path: string): Kind {
  if (path === '' || path === 'index.html' || /^r\/[a-z0-9_]+(\/\d+)?\/?$/.test(path) || /^i\/[a-z0-9]+\/?$/.test(path)) return 'page';
  if (/^assets\/[\w.-]+$/.test(path)) return 'part';
  if ((fittings as readonly string[]).includes(path) || /^[\w-]+\.(png|svg|webmanifest)$/.test(path)) return 'fitting';
  return 'other';
}

/** A short name for a list of parts: another build has another. FNV-1a. */
export function versionOf(parts: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const sign of parts.join('\n')) hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193);
  return (hash >>> 0).toString(36);
}
