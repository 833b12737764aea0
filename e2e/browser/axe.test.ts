import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page, WebSocketRoute } from 'playwright-core';
import { png } from '../wire/pictures.ts';
import { findings, looks } from './axe.ts';
import { noChromium, say } from './chromium.ts';
import { give } from './hands.ts';
import { Stage } from './stage.ts';

const size = { width: 1_200, height: 800 };
const phone = { width: 360, height: 740 };

/** The rooms that the screens need. */
interface Rooms {
  readonly own: string;
  readonly locked: string;
  readonly banned: string;
  readonly hidden: string;
}

type Screen = (page: Page, rooms: Rooms, stage: Stage) => Promise<unknown>;

const lobby: Screen = async (page, _rooms, { server }) => {
  await page.goto(`${server.url}/r/lobby`);
  await page.getByTestId('message').last().waitFor();
};
const room = async (page: Page, { server }: Stage, id: string): Promise<void> => {
  await page.goto(`${server.url}/r/${id}`);
};
/** Opens what can be done with the newest message that holds this text. */
const onMessage = async (page: Page, text: string, action: string): Promise<void> => {
  const message = page.getByTestId('message').filter({ hasText: text }).last();
  await message.hover();
  await message.getByTestId(action).first().click();
};
const panel = async (page: Page): Promise<void> => {
  if (!(await page.getByTestId('member-list').isVisible())) await page.getByTestId('show-members').click();
  await page.getByTestId('member').first().waitFor();
};

/** What axe finds, whatever the page looks like. */
async function inAllLooks(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const { name, media, rules } of looks) {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' });
    await page
      .locator(`html[data-theme=${media.colorScheme}]${media.contrast === 'more' ? '[data-contrast=more]' : ':not([data-contrast])'}`)
      .waitFor();
    found.push(...(await findings(page, rules)).map((finding) => `${name}: ${finding}`));
  }
  return found;
}

/** Every screen of the page, each with a way to it. Whoever adds one adds its line. */
const screens: Readonly<Record<string, Screen>> = {
  name: async (page, _rooms, { server }) => {
    await page.context().clearCookies();
    await page.goto(server.url);
    await page.getByTestId('name-input').waitFor();
  },
  'a room with everything in it': lobby,
  'lines instead of bubbles': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.evaluate(() => localStorage.setItem('suda.density', 'lines'));
    await page.reload();
    await page.getByTestId('message').last().waitFor();
    await page.evaluate(() => localStorage.removeItem('suda.density'));
  },
  'what can be done with a message': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('message').filter({ hasText: 'plain words' }).last().focus();
    await page.getByTestId('message-actions').waitFor();
  },
  'the choice of emoji': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await onMessage(page, 'plain words', 'react');
    await page.getByTestId('emoji-picker').waitFor();
  },
  'an answer': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await onMessage(page, 'plain words', 'reply');
    await page.getByTestId('reply-bar').waitFor();
  },
  'a whisper': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    const theirs = page.locator('[data-testid=message][data-mine=false]:not([data-deleted])').last();
    await theirs.hover();
    await theirs.getByTestId('whisper').click();
    await page.getByTestId('whisper-bar').waitFor();
  },
  'an edit': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await say(page, 'to be edited');
    await page.getByTestId('message').filter({ hasText: 'to be edited' }).last().and(page.locator('[data-state=sent]')).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.getByTestId('edit-box').waitFor();
  },
  'a question': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await say(page, 'to be deleted');
    await page.getByTestId('message').filter({ hasText: 'to be deleted' }).last().and(page.locator('[data-state=sent]')).waitFor();
    await onMessage(page, 'to be deleted', 'delete');
    await page.getByTestId('confirm').waitFor();
  },
  'a failed message': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await say(page, '길다'.repeat(2_500));
    await page.getByTestId('failed').waitFor();
    await page.getByTestId('failed').scrollIntoViewIfNeeded();
  },
  'a text that is nearly too long': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('composer').fill('가'.repeat(3_999));
  },
  'names, rooms and emoji to choose from': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('composer').focus();
    await page.keyboard.type('@');
    await page.getByRole('listbox').waitFor();
  },
  'files that are chosen': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await give(page, 'paste', '[data-testid=composer]', [
      { name: 'shot.png', type: 'image/png', bytes: await png(120, 90) },
      { name: '노트.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') },
    ]);
    await page.getByTestId('tray-item').last().waitFor();
  },
  'GIFs to choose from': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('gif-button').click();
    await page.locator('[data-testid=gif-results][data-state=there]').waitFor();
  },
  'a room in which one is alone': async (page, { own }, stage) => {
    await room(page, stage, own);
    await page.getByTestId('welcome').waitFor();
  },
  'an invitation that leads nowhere': async (page, _rooms, { server }) => {
    await page.goto(`${server.url}/i/iaaaaabbbbbccccc`);
    await page.getByTestId('invitation-door').waitFor();
  },
  'a picture, large': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('picture-open').last().click();
    await page.getByTestId('viewer').waitFor();
  },
  people: async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await panel(page);
    await page.getByTestId('member').last().getByRole('button').first().click();
  },
  'inviting people': async (page, { own }, stage) => {
    await room(page, stage, own);
    await page.getByTestId('composer').waitFor();
    await panel(page);
    await page.getByTestId('invite-people').click();
    await page.getByTestId('invite-search').waitFor();
  },
  'a new room': async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('create-room').click();
    await page.getByTestId('room-name').waitFor();
  },
  'the settings of a room': async (page, { own }, stage) => {
    await room(page, stage, own);
    await page.getByTestId('composer').waitFor();
    await panel(page);
    await page.getByTestId('room-settings').click();
    await page.getByTestId('room-name').waitFor();
  },
  settings: async (page, rooms, stage) => {
    await lobby(page, rooms, stage);
    await page.getByTestId('settings').click();
    await page.getByTestId('connection').waitFor();
  },
  'a room’s password': async (page, { locked }, stage) => {
    await room(page, stage, locked);
    await page.getByTestId('password-input').waitFor();
  },
  'a wrong password': async (page, { locked }, stage) => {
    await room(page, stage, locked);
    await page.getByTestId('password-input').fill('wrong');
    await page.getByTestId('password-submit').click();
    await page.getByRole('alert').waitFor();
  },
  'no such room': async (page, { hidden }, stage) => {
    await room(page, stage, hidden);
    await page.getByTestId('door-reason').waitFor();
  },
  banned: async (page, { banned }, stage) => {
    await room(page, stage, banned);
    await page.getByTestId('door-reason').waitFor();
  },
  offline: async (page, rooms, stage) => {
    let cut = false;
    const lines: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/v1\/ws/, (line) => {
      if (cut) return void line.close({ code: 1013 });
      line.connectToServer();
      lines.push(line);
    });
    await lobby(page, rooms, stage);
    cut = true;
    await page.route('**/v1/**', (route) => route.abort());
    for (const line of lines) await line.close({ code: 1012 });
    await say(page, 'on its way');
    await page.getByTestId('offline-banner').waitFor();
  },
  'a phone: rooms': async (page, _rooms, { server }) => {
    await page.setViewportSize(phone);
    await page.goto(`${server.url}/r/lobby`);
    await page.getByTestId('back').click();
    await page.getByTestId('room-item').first().waitFor();
  },
  'a phone: a room': async (page, rooms, stage) => {
    await page.setViewportSize(phone);
    await lobby(page, rooms, stage);
  },
  'a phone: people': async (page, rooms, stage) => {
    await page.setViewportSize(phone);
    await lobby(page, rooms, stage);
    await panel(page);
  },
  'the transport lab': async (page, _rooms, { server }) => {
    await page.goto(`${server.url}/lab`);
    await page.locator('[data-lane=websocket][data-state=open]').waitFor();
  },
};

