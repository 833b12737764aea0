import type { Page } from 'playwright-core';
import type { Story } from './story.ts';
import type { Person } from './world.ts';

/** A screen of the product: what a picture is taken of, and what the layout is checked on. */
export interface Screen {
  readonly name: string;
  /** Whether its picture is that of a phone. */
  readonly phone?: true;
  /** Checked, but no picture is taken of it. */
  readonly unseen?: true;
  /** Time goes on there: something is measured. */
  readonly measures?: true;
  /** What the page remembers of this person, beside language and theme. */
  readonly remembers?: Readonly<Record<string, string>>;
  /** Through whose eyes; null: a visitor without a name. Default: the story's own. */
  readonly who?: (story: Story) => Person | null;
  /** Goes there and waits until all of it is seen. */
  readonly show: (page: Page, story: Story) => Promise<void>;
}

const narrow = (page: Page): boolean => (page.viewportSize()?.width ?? 0) < 640;

async function room(page: Page, story: Story, id: string): Promise<void> {
  await page.goto(`${story.world.url}/r/${id}`);
  await page.getByTestId('message').first().waitFor();
}
/** Where the list of rooms is seen: beside a room, or on a phone alone. */
async function list(page: Page, story: Story): Promise<void> {
  if (!narrow(page)) return room(page, story, story.rooms.hike);
  await page.goto(story.world.url);
  await page.getByTestId('room-item').first().waitFor();
}
async function members(page: Page): Promise<void> {
  const panel = page.getByTestId('member-list');
  if (!(await panel.isVisible())) await page.getByTestId('show-members').click();
  await panel.waitFor();
}
/** A dialog that was opened has its words. */
async function dialog(page: Page): Promise<void> {
  await page.locator('dialog[open]').waitFor();
}

export const screens: readonly Screen[] = [
  {
    name: 'name',
    who: () => null,
    show: async (page, story) => {
      await page.goto(story.world.url);
      await page.getByTestId('name-input').waitFor();
    },
  },
  {
    name: 'first',
    who: ({ empty }) => empty.me,
    show: async (page, { empty }) => {
      await page.goto(`${empty.world.url}/r/lobby`);
      await page.getByTestId('welcome').waitFor();
    },
  },
  { name: 'rooms', phone: true, show: list },
  { name: 'room', show: (page, story) => room(page, story, story.rooms.hike) },
  { name: 'room-phone', phone: true, show: (page, story) => room(page, story, story.rooms.hike) },
  { name: 'room-lines', remembers: { 'suda.density': 'lines' }, show: (page, story) => room(page, story, story.rooms.hike) },
  { name: 'text', show: (page, story) => room(page, story, story.rooms.home) },
  { name: 'lobby', unseen: true, show: (page, story) => room(page, story, story.rooms.lobby) },
  {
    name: 'actions',
    unseen: true,
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.getByTestId('message').nth(-2).hover();
      await page.getByTestId('react').first().click();
      await page.getByTestId('emoji-picker').waitFor();
    },
  },
  {
    name: 'settings',
    show: async (page, story) => {
      await list(page, story);
      await page.getByTestId('settings').click();
      await dialog(page);
    },
  },
  {
    name: 'new-room',
    phone: true,
    unseen: true,
    show: async (page, story) => {
      await list(page, story);
      await page.getByTestId('create-room').click();
      await dialog(page);
    },
  },
  {
    name: 'members',
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await members(page);
      await page.getByTestId('member').nth(2).getByRole('button').first().click();
    },
  },
  {
    name: 'invite',
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await members(page);
      await page.getByTestId('invite-people').click();
      await page.getByTestId('qr').waitFor();
    },
  },
  {
    name: 'gifs',
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.getByTestId('gif-button').click();
      await page.getByTestId('gif').first().waitFor();
    },
  },
  {
    name: 'switcher',
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.keyboard.press('Control+k');
      await page.getByTestId('goal').first().waitFor();
    },
  },
  {
    name: 'search',
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.keyboard.press('Control+Shift+f');
      await page.getByTestId('search-everywhere').click();
      await page.getByTestId('search-input').fill(story.words.found);
      await page.getByTestId('found').first().waitFor();
    },
  },
  {
    name: 'mentions',
    unseen: true,
    show: async (page, story) => {
      await list(page, story);
      await page.getByTestId('show-mentions').click();
      await page.getByTestId('found').first().waitFor();
    },
  },
  {
    name: 'help',
    unseen: true,
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.getByTestId('room-title').click();
      await page.keyboard.press('?');
      await dialog(page);
    },
  },
  {
    name: 'level',
    unseen: true,
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.getByTestId('show-level').click();
      await page.getByTestId('level').first().waitFor();
    },
  },
  {
    name: 'completions',
    unseen: true,
    show: async (page, story) => {
      await room(page, story, story.rooms.hike);
      await page.getByTestId('composer').focus();
      await page.keyboard.type('@');
      await page.getByTestId('completion').first().waitFor();
    },
  },
  {
    name: 'no-room',
    unseen: true,
    show: async (page, story) => {
      await page.goto(`${story.world.url}/r/nowhere`);
      await page.getByTestId('door-reason').waitFor();
    },
  },
  {
    name: 'lab',
    measures: true,
    who: () => null,
    show: async (page, story) => {
      await page.goto(`${story.world.url}/lab?room=${story.rooms.lab}&key=picture`);
      await page.locator('[data-lane=socketio][data-carrier=websocket]').waitFor();
      // The one picture with something measured in it.
      const rate = (perSecond: number) => page.locator(`[data-testid=lab-rate] input[value="${perSecond}"]`).check({ force: true });
      await rate(5);
      await page.waitForFunction(() =>
        [...document.querySelectorAll('dd[data-testid=heard]')].every((heard) => Number(heard.textContent) >= 12),
      );
      await rate(0);
    },
  },
];
