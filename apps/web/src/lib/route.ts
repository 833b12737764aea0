/** `pos`: a message of the room, to be shown. */
export type Route =
  | { readonly page: 'home' }
  | { readonly page: 'room'; readonly room: string; readonly pos?: number }
  | { readonly page: 'invitation'; readonly code: string };

/** Reads the address. What is no room's address is home. @param base the path that the page is under, with a slash at its end */
export function parseRoute(pathname: string, base: string): Route {
  const below = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const code = /^i\/([a-z][a-z0-9]{11,29})\/?$/.exec(below)?.[1];
  if (code !== undefined) return { page: 'invitation', code };
  const [, room, pos] = /^r\/([a-z][a-z0-9_]{1,63})(?:\/([1-9]\d{0,14}))?\/?$/.exec(below) ?? [];
  if (room === undefined) return { page: 'home' };
  return pos === undefined ? { page: 'room', room } : { page: 'room', room, pos: Number(pos) };
}

export function pathOf(route: Route, base: string): string {
  if (route.page === 'home') return base;
  if (route.page === 'invitation') return `${base}i/${route.code}`;
  return `${base}r/${route.room}${route.pos === undefined ? '' : `/${route.pos}`}`;
}

/** The transport lab is a page of its own. */
export const labPath = (base: string): string => `${base}lab`;
