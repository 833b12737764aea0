/** What one finds one's way with: fetched when it is first wanted, or when the page is quiet. */
export { default as Help } from './Help.svelte';
export { default as Level } from './Level.svelte';
export { default as Mentions } from './Mentions.svelte';
export { default as Search } from './Search.svelte';
export { default as Switcher } from './Switcher.svelte';
