import { place } from '../lib/place.ts';
import { parseRoute, pathOf, type Route } from '../lib/route.ts';

let current = $state.raw<Route>(parseRoute(location.pathname, place.path));
addEventListener('popstate', () => {
  current = parseRoute(location.pathname, place.path);
});

/** Where the page is. */
export const navigation = {
  get route(): Route {
    return current;
  },
  get room(): string | null {
    return current.page === 'room' ? current.room : null;
  },
  /** @param how.replace the back button skips the place that is left */
  go(route: Route, how: { replace?: boolean } = {}): void {
    const path = pathOf(route, place.path);
    if (path !== location.pathname) history[how.replace ? 'replaceState' : 'pushState'](null, '', path);
    current = route;
  },
  toRoom(room: string, how: { replace?: boolean } = {}): void {
    navigation.go({ page: 'room', room }, how);
  },
  /** Opens the room at this message and highlights it, also when one is there already. */
  toMessage(room: string, pos: number): void {
    navigation.go({ page: 'room', room, pos });
  },
  home(how: { replace?: boolean } = {}): void {
    navigation.go({ page: 'home' }, how);
  },
};

/** The whole address of a room, or of a message in it. */
export function linkTo(room: string, pos?: number): string {
  return new URL(pathOf({ page: 'room', room, ...(pos === undefined ? {} : { pos }) }, place.path), location.href).href;
}

/** For links inside the page: a plain click stays in it, any other click is the browser's. */
export function stay(event: MouseEvent, run: () => void): void {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  run();
}
