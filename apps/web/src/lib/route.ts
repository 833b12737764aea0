export type Route = { readonly page: 'home' } | { readonly page: 'room'; readonly room: string };

/** Reads the address. What is no room's address is home. */
export function parseRoute(pathname: string): Route {
  const room = /^\/r\/([a-z][a-z0-9_]{1,63})\/?$/.exec(pathname)?.[1];
  return room === undefined ? { page: 'home' } : { page: 'room', room };
}

export function pathOf(route: Route): string {
  return route.page === 'home' ? '/' : `/r/${route.room}`;
}

/** The transport lab is a page of its own. */
export const labPath = '/lab';
