import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { InputMethod } from './composition.ts';
import { Stage } from './stage.ts';

const goals = (page: Page): Promise<string[]> =>
  page.getByTestId('goal').evaluateAll((all) => all.map((one) => one.querySelector('.name')?.textContent?.trim() ?? ''));
const title = (page: Page, text: string): Promise<unknown> => page.getByTestId('room-title').filter({ hasText: text }).waitFor();

/** Waits until something on the page is so. */
async function until<T>(what: string, look: () => Promise<T>, holds: (seen: T) => boolean, within = 20_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    assert.ok(Date.now() < end, `not within ${within} ms: ${what}; ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function makeRoom(page: Page, name: string): Promise<string> {
  await page.getByTestId('create-room').click();
  await page.getByTestId('room-name').fill(name);
  await page.getByTestId('room-submit').click();
  await title(page, name);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

const item = (page: Page, room: string) => page.locator(`[data-testid=room-item][data-room="${room}"]`);

describe('finding one’s way', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  let suda: string;
  let design: string;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    suda = await makeRoom(mina, '우리 수다방');
    design = await makeRoom(mina, 'Design 회의');
  });
  after(() => stage?.close());

  it('UX 35 Ctrl+K: where one was before comes first; ㅅㄷ finds 수다; Enter goes there', async () => {
    await mina.keyboard.press('Control+k');
    await mina.getByTestId('switcher-input').waitFor();
    const first = await goals(mina);
    assert.equal(first[0], '우리 수다방', 'the room before this one');
    for (const [typed, wanted] of [
      ['ㅅㄷ', '우리 수다방'],
      ['수ㄷ', '우리 수다방'],
      ['숟', '우리 수다방'],
      ['dsgn', 'Design 회의'],
      ['jih', 'Jihun'],
    ] as const) {
      await mina.getByTestId('switcher-input').fill(typed);
      assert.equal(
        (
          await until(
            typed,
            () => goals(mina),
            (all) => all.length > 1,
          )
        )[0],
        wanted,
        typed,
      );
    }
    await mina.getByTestId('switcher-input').fill('ㅅㄷ');
    await mina.keyboard.press('Enter');
    await title(mina, '수다');
    await mina.getByTestId('switcher-input').waitFor({ state: 'detached' });
  });

  it('UX 12 UX 35 what an input method composes is found on the way, and its Enter goes nowhere', async () => {
    await mina.keyboard.press('Control+k');
    const box = mina.getByTestId('switcher-input');
    await box.waitFor();
    const before = mina.url();
    const selected = () => mina.locator('[data-testid=goal][aria-selected=true]').getAttribute('data-goal');
    const ime = await InputMethod.of(mina);
    for (const step of ['ㅎ', '호', '회', '횡', '회으', '회의']) {
      await ime.compose(step);
      await until(
        step,
        () => goals(mina),
        ([first]) => first === 'Design 회의',
      );
    }
    await ime.enter('회의', false);
    await until(
      'Design 회의',
      () => goals(mina),
      ([first]) => first === 'Design 회의',
    );
    await until(
      'what was found stays',
      () => goals(mina),
      (all) => all.length === 2,
    );
    assert.equal(await selected(), design);
    assert.equal(mina.url(), before);
    await box.press('ArrowDown');
    assert.equal(await selected(), 'search');
    assert.equal(await box.getAttribute('aria-activedescendant'), 'goal-1');
    await box.press('ArrowDown');
    assert.equal(await selected(), design, 'round');
    await mina.keyboard.press('Escape');
    await box.waitFor({ state: 'detached' });
    assert.equal(mina.url(), before);
  });

  it('UX 35 a person is a goal too, and a room open to all that one is not in', async () => {
    await jihun.keyboard.press('Control+k');
    await jihun.getByTestId('switcher-input').fill('미나');
    await until(
      'Mina',
      () => goals(jihun),
      ([first]) => first === '미나',
    );
    await jihun.keyboard.press('Enter');
    await title(jihun, '미나');
    assert.match(jihun.url(), /\/r\/d_/);
    await jihun.keyboard.press('Control+k');
    await jihun.getByTestId('switcher-input').fill('수다방');
    await until(
      'the open room',
      () => goals(jihun),
      ([first]) => first === '우리 수다방',
    );
    await jihun.keyboard.press('Enter');
    await title(jihun, '우리 수다방');
  });

  it('UX 36 Alt+↑ ↓ go through the rooms, Alt+Shift only through the unread ones, also from the box', async () => {
    await item(jihun, 'lobby').click();
    await title(jihun, 'Lobby');
    const order = await jihun.getByTestId('room-item').evaluateAll((all) => all.map((one) => one.getAttribute('data-room') ?? ''));
    const mine = order.filter((room) => room !== design);
    const here = () => new URL(jihun.url()).pathname.split('/').at(-1);
    await jihun.getByTestId('composer').focus();
    const start = mine.indexOf('lobby');
    await jihun.keyboard.press('Alt+ArrowDown');
    assert.equal(here(), mine[(start + 1) % mine.length]);
    await jihun.keyboard.press('Alt+ArrowUp');
    assert.equal(here(), 'lobby');
    await title(mina, '수다');
    await say(mina, '새 이야기');
    await item(jihun, suda).locator('.badge').waitFor();
    await jihun.keyboard.press('Alt+Shift+ArrowUp');
    assert.equal(here(), suda);
    await item(jihun, suda).locator('.badge').waitFor({ state: 'detached' });
    await jihun.keyboard.press('Alt+Shift+ArrowUp');
    assert.equal(here(), suda, 'nothing else is unread');
  });

  it('UX 36 ? tells the keys, and is a letter in the box', async () => {
    await jihun.getByTestId('composer').focus();
    await jihun.keyboard.type('who?');
    assert.equal(await jihun.getByTestId('composer').inputValue(), 'who?');
    await jihun.getByTestId('composer').fill('');
    await jihun.getByTestId('room-title').click();
    await jihun.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await jihun.keyboard.press('?');
    const help = jihun.getByTestId('help');
    await help.waitFor();
    assert.equal(await jihun.getByTestId('composer').inputValue(), '');
    assert.match(await help.innerText(), /Ctrl\s*K\s*Go to a room or a person/);
    await jihun.keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });

  it('UX 33 UX 34 a mention calls in the list, the title and the icon of every tab and device; read in one, it is gone in all within a second, and stays gone', async () => {
    await item(jihun, 'lobby').click();
    await title(jihun, 'Lobby');
    const tab = await jihun.context().newPage();
    await tab.goto(jihun.url());
    const state = await jihun.context().storageState();
    const device = await (await stage.browser.newContext({ storageState: state, locale: 'en-US' })).newPage();
    await device.goto(jihun.url());
    const pages = [tab, device];
    for (const page of pages) await page.getByTestId('composer').waitFor();
    const seen = (page: Page) =>
      page.evaluate((room) => {
        const of = document.querySelector<HTMLElement>(`[data-testid=room-item][data-room="${room}"]`);
        const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';
        const called = document.querySelector<HTMLElement>('[data-testid=show-mentions]')?.dataset.count;
        return [of?.dataset.unread, of?.dataset.mentions, called, /^\((\d+)\)/.exec(document.title)?.[1] ?? '0', icon.includes('dot')].join(
          ' ',
        );
      }, suda);
    await item(mina, suda).click();
    await title(mina, '수다방');
    await say(mina, '저기 @Jihun님, 이것 좀 봐 주세요');
    for (const page of [jihun, ...pages])
      await until(
        'it calls',
        () => seen(page),
        (it) => it === '1 1 1 1 true',
      );
    await mina.locator('[data-testid=message][data-mine]').last().waitFor();
    const pos = Number(await mina.locator('[data-testid=message]').last().getAttribute('data-pos'));
    await tab.bringToFront();
    await item(tab, suda).click();
    await title(tab, '수다방');
    await until(
      'read here',
      () => seen(tab),
      (it) => it === '0 0 0 0 false',
    );
    const began = Date.now();
    for (const page of [jihun, device])
      await until(
        'read there',
        () => seen(page),
        (it) => it === '0 0 0 0 false',
      );
    const took = Date.now() - began;
    assert.ok(took < 3_000, `${took} ms`);
    // None of these brings it back.
    await mina.locator(`[data-testid=message][data-pos="${pos}"]`).hover();
    await mina.locator(`[data-testid=message][data-pos="${pos}"] [data-testid=react]`).click();
    await mina.getByTestId('emoji').first().click();
    await tab.locator(`[data-pos="${pos}"] [data-testid=reaction]`).waitFor();
    for (const page of [jihun, device]) assert.equal(await seen(page), '0 0 0 0 false', 'after a reaction');
    await jihun.reload();
    await jihun.getByTestId('composer').waitFor();
    await item(jihun, suda).waitFor();
    assert.equal(await seen(jihun), '0 0 0 0 false', 'after a reload');
    await device.context().setOffline(true);
    await device.context().setOffline(false);
    await device.evaluate(() => dispatchEvent(new Event('online')));
    assert.equal(await seen(device), '0 0 0 0 false', 'after a broken connection');
    await Promise.all([tab.close(), device.context().close()]);
  });

  it('UX 33 a mention that is deleted before it was read calls no more', async () => {
    await item(jihun, 'lobby').click();
    await title(jihun, 'Lobby');
    await say(mina, '@Jihun 잠깐만');
    await until(
      'it calls',
      () => item(jihun, suda).getAttribute('data-mentions'),
      (it) => it === '1',
    );
    const last = mina.locator('[data-testid=message][data-mine]').last();
    await last.hover();
    await last.getByTestId('delete').click();
    await mina.getByTestId('confirm').click();
    await until(
      'it is gone',
      () => item(jihun, suda).getAttribute('data-mentions'),
      (it) => it === '0',
    );
    assert.equal(await jihun.getByTestId('show-mentions').getAttribute('data-count'), '0');
  });

  it('UX 37 what mentions and answers me is a list; each leads to its message', async () => {
    await jihun.getByTestId('show-mentions').click();
    const found = jihun.getByTestId('found');
    await found.first().waitFor();
    assert.match(await found.first().innerText(), /미나[\s\S]*우리 수다방[\s\S]*저기 @Jihun님/);
    const pos = await found.first().getAttribute('data-pos');
    await found.first().click();
    await jihun.locator(`[data-testid=message][data-pos="${pos}"]`).waitFor();
    assert.ok(jihun.url().endsWith(`/r/${suda}/${pos}`));
    await jihun.getByTestId('mentions').waitFor({ state: 'detached' });
  });

  it('UX 37 a muted room doesn’t count, nor show in the title; other tabs know', async () => {
    await item(jihun, suda).click();
    await jihun.getByTestId('show-level').click();
    await jihun.getByTestId('mute').check();
    await jihun.keyboard.press('Escape');
    await until(
      'muted',
      () => item(jihun, suda).getAttribute('data-muted'),
      (it) => it === 'true',
    );
    await item(jihun, 'lobby').click();
    await title(jihun, 'Lobby');
    await say(mina, '아무 말');
    await until(
      'unread',
      () => item(jihun, suda).getAttribute('data-unread'),
      (it) => it !== '0',
    );
    assert.doesNotMatch(await jihun.title(), /^\(/);
    await jihun.reload();
    await item(jihun, suda).waitFor();
    assert.equal(await item(jihun, suda).getAttribute('data-muted'), 'true');
    assert.equal(await jihun.locator(`[data-room="${suda}"] .badge.quiet`).count(), 1);
  });

  it('UX 36 Esc marks the room read, and first ends an answer', async () => {
    await item(jihun, suda).click();
    await title(jihun, '수다방');
    await jihun.getByTestId('composer').waitFor();
    const message = jihun.getByTestId('message').last();
    await message.hover();
    await message.getByTestId('reply').click();
    await jihun.getByTestId('reply-bar').waitFor();
    const focused = (here: boolean) =>
      jihun.evaluate((is) => {
        document.hasFocus = () => is;
        dispatchEvent(new Event(is ? 'focus' : 'blur'));
      }, here);
    await focused(false);
    await say(mina, 'while nobody looks');
    const unread = () => item(jihun, suda).getAttribute('data-unread');
    await until('unread', unread, (it) => it === '1');
    await jihun.keyboard.press('Escape');
    await jihun.getByTestId('reply-bar').waitFor({ state: 'detached' });
    assert.equal(await unread(), '1', 'the first one ends the answer');
    await jihun.keyboard.press('Escape');
    await until('read', unread, (it) => it === '0');
    await focused(true);
  });

  it('UX 38 회의 finds 회의는 and 내일회의자료, 上海 inside a sentence; a result leads there, highlighted', async () => {
    for (const text of ['회의는 세 시예요', '내일회의자료 올렸어요', '我明天去上海开会']) {
      await say(mina, text);
      await mina.getByTestId('text').filter({ hasText: text }).waitFor();
    }
    await mina.keyboard.press('Control+Shift+f');
    const box = mina.getByTestId('search-input');
    await box.waitFor();
    const results = mina.getByTestId('search-results');
    assert.match(await results.innerText(), /일부만/);
    const finds = async (q: string, count: number) => {
      await box.fill(q);
      return until(
        q,
        () => mina.locator('[data-testid=found] .said b').allInnerTexts(),
        (all) => all.length === count,
      );
    };
    assert.deepEqual(await finds('회의', 2), ['회의', '회의']);
    assert.deepEqual(await finds('上海', 1), ['上海']);
    await box.fill('🎉');
    await results.getByText('한 자 이상').waitFor();
    await box.fill('없는말입니다');
    await results.getByText('없었어요').waitFor();
    await finds('회의', 2);
    await box.press('Enter');
    assert.equal(await mina.evaluate(() => (document.activeElement as HTMLElement).dataset.testid), 'found');
    await mina.keyboard.press('ArrowDown');
    const pos = await mina.evaluate(() => (document.activeElement as HTMLElement).dataset.pos);
    await mina.keyboard.press('Enter');
    await mina.locator(`[data-testid=message][data-pos="${pos}"] .flash`).waitFor();
    await box.waitFor({ state: 'detached' });
  });
});
