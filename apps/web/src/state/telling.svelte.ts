import type { Message, RoomSummary } from '@suda/protocol';
import { untrack } from 'svelte';
import { isWorthTelling } from '../lib/attention.ts';
import { oneLine, roomName } from '../lib/names.ts';
import { place } from '../lib/place.ts';
import { linkTo, navigation } from './navigation.svelte.ts';
import { say } from './preferences.svelte.ts';
import { presence } from './presence.svelte.ts';
import { session, suda } from './session.svelte.ts';
import { offer, tell } from './talk-back.svelte.ts';

/** Held by every tab that somebody looks at: then no tab says anything. */
const LOOKING = 'suda.looking';
/** Of the tabs that hear of a message, the first tells; the others have so long to hear of it too. Milliseconds. */
const HEARD_WITHIN = 10_000;
/** Held while the notifications are added to or read: Chromium loses one that is raised while the list of all is being read. */
const LIST = 'suda.notifications';
/** So many messages of rooms that aren't in the list yet wait for them. */
const MOST_EARLY = 20;

const possible = 'Notification' in globalThis && isSecureContext;

function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It holds until the page is left.
  }
}

let permission = $state<NotificationPermission>(possible ? Notification.permission : 'denied');
let choice = $state<'on' | 'off'>(remembered('suda.told') === 'on' ? 'on' : 'off');
let asked = remembered('suda.told.asked') !== null;

/** Whether this device tells of messages while one looks elsewhere. */
export const telling = {
  get choice(): 'on' | 'off' {
    return permission === 'granted' ? choice : 'off';
  },
  set choice(wanted: 'on' | 'off') {
    choice = wanted;
    remember('suda.told', wanted);
    if (wanted === 'on') void allow();
  },
  /** Why it can't; null when it can. */
  get obstacle(): 'blocked' | 'unavailable' | null {
    if (!possible) return 'unavailable';
    return permission === 'denied' ? 'blocked' : null;
  },
};

/** Only ever because somebody pressed something: a browser asks once, and a question out of the blue is answered with no. */
async function allow(): Promise<void> {
  if (!possible) return tell(say.t.notify.unavailable);
  permission = await Notification.requestPermission();
  return permission === 'denied' ? tell(say.t.notify.blocked) : undefined;
}

/** The first message of a room that was just made may come before the room does. */
let early: { readonly message: Message; readonly concerns: boolean }[] = [];

function hear(message: Message, concerns: boolean): void {
  const room = suda.rooms.get().find(({ id }) => id === message.room);
  if (!room) early = [...early, { message, concerns }].slice(-MOST_EARLY);
  if (!session.me || !room || !isWorthTelling(message, concerns, room, session.me.id)) return;
  if (permission === 'default' && room.kind === 'direct' && !asked) {
    asked = true;
    remember('suda.told.asked', 'yes');
    offer(say.t.notify.ask, say.t.notify.askYes, () => {
      telling.choice = 'on';
    });
  }
  if (telling.choice === 'on' && !presence.looking) show(message, room).catch(() => {});
}

async function show(message: Message, room: RoomSummary): Promise<void> {
  const key = `suda.told.${message.room}.${message.pos}`;
  await navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    const { held = [] } = await navigator.locks.query();
    if (held.some(({ name }) => name === LOOKING)) return;
    await raise(message, room, key);
    await new Promise((resolve) => setTimeout(resolve, HEARD_WITHIN));
  });
}

async function raise(message: Message, room: RoomSummary, tag: string): Promise<void> {
  const who = message.sender?.name ?? '';
  const direct = room.kind === 'direct';
  const title = direct ? who : say.t.notify.inRoom(who, roomName(room, session.me?.id ?? '', say.t));
  // A whisper is for one pair of eyes; who sits beside the screen need not read it.
  const body = message.via === undefined ? oneLine(message, say.t) : say.t.notify.whisper;
  const url = linkTo(message.room, message.pos);
  const options: NotificationOptions = { body, tag, lang: document.documentElement.lang, icon: `${place.url}/icon-192.png`, data: { url } };
  // Where there is a worker, its notifications stay when the page goes; Android has no others.
  const registration = await navigator.serviceWorker?.getRegistration(place.path);
  if (registration?.active) return navigator.locks.request(LIST, () => registration.showNotification(title, options));
  const shown = new Notification(title, options);
  shown.onclick = () => {
    shown.close();
    window.focus();
    navigation.toMessage(message.room, message.pos);
  };
  return undefined;
}

/** What was read on any device needs no telling any more. */
async function forget(room: string, pos: number): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration(place.path);
  if (!registration) return;
  for (const shown of await navigator.locks.request(LIST, () => registration.getNotifications())) {
    const [, of, at] = /^suda\.told\.([a-z0-9_]+)\.(\d+)$/.exec(shown.tag) ?? [];
    if (of === room && Number(at) <= pos) shown.close();
  }
}

/** From now on messages are told of. Once for each page. */
export function begin(): void {
  suda.on('mention', ({ message, mentions }) => hear(message, mentions.includes(message.pos)));
  // In an opened room they come as messages, of the others as activity.
  suda.on('message', (message) => hear(message, false));
  suda.on('room.activity', ({ last }) => hear(last, false));
  suda.on('read', ({ room, user, pos }) => {
    if (user === session.me?.id) forget(room, pos).catch(() => {});
  });
  $effect.root(() => {
    $effect(() => {
      const known = new Set<string>(session.rooms.map(({ id }) => id));
      const ready = early.filter(({ message }) => known.has(message.room));
      if (ready.length === 0) return;
      early = early.filter((one) => !ready.includes(one));
      untrack(() => {
        for (const { message, concerns } of ready) hear(message, concerns);
      });
    });
    $effect(() => {
      if (!presence.looking) return undefined;
      const over = new AbortController();
      const away = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()));
      navigator.locks?.request(LOOKING, { mode: 'shared' }, () => away).catch(() => {});
      return () => over.abort();
    });
  });
}
