export type Route = { readonly page: 'home' } | { readonly page: 'room'; readonly room: string };

/** Reads the address. What is no room's address is home. @param base the path that the page is under, with a slash at its end */
export function parseRoute(pathname: string, base: string): Route {
  const below = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  const room = /^r\/([a-z][a-z0-9_]{1,63})\/?$/.exec(below)?.[1];
  return room === undefined ? { page: 'home' } : { page: 'room', room };
}

export function pathOf(route: Route, base: string): string {
  return route.page === 'home' ? base : `${base}r/${route.room}`;
}

/** The transport lab is a page of its own. */
export const labPath = (base: string): string => `${base}lab`;
