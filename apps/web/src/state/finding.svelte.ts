import { navigation } from './navigation.svelte.ts';

/** What is open above the page: to go somewhere, to find something said, what concerns me, the keys, what I am told of a room. */
export type Finding =
  | { readonly show: 'switcher' | 'mentions' | 'help' }
  | { readonly show: 'search'; readonly room: string | null; readonly query?: string }
  | { readonly show: 'level'; readonly room: string };

let open = $state.raw<Finding | null>(null);

export const finding = {
  get open(): Finding | null {
    return open;
  },
  show(what: Finding): void {
    open = what;
  },
  close(): void {
    open = null;
  },
  /** In the room that one is in, or everywhere. */
  search(query?: string): void {
    open = { show: 'search', room: navigation.room, ...(query === undefined ? {} : { query }) };
  },
};

/** On Apple's keyboards ⌘ takes the place of Ctrl. */
export const apple = /^(mac|iphone|ipad)/i.test(navigator.platform);
