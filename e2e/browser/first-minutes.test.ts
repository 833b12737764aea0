import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Browser, devices, type Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { eventually, launch, noChromium, say } from './chromium.ts';

describe('the first minutes', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;
  let link = '';

  before(async () => {
    server = await ServerProcess.start();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  const phone = async (name: string, address: string): Promise<Page> => {
    const context = await browser.newContext({ ...devices['Pixel 7'], locale: 'ko-KR' });
    const page = await context.newPage();
    page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`));
    await page.goto(address);
    await page.getByTestId('name-input').fill(name);
    await page.getByTestId('name-submit').click();
    return page;
  };

  it('50 an empty server greets its first visitor, who names the place and says something', async () => {
    const context = await browser.newContext({ locale: 'ko-KR', viewport: { width: 1200, height: 800 } });
    mina = await context.newPage();
    await mina.goto(server.url);
    await mina.getByTestId('first-here').waitFor();
    await mina.getByTestId('name-input').fill('미나');
    await mina.getByTestId('first-place-name').fill('우리집');
    await mina.getByTestId('name-submit').click();
    await mina.getByTestId('composer').waitFor();
    await mina.getByText('우리집, 문을 열었어요').waitFor();
    await say(mina, '첫 글');
    await eventually(mina, 'it is there', (list) => list.includes('첫 글'));
    await mina.waitForFunction(() => document.title.includes('우리집'));
  });

  it('50 from the greeting a first room, and an invitation with a code to point a camera at', async () => {
    await mina.getByTestId('welcome-room').click();
    await mina.getByTestId('room-name').fill('가족');
    await mina.getByTestId('kind-private').check();
    await mina.getByTestId('room-submit').click();
    await mina.waitForURL(/\/r\/r/);
    await mina.getByTestId('welcome-invite').click();
    await mina.getByTestId('qr').waitFor();
    const field = mina.getByTestId('invitation-link');
    await mina.waitForFunction(() => document.querySelector<HTMLInputElement>('[data-testid=invitation-link]')?.value !== '');
    link = await field.inputValue();
    assert.match(link, /\/i\/i[a-z2-9]{15}$/);
    // This server listens to its own machine alone, which no phone reaches: it says so, and what to do.
    assert.match((await mina.getByTestId('unreachable').textContent()) ?? '', /--host ::/);
    await mina.keyboard.press('Escape');
    await mina.getByTestId('welcome-invite').click();
    await mina.waitForFunction((same) => document.querySelector<HTMLInputElement>('[data-testid=invitation-link]')?.value === same, link);
    await mina.keyboard.press('Escape');
  });

  it('50 the link opens on a phone straight into the private room, after a name; the greeting goes', async () => {
    const context = await browser.newContext({ ...devices['Pixel 7'], locale: 'ko-KR' });
    const jihun = await context.newPage();
    await jihun.goto(link);
    assert.match((await jihun.getByTestId('invited-by').textContent()) ?? '', /미나님이 ‘가족’ 방에 초대했어요/);
    assert.equal(await jihun.getByTestId('first-here').count(), 0);
    await jihun.getByTestId('name-input').fill('지훈');
    await jihun.getByTestId('name-submit').click();
    await jihun.getByTestId('composer').waitFor();
    assert.match(jihun.url(), /\/r\/r/);
    await say(mina, '어서 와');
    await eventually(jihun, 'Jihun reads it', (list) => list.includes('어서 와'));
    await mina.getByTestId('welcome').waitFor({ state: 'detached' });
    // Opening the link again leads to the same room.
    await jihun.goto(link);
    await jihun.getByTestId('composer').waitFor();
    assert.match(jihun.url(), /\/r\/r/);
    await context.close();
  });

  it('50 an invitation for one lets one in; taken back, it lets in nobody, and says so', async () => {
    await mina.getByTestId('invite-people').click();
    await mina.getByTestId('invitation-terms').click();
    await mina.getByTestId('invitation-uses').selectOption('1');
    await mina.getByTestId('invitation-make').click();
    await mina.waitForFunction((old) => document.querySelector<HTMLInputElement>('[data-testid=invitation-link]')?.value !== old, link);
    const once = await mina.getByTestId('invitation-link').inputValue();
    const sora = await phone('소라', once);
    await sora.getByTestId('composer').waitFor();
    const late = await phone('늦은이', once);
    await late.locator('[data-testid=invitation-door][data-code=no_such_invitation]').waitFor();
    await mina.locator('details summary').click();
    await mina.locator(`[data-testid=invitation][data-code=${link.split('/').at(-1)}] button`).click();
    await mina.locator(`[data-testid=invitation][data-code=${link.split('/').at(-1)}]`).waitFor({ state: 'detached' });
    await late.goto(link);
    await late.locator('[data-testid=invitation-door][data-code=no_such_invitation]').waitFor();
    for (const page of [sora, late]) await page.context().close();
    await mina.keyboard.press('Escape');
  });

  it('50 the keeper names it anew, and everyone sees it at once', async () => {
    const guest = await phone('손님', server.url);
    await guest.getByTestId('composer').waitFor();
    await mina.getByTestId('settings').click();
    await mina.getByTestId('place-rename-input').fill('큰집');
    await mina.getByTestId('place-rename-submit').click();
    await guest.waitForFunction(() => document.title.includes('큰집'));
    await guest.context().close();
  });
});
