import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { BrowserContext, Page, WebSocketRoute } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { video, wav } from '../wire/media.ts';
import { gif, png } from '../wire/pictures.ts';
import { findings, looks } from './axe.ts';
import { noChromium, say } from './chromium.ts';
import { give } from './hands.ts';
import { joined } from './history.ts';
import { Stage } from './stage.ts';

const size = { width: 1_200, height: 800 };
const phone = { width: 360, height: 740 };

/** The rooms that the screens need. Each of the two people has their own. */
interface Rooms {
  readonly own: string;
  readonly locked: string;
  readonly banned: string;
  readonly hidden: string;
  /** In it nobody else is. */
  readonly alone: string;
  /** Sora speaks there while nobody looks. */
  readonly news: string;
  readonly muted: string;
}

interface World {
  readonly stage: Stage;
  /** Nobody keeps it, and nobody has been there. */
  readonly untouched: ServerProcess;
  /** Mina's, as the keeper of the place. */
  readonly keeper: Cookies;
  /** A room with a video, a sound and a GIF. */
  readonly films: string;
  /** Someone who is in the lobby and every room of news, and looks at nothing. */
  readonly sora: { readonly id: string; readonly token: string };
}
type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
interface Person {
  readonly id: string;
  readonly language: string;
  readonly cookies: Cookies;
  readonly rooms: Rooms;
}

/** The way to a screen. @returns what is new on it, if most of it is what another screen shows too */
type Screen = (page: Page, person: Person, world: World) => Promise<string | undefined>;

/** Opens a room, and waits until nothing more comes or moves. */
async function room(page: Page, { stage: { server } }: World, id: string): Promise<undefined> {
  await page.goto(`${server.url}/r/${id}`);
  await page.getByTestId('composer').waitFor();
  await page.locator('[data-testid=timeline][data-at-end=true]').waitFor();
  await page.waitForFunction(() => document.querySelector('[data-testid=picture][data-state=coming]') === null);
  return undefined;
}
const lobby: Screen = async (page, _person, world) => {
  await room(page, world, 'lobby');
  await page.getByTestId('message').filter({ hasText: '답장이에요' }).waitFor();
  return undefined;
};
/** The newest message that says this, and does not only quote it. */
const saying = (page: Page, text: string) =>
  page
    .getByTestId('message')
    .filter({ has: page.getByTestId('text').filter({ hasText: text }) })
    .last();
/** Does by keyboard what can be done with a message: nothing depends on where a mouse is while things come. */
async function onMessage(page: Page, text: string, action: string): Promise<void> {
  const message = saying(page, text);
  await message.and(page.locator('[data-state=sent]')).focus();
  await message.getByTestId(action).press('Enter');
}
async function panel(page: Page): Promise<void> {
  if (!(await page.getByTestId('member-list').isVisible())) await page.getByTestId('show-members').click();
  await page.getByTestId('member').first().waitFor();
}
async function settings(page: Page): Promise<void> {
  await page.getByTestId('settings').click();
  await page.getByTestId('connection').waitFor();
}
/** Sora says something over HTTP. */
async function tells({ stage: { server }, sora }: World, id: string, ...said: string[]): Promise<void> {
  for (const text of said) {
    const body = { clientId: crypto.randomUUID(), text };
    const { status } = await server.call('POST', `/v1/rooms/${id}/messages`, body, sora.token);
    assert.equal(status, 200, text);
  }
}

/** High contrast is looked at in one language: it has no words of its own. */
const usual = looks.filter(({ media }) => media.contrast === 'no-preference');

/** What axe finds, whatever the page looks like. Colours are only looked at in what is new. */
async function inLooks(page: Page, which: readonly (typeof looks)[number][], part: string | undefined): Promise<string[]> {
  const found: string[] = [];
  for (const { name, media, rules } of which) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    await page
      .locator(`html[data-theme=${media.colorScheme}]${media.contrast === 'more' ? '[data-contrast=more]' : ':not([data-contrast])'}`)
      .waitFor();
    found.push(...(await findings(page, rules, rules === undefined ? undefined : part)).map((finding) => `${name}: ${finding}`));
  }
  return found;
}

