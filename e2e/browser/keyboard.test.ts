import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { png } from '../wire/pictures.ts';
import { launch, noChromium } from './chromium.ts';
import { focus, keepsFocus, tabTo } from './keyboard.ts';

const id = (testid: string): string => `[data-testid=${testid}]`;
const said = (text: string): string => `${id('message')}:has(:text("${text}"))`;

describe('47 everything by the keyboard alone', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = await ServerProcess.start(['--link-previews', 'off']);
    browser = await launch();
    page = await browser.newPage({ locale: 'en-US', viewport: { width: 1_200, height: 800 }, reducedMotion: 'reduce' });
    await page.goto(server.url);
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const press = (key: string) => page.keyboard.press(key);
  const at = async (testid: string, when: string): Promise<void> => {
    await page
      .waitForFunction((is) => document.activeElement?.getAttribute('data-testid') === is, testid, { timeout: 5_000 })
      .catch(() => {});
    assert.equal((await focus(page)).at, testid, when);
    await keepsFocus(page, when);
  };
  const say = async (text: string): Promise<void> => {
    await page.keyboard.type(text);
    await press('Enter');
    await page
      .locator(`${said(text)}[data-state=sent]`)
      .last()
      .waitFor();
    await at('composer', `after ${text}`);
  };
  /** From the composer up to the newest message, and into what can be done with it. */
  const act = async (action: string): Promise<void> => {
    await tabTo(page, id('message'), 'Shift+Tab');
    await tabTo(page, id(action));
    await press('Enter');
  };

  it('47 signs in', async () => {
    await page.getByTestId('name-input').waitFor();
    await tabTo(page, id('name-input'));
    await page.keyboard.type('Mina');
    await press('Enter');
    await page.getByTestId('composer').waitFor();
    await at('composer', 'after signing in');
  });

  it('47 makes a room', async () => {
    await tabTo(page, id('create-room'), 'Shift+Tab');
    await press('Enter');
    await page.getByTestId('room-name').waitFor();
    await tabTo(page, id('room-name'));
    await page.keyboard.type('Garden');
    await tabTo(page, id('room-submit'));
    await press('Enter');
    await page.getByTestId('room-title').filter({ hasText: 'Garden' }).waitFor();
    await at('composer', 'in the new room');
  });

  it('47 sends, answers, reacts, edits', async () => {
    await say('first words');
    await act('reply');
    await at('composer', 'answering');
    await say('an answer');
    await act('react');
    await page.getByTestId('emoji-picker').waitFor();
    await tabTo(page, id('emoji'));
    await press('Enter');
    await page.getByTestId('reaction').waitFor();
    await keepsFocus(page, 'after a reaction');
    await tabTo(page, id('composer'));
    await press('ArrowUp');
    await page.getByTestId('edit-box').waitFor();
    await at('edit-box', 'editing');
    await page.keyboard.type(', better');
    await press('Enter');
    await page.locator(said('an answer, better')).waitFor();
    await keepsFocus(page, 'after an edit');
  });

  it('47 deletes, and is asked before; Esc says no', async () => {
    await tabTo(page, id('composer'));
    await act('delete');
    await page.getByTestId('confirm').waitFor();
    await press('Escape');
    await page.getByTestId('confirm').waitFor({ state: 'detached' });
    await keepsFocus(page, 'after saying no');
    await tabTo(page, id('composer'));
    await act('delete');
    await page.getByTestId('confirm').waitFor();
    await tabTo(page, id('confirm'));
    await press('Enter');
    await page.locator('[data-deleted]').waitFor();
    await keepsFocus(page, 'after a deletion');
  });

  it('47 sends a picture, opens it and comes back to it', async () => {
    await tabTo(page, id('composer'));
    await tabTo(page, id('attach'), 'Shift+Tab');
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press('Enter')]);
    await chooser.setFiles({ name: 'cat.png', mimeType: 'image/png', buffer: await png(200, 150) });
    await page.getByTestId('tray-item').waitFor();
    await at('composer', 'after choosing');
    await press('Enter');
    await page.locator(`${id('picture')}[data-state=there]`).waitFor();
    await tabTo(page, id('picture-open'), 'Shift+Tab');
    await press('Enter');
    await page.getByTestId('viewer').waitFor();
    await keepsFocus(page, 'in the viewer');
    await press('Escape');
    await page.getByTestId('viewer').waitFor({ state: 'detached' });
    await at('picture-open', 'after the viewer');
  });

  it('47 goes to another room and back, and through the settings', async () => {
    await tabTo(page, `${id('room-item')}[data-room=lobby]`, 'Shift+Tab');
    await press('Enter');
    await page.getByTestId('room-title').filter({ hasText: 'Lobby' }).waitFor();
    await keepsFocus(page, 'in the lobby');
    await tabTo(page, id('settings'), 'Shift+Tab');
    await press('Enter');
    await page.getByTestId('connection').waitFor();
    await keepsFocus(page, 'in the settings');
    await tabTo(page, id('rename-input'));
    await press('Escape');
    await page.getByTestId('connection').waitFor({ state: 'detached' });
    await at('settings', 'after the settings');
  });

  it('47 leaves', async () => {
    await tabTo(page, `${id('room-item')}:not([data-room=lobby])`, 'Shift+Tab');
    await press('Enter');
    await page.getByTestId('room-title').filter({ hasText: 'Garden' }).waitFor();
    if (!(await page.getByTestId('member-list').isVisible())) {
      await tabTo(page, id('show-members'));
      await press('Enter');
    }
    await tabTo(page, id('leave'));
    await press('Enter');
    await page.getByTestId('confirm').waitFor();
    await tabTo(page, id('confirm'));
    await press('Enter');
    await page.getByTestId('room-title').filter({ hasText: 'Lobby' }).waitFor();
    await keepsFocus(page, 'after leaving');
  });
});
