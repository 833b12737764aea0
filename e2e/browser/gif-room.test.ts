import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { gif, photo } from '../wire/pictures.ts';
import { launch, noChromium, say, visitor } from './chromium.ts';

const room = (page: Page, title: string) => page.getByTestId('room-item').filter({ hasText: title });
const member = (page: Page, name: string) => page.getByTestId('member').filter({ hasText: name });
const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const notice = (page: Page, text: string) => page.getByTestId('notice').filter({ hasText: text });

/** Unfolds what can be done with a member, and does it. */
async function toMember(page: Page, name: string, what: 'whisper' | 'kick' | 'transfer'): Promise<void> {
  const item = member(page, name);
  if ((await item.getByTestId(what).count()) === 0) await item.getByRole('button').first().click();
  await item.getByTestId(what).click();
  if (what !== 'whisper') await page.getByTestId('confirm').click();
}

/** Comes in by the room's link. */
async function enter(page: Page, link: string, password: string): Promise<void> {
  await page.goto(link);
  await page.getByTestId('password-input').fill(password);
  await page.getByTestId('password-submit').click();
}

/** The colour in which a name stands in the timeline. */
const colourOf = (page: Page, name: string): Promise<string> =>
  page
    .locator('.who', { hasText: name })
    .first()
    .evaluate((line) => getComputedStyle(line).color);

/** The tutorial's row gif-room, in the product itself; one step leads to the next. */
describe('gif-room: a room as that tutorial promises it', { skip: noChromium ?? false, concurrency: 1, timeout: 180_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;
  let jihun: Page;
  let sora: Page;

  before(async () => {
    server = await ServerProcess.start();
    browser = await launch();
    mina = await visitor(browser, server.url, 'Mina', 'en-US');
    jihun = await visitor(browser, server.url, 'Jihun', 'en-US');
    sora = await visitor(browser, server.url, 'Sora', 'en-US');
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('has a title, a maximum of members and a password', async () => {
    await mina.getByTestId('create-room').click();
    await mina.getByTestId('room-name').fill('GIF room');
    await mina.getByTestId('room-capacity').fill('2');
    await mina.getByTestId('room-password').fill('meow');
    await mina.getByTestId('room-ephemeral').check();
    await mina.getByTestId('room-submit').click();
    await mina.getByTestId('room-title').filter({ hasText: 'GIF room' }).waitFor();
    await notice(mina, 'Mina made this room').waitFor();
  });

  it('is open to who knows the password, and says so to who doesn’t', async () => {
    await enter(jihun, mina.url(), 'woof');
    await jihun.getByRole('alert').waitFor();
    await jihun.getByTestId('password-input').fill('meow');
    await jihun.getByTestId('password-submit').click();
    await jihun.getByTestId('composer').waitFor();
  });

  it('takes no more members than its maximum', async () => {
    await enter(sora, mina.url(), 'meow');
    await sora.locator('[data-testid=doorstep][data-code=room_full]').waitFor();
    await mina.getByTestId('room-settings').click();
    await mina.getByTestId('room-capacity').fill('3');
    await mina.getByTestId('room-submit').click();
    await sora.getByRole('button', { name: 'Try again' }).click();
    await sora.getByTestId('password-input').fill('meow');
    await sora.getByTestId('password-submit').click();
    await sora.getByTestId('composer').waitFor();
  });

  it('tells who came, and lists who is there', async () => {
    for (const page of [mina, jihun, sora]) {
      await notice(page, 'Jihun came in').waitFor();
      await notice(page, 'Sora came in').waitFor();
      for (const name of ['Mina', 'Jihun', 'Sora']) await member(page, name).waitFor();
    }
    assert.equal(await member(mina, 'Mina').getByText('owner').count(), 1);
  });

  it('shows GIFs that move and pictures, to everyone', async () => {
    const files = [
      { name: 'dance.gif', mimeType: 'image/gif', buffer: await gif(4, 150, 160, 120) },
      { name: 'sea.jpg', mimeType: 'image/jpeg', buffer: await photo(200, 120, 1) },
    ];
    await mina.getByTestId('file-input').setInputFiles(files);
    await mina.locator('[data-testid=tray-item][data-done=true]').nth(1).waitFor();
    await mina.getByTestId('composer').fill('look at these');
    await mina.keyboard.press('Enter');
    for (const page of [jihun, sora, mina]) {
      const pictures = message(page, 'look at these').getByTestId('picture');
      await pictures.nth(1).waitFor();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid=picture][data-state=there]').length === 2);
      assert.equal(await pictures.first().getAttribute('data-playing'), 'true');
      assert.match((await pictures.first().locator('img').getAttribute('alt')) ?? '', /dance\.gif/);
    }
    const address = await message(jihun, 'look at these').locator('img').first().getAttribute('src');
    assert.match(address ?? '', /\/v1\/files\/f\w+$/, 'the GIF itself, not its still picture');
  });

  it('gives each visitor a colour that lasts, the same on every screen', async () => {
    await say(jihun, 'what colour am I?');
    for (const page of [mina, sora]) await message(page, 'what colour am I?').waitFor();
    const colour = await colourOf(mina, 'Jihun');
    assert.equal(await colourOf(sora, 'Jihun'), colour);
    await mina.reload();
    await message(mina, 'what colour am I?').waitFor();
    assert.equal(await colourOf(mina, 'Jihun'), colour);
  });

  it('lets one whisper to one person', async () => {
    await toMember(mina, 'Jihun', 'whisper');
    await say(mina, 'only for you');
    await message(jihun, 'only for you').waitFor();
    assert.equal(await message(jihun, 'only for you').getAttribute('data-whisper'), '');
    await mina.keyboard.press('Escape');
    await say(mina, 'for all again');
    await message(sora, 'for all again').waitFor();
    assert.equal(await message(sora, 'only for you').count(), 0);
  });

  it('lets its owner remove someone, who then sees nothing more of it', async () => {
    await toMember(mina, 'Sora', 'kick');
    await sora.locator('[data-testid=doorstep][data-door=removed]').waitFor();
    await notice(jihun, 'Mina removed Sora').waitFor();
    const address = await message(jihun, 'look at these').locator('img').first().getAttribute('src');
    const status = (page: Page) => page.evaluate(async (url) => (await fetch(url, { cache: 'no-store' })).status, address ?? '');
    assert.deepEqual([await status(jihun), await status(sora)], [200, 404]);
  });

  it('is handed on to another owner', async () => {
    await toMember(mina, 'Jihun', 'transfer');
    await notice(jihun, 'Jihun now owns the room').waitFor();
    await jihun.getByTestId('room-settings').waitFor();
    await mina.getByTestId('room-settings').waitFor({ state: 'detached' });
  });

  it('tells who left, and disappears with its last member', async () => {
    await mina.getByTestId('leave').click();
    await mina.getByTestId('confirm').click();
    await notice(jihun, 'Mina left').waitFor();
    await jihun.getByTestId('leave').click();
    await jihun.getByTestId('confirm').click();
    for (const page of [mina, jihun]) {
      await page.reload();
      await page.getByTestId('composer').waitFor();
      await room(page, 'GIF room').waitFor({ state: 'detached' });
    }
    const { token } = await server.guest('Late');
    const { body } = await server.call<{ rooms: { name: string }[] }>('GET', '/v1/rooms', undefined, token);
    assert.deepEqual(
      body.rooms.map(({ name }) => name),
      ['Lobby'],
    );
  });
});