/** Every screen of the page, each with a way to it. Whoever adds one adds its line. */
const screens: Readonly<Record<string, Screen>> = {
  name: async (page, _person, { stage: { server } }) => {
    await page.context().clearCookies();
    await page.goto(server.url);
    await page.getByTestId('name-input').waitFor();
    return undefined;
  },
  'a place that nobody keeps yet': async (page, _person, { untouched }) => {
    await page.context().clearCookies();
    await page.goto(untouched.url);
    await page.getByTestId('first-here').waitFor();
    return undefined;
  },
  'a room with everything in it': lobby,
  'lines instead of bubbles': async (page, person, world) => {
    await page.addInitScript(() => localStorage.setItem('suda.density', 'lines'));
    return lobby(page, person, world);
  },
  'how many have not read': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('not-read').first().waitFor();
    return '[data-testid=timeline]';
  },
  'new messages': async (page, person, world) => {
    const { news } = person.rooms;
    await tells(world, news, ...Array.from({ length: 40 }, (_, i) => `새 이야기 ${i + 1}`));
    await page.goto(`${world.stage.server.url}/r/${news}`);
    await page.getByTestId('new-line').waitFor();
    await page.getByTestId('new-pill').waitFor();
    return undefined;
  },
  'below what is new': async (page, person, world) => {
    const { news } = person.rooms;
    await tells(world, news, ...Array.from({ length: 110 }, (_, i) => `더 새로운 이야기 ${i + 1}`));
    await page.goto(`${world.stage.server.url}/r/${news}/100`);
    await page.getByTestId('first-unread').waitFor();
    await page.locator('.flash').waitFor({ state: 'detached' });
    return undefined;
  },
  'rooms that call, that have news, that are muted': async (page, person, world) => {
    await lobby(page, person, world);
    const { news, muted } = person.rooms;
    const name = person.language === 'ko-KR' ? '미나' : 'Jihun';
    await tells(world, muted, '조용히');
    await tells(world, news, `@${name} 불러요`);
    await page.locator(`[data-testid=room-item][data-room=${news}]:not([data-mentions="0"])`).waitFor();
    await page.locator(`[data-testid=room-item][data-room=${muted}][data-muted=true]:not([data-unread="0"])`).waitFor();
    return 'nav';
  },
  'a message that one was led to': async (page, person, world) => {
    await lobby(page, person, world);
    const ours = [saying(page, 'plain words'), saying(page, '답장이에요')];
    for (const message of ours) {
      const pos = await message.getAttribute('data-pos');
      await page.goto(`${world.stage.server.url}/r/lobby/${pos}`);
      await page.locator(`[data-pos="${pos}"] .flash`).waitFor();
      await page.locator('.flash').waitFor({ state: 'detached' });
    }
    // It fades; here it stays as it is in the first moment, on one of one's own and one of another.
    for (const message of ours) await message.locator('.bubble').evaluate((bubble) => bubble.classList.add('flash'));
    return '[data-testid=timeline]';
  },
  'what can be done with a message': async (page, person, world) => {
    await lobby(page, person, world);
    await saying(page, 'plain words').focus();
    await page.getByTestId('message-actions').waitFor();
    return '[data-testid=timeline]';
  },
  'the choice of emoji': async (page, person, world) => {
    await lobby(page, person, world);
    await onMessage(page, 'plain words', 'react');
    await page.getByTestId('emoji-grid').getByTestId('emoji').first().waitFor();
    return '[data-testid=emoji-picker]';
  },
  'a group of emoji': async (page, person, world) => {
    await lobby(page, person, world);
    await onMessage(page, 'plain words', 'react');
    const group = page.getByTestId('emoji-picker').locator('.groups button:enabled').nth(3);
    await group.click();
    await page.getByTestId('emoji').nth(40).waitFor();
    return '[data-testid=emoji-picker]';
  },
  'no such emoji': async (page, person, world) => {
    await lobby(page, person, world);
    await onMessage(page, 'plain words', 'react');
    await page.getByTestId('emoji-picker').locator('.groups button:enabled').nth(3).waitFor();
    await page.getByTestId('emoji-input').fill('없는그림');
    await page.getByTestId('emoji-grid').locator('p').waitFor();
    return '[data-testid=emoji-picker]';
  },
  'an answer': async (page, person, world) => {
    await lobby(page, person, world);
    await onMessage(page, 'plain words', 'reply');
    await page.getByTestId('reply-bar').waitFor();
    return 'form';
  },
  'a whisper': async (page, person, world) => {
    await lobby(page, person, world);
    await onMessage(page, person.language === 'ko-KR' ? 'plain words' : '답장이에요', 'whisper');
    await page.getByTestId('whisper-bar').waitFor();
    await say(page, '우리끼리만');
    await saying(page, '우리끼리만').and(page.locator('[data-whisper][data-state=sent]')).waitFor();
    return undefined;
  },
  'an edit': async (page, person, world) => {
    await room(page, world, person.rooms.own);
    await say(page, 'to be edited');
    await saying(page, 'to be edited').and(page.locator('[data-state=sent]')).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByTestId('edit-box').waitFor();
    return '[data-testid=timeline]';
  },
  'a question': async (page, person, world) => {
    await room(page, world, person.rooms.own);
    await say(page, 'to be deleted');
    await onMessage(page, 'to be deleted', 'delete');
    await page.getByTestId('confirm').waitFor();
    return 'dialog[open]';
  },
  'a failed message': async (page, person, world) => {
    await room(page, world, person.rooms.own);
    await say(page, '길다'.repeat(2_500));
    await page.getByTestId('failed').waitFor();
    await page.getByTestId('failed').scrollIntoViewIfNeeded();
    return '[data-testid=timeline]';
  },
  'a text that is nearly too long': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('composer').fill('가'.repeat(3_999));
    return 'form';
  },
  'names to choose from': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('composer').focus();
    await page.keyboard.type('@');
    await page.getByTestId('completion').first().waitFor();
    return 'form';
  },
  'rooms to choose from': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('composer').focus();
    await page.keyboard.type('#');
    await page.getByTestId('completion').first().waitFor();
    return 'form';
  },
  'emoji to choose from': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('composer').focus();
    await page.keyboard.insertText(':웃음');
    await page.getByTestId('completion').first().waitFor();
    return 'form';
  },
  'files that are chosen': async (page, person, world) => {
    await lobby(page, person, world);
    await give(page, 'paste', '[data-testid=composer]', [
      { name: 'shot.png', type: 'image/png', bytes: await png(120, 90) },
      { name: '노트.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') },
    ]);
    await page.locator('[data-testid=tray-item][data-done=true]').nth(1).waitFor();
    return 'form';
  },
  'GIFs to choose from': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('gif-button').click();
    await page.locator('[data-testid=gif-results][data-state=there]').waitFor();
    await page.getByTestId('gif').first().waitFor();
    return '[data-testid=gif-picker]';
  },
  'no such GIF': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('gif-button').click();
    await page.getByTestId('gif').first().waitFor();
    await page.getByTestId('gif-search').fill('없는그림');
    await page.getByTestId('gif').first().waitFor({ state: 'detached' });
    return '[data-testid=gif-picker]';
  },
  'a GIF of one’s own': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('gif-button').click();
    await page.locator('[data-testid=gif-results][data-state=there]').waitFor();
    await page.getByTestId('gif-file').setInputFiles({ name: '고양이.gif', mimeType: 'image/gif', buffer: await gif(3, 90, 120, 90) });
    await page.getByTestId('gif-words').waitFor();
    return '[data-testid=gif-picker]';
  },
  'a GIF that doesn’t move': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('gif-button').click();
    await page.locator('[data-testid=gif-results][data-state=there]').waitFor();
    await page.getByTestId('gif-file').setInputFiles({ name: '고양이.png', mimeType: 'image/png', buffer: await png() });
    await page.getByTestId('gif-add-submit').click();
    await page.getByTestId('gif-add').getByRole('alert').waitFor();
    return '[data-testid=gif-picker]';
  },
  'a video, a sound, a GIF': async (page, _person, world) => {
    await room(page, world, world.films);
    for (const kind of ['video', 'audio', 'picture']) await page.getByTestId(kind).waitFor();
    await page.locator('[data-testid=video][data-state=there]').waitFor();
    return '[data-testid=timeline]';
  },
  'a room in which one is alone': async (page, { rooms: { alone } }, world) => {
    await room(page, world, alone);
    await page.getByTestId('welcome').waitFor();
    return undefined;
  },
  'an invitation that leads nowhere': async (page, _person, { stage: { server } }) => {
    await page.goto(`${server.url}/i/iaaaaabbbbbccccc`);
    await page.getByTestId('invitation-door').waitFor();
    return undefined;
  },
  'a picture, large': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('picture-open').last().click();
    await page.getByTestId('viewer').waitFor();
    return undefined;
  },
  people: async (page, person, world) => {
    await lobby(page, person, world);
    await panel(page);
    await page.getByTestId('member').filter({ hasText: '소라' }).getByRole('button').first().click();
    await page.getByTestId('direct').waitFor();
    return '[data-testid=member-list]';
  },
  'inviting people': async (page, { rooms: { own } }, world) => {
    await room(page, world, own);
    await panel(page);
    await page.getByTestId('invite-people').click();
    await page.getByTestId('qr').waitFor();
    return 'dialog[open]';
  },
  'the invitations of a room, and their terms': async (page, { rooms: { own } }, world) => {
    await room(page, world, own);
    await panel(page);
    await page.getByTestId('invite-people').click();
    await page.getByTestId('qr').waitFor();
    await page.getByTestId('invitation-terms').click();
    await page.getByTestId('invitation-uses').selectOption('1');
    await page.getByTestId('invitation-make').click();
    await page.locator('dialog summary').click();
    await page.getByTestId('invitation').first().waitFor();
    await page.getByTestId('invitation-terms').click();
    return 'dialog[open]';
  },
  'a new room': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('create-room').click();
    await page.getByTestId('room-name').waitFor();
    return 'dialog[open]';
  },
  'the settings of a room': async (page, { rooms: { own } }, world) => {
    await room(page, world, own);
    await panel(page);
    await page.getByTestId('room-settings').click();
    await page.getByTestId('room-name').waitFor();
    return 'dialog[open]';
  },
  'what one is told of a room': async (page, { rooms: { muted } }, world) => {
    await room(page, world, muted);
    await page.getByTestId('show-level').click();
    await page.getByTestId('mute').and(page.locator(':checked')).waitFor();
    return 'dialog[open]';
  },
  settings: async (page, person, world) => {
    await lobby(page, person, world);
    await settings(page);
    return 'dialog[open]';
  },
  'the place, to its keeper': async (page, person, world) => {
    await page.context().clearCookies();
    await page.context().addCookies(world.keeper);
    await lobby(page, person, world);
    await settings(page);
    await page.getByTestId('place-rename-input').waitFor();
    return 'dialog[open]';
  },
  'where to go': async (page, person, world) => {
    await lobby(page, person, world);
    await page.keyboard.press('Control+k');
    await page.getByTestId('goal').nth(2).waitFor();
    return 'dialog[open]';
  },
  'nowhere to go, but something to search': async (page, person, world) => {
    await lobby(page, person, world);
    await page.keyboard.press('Control+k');
    await page.getByTestId('switcher-input').fill('없는곳');
    await page.locator('[data-testid=goal][data-goal=search]').waitFor();
    return 'dialog[open]';
  },
  'the search before it': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('show-search').click();
    await page.getByTestId('search-results').getByRole('status').waitFor();
    return 'dialog[open]';
  },
  'what was found': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('show-search').click();
    await page.getByTestId('search-input').fill('plain');
    await page.getByTestId('found').first().waitFor();
    return 'dialog[open]';
  },
  'nothing found': async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('show-search').click();
    await page.getByTestId('search-input').fill('없는말입니다');
    await page.getByTestId('search-results').getByRole('status').filter({ hasText: '없는말입니다' }).waitFor();
    return 'dialog[open]';
  },
  mentions: async (page, person, world) => {
    await lobby(page, person, world);
    await page.getByTestId('show-mentions').click();
    await page.getByTestId('mentions').getByTestId('found').first().waitFor();
    return 'dialog[open]';
  },
  'the keys': async (page, person, world) => {
    await lobby(page, person, world);
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('?');
    await page.getByTestId('help').waitFor();
    return 'dialog[open]';
  },
  'an offer of notifications': async (page, person, world) => {
    // A browser that was never asked; Chromium without a window answers for itself.
    await page.addInitScript(() => Object.defineProperty(Notification, 'permission', { get: () => 'default' }));
    await lobby(page, person, world);
    const { server } = world.stage;
    const direct = await server.call<{ id: string }>('POST', '/v1/directs', { user: person.id }, world.sora.token);
    await page.locator(`[data-testid=room-item][data-room="${direct.body.id}"]`).waitFor();
    await tells(world, direct.body.id, '둘이서 이야기해요');
    await page.getByTestId('offer').waitFor();
    return '[data-testid=offer]';
  },
  'a remark': async (page, person, world) => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await lobby(page, person, world);
    await onMessage(page, 'plain words', 'copy-link');
    await page.getByTestId('toasts').getByRole('button').waitFor();
    return '[data-testid=toasts]';
  },
  'a file above the page': async (page, person, world) => {
    await lobby(page, person, world);
    await give(page, 'dragenter', 'main', [{ name: 'shot.png', type: 'image/png', bytes: await png(12, 9) }]);
    await page.getByTestId('drop-zone').waitFor();
    return undefined;
  },
  'a room’s password': async (page, { rooms: { locked } }, { stage: { server } }) => {
    await page.goto(`${server.url}/r/${locked}`);
    await page.getByTestId('password-input').waitFor();
    return undefined;
  },
  'a wrong password': async (page, { rooms: { locked } }, { stage: { server } }) => {
    await page.goto(`${server.url}/r/${locked}`);
    await page.getByTestId('password-input').fill('wrong');
    await page.getByTestId('password-submit').click();
    await page.getByRole('alert').waitFor();
    return 'main';
  },
  'no such room': async (page, { rooms: { hidden } }, { stage: { server } }) => {
    await page.goto(`${server.url}/r/${hidden}`);
    await page.getByTestId('door-reason').waitFor();
    return 'main';
  },
  banned: async (page, { rooms: { banned } }, { stage: { server } }) => {
    await page.goto(`${server.url}/r/${banned}`);
    await page.getByTestId('door-reason').waitFor();
    return 'main';
  },
  offline: async (page, person, world) => {
    let cut = false;
    const lines: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/v1\/ws/, (line) => {
      if (cut) return void line.close({ code: 1013 });
      line.connectToServer();
      lines.push(line);
    });
    await lobby(page, person, world);
    cut = true;
    await page.route('**/v1/**', (route) => route.abort());
    for (const line of lines) await line.close({ code: 1012 });
    await say(page, 'on its way');
    await page.getByTestId('offline-banner').waitFor();
    return undefined;
  },
  'a phone: rooms': async (page, _person, { stage: { server } }) => {
    await page.setViewportSize(phone);
    await page.goto(`${server.url}/r/lobby`);
    await page.getByTestId('back').click();
    await page.getByTestId('room-item').first().waitFor();
    return undefined;
  },
  'a phone: a room': async (page, person, world) => {
    await page.setViewportSize(phone);
    return lobby(page, person, world);
  },
  'a phone: people': async (page, person, world) => {
    await page.setViewportSize(phone);
    await lobby(page, person, world);
    await panel(page);
    return undefined;
  },
  'a phone: where to go': async (page, person, world) => {
    await page.setViewportSize(phone);
    await lobby(page, person, world);
    await page.keyboard.press('Control+k');
    await page.getByTestId('goal').nth(2).waitFor();
    return 'dialog[open]';
  },
  'the transport lab': async (page, _person, { stage: { server } }) => {
    await page.goto(`${server.url}/lab`);
    await page.locator('[data-lane=websocket][data-state=open]').waitFor();
    return undefined;
  },
};