/** What people say, of every kind. */
async function talk({ mina, jihun }: Stage): Promise<void> {
  await say(jihun, 'said by someone else, with https://example.invalid/ and `code`');
  await say(jihun, '```js\nconst a = 1; // said\n```');
  await say(mina, '🎉🎉');
  await say(mina, '> 인용\n\n- 하나\n- 둘\n\n**굵게** *기울임* ~~지움~~');
  await say(mina, '@Jihun 이거 봐요');
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
  await mina.getByTestId('message').filter({ hasText: '지울 거예요' }).and(mina.locator('[data-state=sent]')).waitFor();
  await onMessage(mina, '지울 거예요', 'delete');
  await mina.getByTestId('confirm').click();
  await jihun.locator('[data-deleted]').waitFor();
}

/** A page's own token asks as the page would. */
const command = (page: Page, method: string, path: string, body?: object): Promise<{ id: string }> =>
  page.evaluate(
    async ([how, where, what]) =>
      (
        await fetch(where, {
          method: how,
          ...(what ? { body: JSON.stringify(what), headers: { 'content-type': 'application/json' } } : {}),
        })
      ).json(),
    [method, path, body] as const,
  );

describe('47 axe finds nothing', { skip: noChromium ?? false, concurrency: 1, timeout: 1_200_000 }, () => {
  let stage: Stage;
  const people: {
    readonly language: string;
    readonly cookies: Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>;
    readonly rooms: Rooms;
  }[] = [];

  before(async () => {
    stage = await Stage.open(['--rate', '0', '--link-previews', 'off']);
    await talk(stage);
    const { mina, jihun } = stage;
    for (const [page, other] of [
      [mina, jihun],
      [jihun, mina],
    ] as const) {
      const create = async (by: Page, name: string, more: object = {}) =>
        (await command(by, 'POST', '/v1/rooms', { name, kind: 'public', ...more })).id;
      const own = await create(page, '내 방');
      const locked = await create(other, 'locked', { kind: 'private', password: 'sesame' });
      const hidden = await create(other, 'hidden', { kind: 'private' });
      const banned = await create(other, 'banned');
      const { members } = (await command(other, 'GET', '/v1/rooms/lobby/members')) as unknown as {
        members: { user: { id: string; name: string } }[];
      };
      const name = page === mina ? '미나' : 'Jihun';
      const user = members.find((member) => member.user.name === name)?.user.id;
      await command(other, 'POST', `/v1/rooms/${banned}/invite`, { user });
      await command(other, 'POST', `/v1/rooms/${banned}/kick`, { user, ban: true });
      people.push({
        language: page === mina ? 'ko-KR' : 'en-US',
        cookies: await page.context().cookies(),
        rooms: { own, locked, hidden, banned },
      });
    }
  });
  after(() => stage?.close());

  for (const [name, screen] of Object.entries(screens)) {
    it(`47 axe: ${name}`, { timeout: 90_000 }, async () => {
      const found: string[] = [];
      for (const { language, cookies, rooms } of people) {
        const context = await stage.browser.newContext({
          locale: language,
          viewport: size,
          reducedMotion: 'reduce',
          timezoneId: 'Asia/Seoul',
        });
        try {
          // Both people come over the straight line here.
          await context.addCookies(cookies.map((cookie) => ({ ...cookie, domain: '127.0.0.1' })));
          const page = await context.newPage();
          await screen(page, rooms, stage);
          found.push(...(await inAllLooks(page)));
        } finally {
          await context.close();
        }
      }
      assert.deepEqual([...new Set(found)], []);
    });
  }
});
