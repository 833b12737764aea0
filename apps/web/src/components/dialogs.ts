/** The dialogs that the first page can do without: fetched when it is quiet. */
export { default as CreateRoom } from './CreateRoom.svelte';
export { default as EmojiPicker } from './EmojiPicker.svelte';
export { default as InvitePeople } from './InvitePeople.svelte';
export { default as NamePlace } from './NamePlace.svelte';
export { default as NewDirect } from './NewDirect.svelte';
export { default as RoomSettings } from './RoomSettings.svelte';
export { default as Settings } from './Settings.svelte';