/** What people say, of every kind. */
async function talk({ mina, jihun }: Stage): Promise<void> {
  await say(jihun, 'said by someone else, with https://example.invalid/ and `code`');
  await say(jihun, '```js\nconst a = 1; // said\n```');
  await say(mina, '🎉🎉');
  await say(mina, '> 인용\n\n- 하나\n- 둘\n\n**굵게** *기울임* ~~지움~~');
  await say(mina, '@Jihun 이거 봐요');
  await say(jihun, '@미나 봤어요');
  await give(mina, 'paste', '[data-testid=composer]', [
    { name: 'shot.png', type: 'image/png', bytes: await png(300, 200) },
    { name: '노트.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') },
  ]);
  await mina.getByTestId('tray-item').last().waitFor();
  await mina.getByTestId('send').click();
  await jihun.getByTestId('file-card').waitFor();
  await say(jihun, 'plain words');
  await onMessage(mina, 'plain words', 'react');
  await mina.getByTestId('emoji').first().click();
  await onMessage(mina, 'plain words', 'reply');
  await say(mina, '답장이에요');
  await say(mina, '지울 거예요');
  await onMessage(mina, '지울 거예요', 'delete');
  await mina.getByTestId('confirm').click();
  await jihun.locator('[data-deleted]').waitFor();
}

/** A page's own token asks as the page would. */
const command = <T = { id: string }>(page: Page, method: string, path: string, body?: object): Promise<T> =>
  page.evaluate(
    async ([how, where, what]) => {
      const init = what ? { body: JSON.stringify(what), headers: { 'content-type': 'application/json' } } : {};
      const response = await fetch(where, { method: how, ...init });
      if (!response.ok) throw new Error(`${how} ${where}: ${await response.text()}`);
      return response.json();
    },
    [method, path, body] as const,
  );

/** A video, a sound and a GIF, in a room of their own: in the lobby every screen would wait for them. @returns the room */
async function films(page: Page, others: readonly { readonly id: string }[], url: string): Promise<string> {
  const { id } = await command(page, 'POST', '/v1/rooms', { name: '영화', kind: 'public' });
  for (const { id: user } of others) await command(page, 'POST', `/v1/rooms/${id}/invite`, { user });
  await page.goto(new URL(`/r/${id}`, url).href);
  const files = [
    { name: '바다.webm', mimeType: 'video/webm', buffer: await video(page, 2) },
    { name: '노래.wav', mimeType: 'audio/wav', buffer: wav(3) },
    { name: '춤.gif', mimeType: 'image/gif', buffer: await gif(3, 90, 120, 90) },
  ];
  await page.getByTestId('file-input').setInputFiles(files);
  await page.locator('[data-testid=tray-item][data-done=true]').nth(2).waitFor();
  await say(page, '같이 봐요');
  await saying(page, '같이 봐요').and(page.locator('[data-state=sent]')).waitFor();
  await page.getByTestId('gif-button').click();
  await page.getByTestId('gif-file').setInputFiles(files.slice(2));
  await page.getByTestId('gif-words').fill('춤추는 그림');
  await page.getByTestId('gif-add-submit').click();
  await page.getByTestId('gif-picker').getByTestId('gif').first().waitFor();
  await page.keyboard.press('Escape');
  return id;
}

/** Declares a test for each screen of one half. A file of its own for each: they take a while, and run side by side. */
export function everyScreenOf(half: 0 | 1): void {
  describe(`47 axe finds nothing, ${half + 1} of 2`, { skip: noChromium ?? false, concurrency: 1, timeout: 280_000 }, () => {
    let world: World;
    const people: Person[] = [];

    before(async () => {
      const stage = await Stage.open(['--rate', '0', '--link-previews', 'off']);
      const untouched = await ServerProcess.start();
      const { mina, jihun, server } = stage;
      const sora = await joined(server, '소라');
      world = { stage, untouched, sora, films: '', keeper: [] };
      // Both people come over the straight line here.
      const cookiesOf = async (page: Page) => (await page.context().cookies()).map((cookie) => ({ ...cookie, domain: '127.0.0.1' }));
      await talk(stage);
      const { members } = await command<{ members: { user: { id: string; name: string } }[] }>(mina, 'GET', '/v1/rooms/lobby/members');
      const idOf = (name: string) => members.find(({ user }) => user.name === name)?.user.id ?? '';
      for (const [page, other, name, language] of [
        [mina, jihun, '미나', 'ko-KR'],
        [jihun, mina, 'Jihun', 'en-US'],
      ] as const) {
        const user = idOf(name);
        const create = async (by: Page, called: string, more: object = {}) =>
          (await command(by, 'POST', '/v1/rooms', { name: called, kind: 'public', ...more })).id;
        const withSora = async (called: string) => {
          const id = await create(page, called);
          await command(page, 'POST', `/v1/rooms/${id}/invite`, { user: sora.id });
          return id;
        };
        const rooms: Rooms = {
          own: await withSora('내 방'),
          alone: await create(page, '혼자 쓰는 방'),
          news: await withSora('소식'),
          muted: await withSora('조용한 방'),
          locked: await create(other, 'locked', { kind: 'private', password: 'sesame' }),
          hidden: await create(other, 'hidden', { kind: 'private' }),
          banned: await create(other, 'banned'),
        };
        await command(page, 'PUT', `/v1/rooms/${rooms.muted}/notify`, { muted: true });
        await command(other, 'POST', `/v1/rooms/${rooms.banned}/invite`, { user });
        await command(other, 'POST', `/v1/rooms/${rooms.banned}/kick`, { user, ban: true });
        people.push({ id: user, language, rooms, cookies: await cookiesOf(page) });
      }
      world = { ...world, films: await films(jihun, [{ id: idOf('미나') }], server.url), keeper: await cookiesOf(mina) };
      // From now on they are somewhere else, and read nothing.
      for (const page of [mina, jihun]) await page.close();
    });
    after(async () => {
      await world?.untouched.remove();
      await world?.stage.close();
    });

    /** What axe finds on a screen, as one person sees it: a browser of their own, which remembers nothing of other screens. */
    async function found(screen: Screen, person: Person): Promise<string[]> {
      const context = await world.stage.browser.newContext({
        locale: person.language,
        viewport: size,
        reducedMotion: 'reduce',
        timezoneId: 'Asia/Seoul',
        // Nothing here is without a network; what it keeps for that would be fetched for every screen anew.
        serviceWorkers: 'block',
      });
      try {
        await context.addCookies(person.cookies);
        const page = await context.newPage();
        const part = await screen(page, person, world);
        return await inLooks(page, person.language === 'ko-KR' ? looks : usual, part);
      } finally {
        await context.close();
      }
    }

    for (const [name, screen] of Object.entries(screens).filter((_, i) => i % 2 === half)) {
      it(`47 axe: ${name}`, { timeout: 90_000 }, async () => {
        const all = await Promise.all(people.map((person) => found(screen, person)));
        assert.deepEqual([...new Set(all.flat())], []);
      });
    }
  });
}
