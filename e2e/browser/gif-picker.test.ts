import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { FakeProvider } from '../wire/gif-provider.ts';
import { gif, png } from '../wire/pictures.ts';
import { noChromium, say } from './chromium.ts';
import { last, twoSet } from './compositions/hangul.ts';
import { Replay } from './compositions/replay.ts';
import { Stage } from './stage.ts';

const picker = (page: Page) => page.getByTestId('gif-picker');
const tiles = (page: Page) => picker(page).getByTestId('gif');
const tile = (page: Page, words: string) => picker(page).getByRole('button', { name: words, exact: true });
const pictures = (page: Page) => page.getByTestId('message').getByTestId('picture');
/** How the tile that has the focus is called; null when none has. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.closest('[data-testid=gif]')?.getAttribute('aria-label') ?? null);

async function search(page: Page, words: string): Promise<void> {
  await page.getByTestId('gif-search').fill(words);
}

describe('UX 44 the GIF picker in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let provider: FakeProvider;
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  /** Every address that a page asked for. */
  const asked: string[] = [];

  before(async () => {
    provider = await FakeProvider.start();
    stage = await Stage.open(['--gif-provider', 'giphy', '--gif-key', 'k', '--gif-url', provider.url]);
    ({ mina, jihun } = stage);
    for (const page of [mina, jihun]) page.on('request', (request) => asked.push(request.url()));
  });
  after(async () => {
    await stage?.close();
    await provider?.stop();
  });

  it('44 says what it is for while there is nothing, and gives a GIF of one’s own to everyone, with words', async () => {
    await mina.getByTestId('gif-button').click();
    await picker(mina).getByText('아직 GIF가 없어요').waitFor();
    await mina.getByTestId('gif-file').setInputFiles({ name: 'IMG_1.png', mimeType: 'image/png', buffer: await png() });
    await mina.getByTestId('gif-add-submit').click();
    await mina.getByTestId('gif-add').getByText('움직이지 않는 그림').waitFor();
    await mina.getByTestId('gif-add').getByRole('button', { name: '취소' }).click();
    for (const [words, frames] of [
      ['춤추는 고양이', 3],
      ['졸린 강아지', 4],
      ['신난 오리 happy duck', 5],
    ] as const) {
      await mina
        .getByTestId('gif-file')
        .setInputFiles({ name: 'x.gif', mimeType: 'image/gif', buffer: await gif(frames, 150, 120, 60 + frames * 9) });
      await mina.getByTestId('gif-words').fill(words);
      await mina.getByTestId('gif-words').press('Enter');
      await tile(mina, words).waitFor();
    }
    await mina.keyboard.press('Escape');
    await picker(mina).waitFor({ state: 'detached' });
    assert.equal(await mina.getByTestId('composer').evaluate((box) => box === document.activeElement), true);
  });

  it('44 another opens it by a key, searches as they type, and sends one by keyboard, in answer to a message; what they write stays', async () => {
    await say(mina, '고양이 보여 줘');
    const message = jihun.getByTestId('message').filter({ hasText: '고양이 보여 줘' });
    await message.hover();
    await message.getByTestId('reply').click();
    await jihun.getByTestId('composer').fill('half a sentence');
    await jihun.keyboard.press('Control+g');
    await picker(jihun).waitFor();
    await tiles(jihun).nth(2).waitFor();
    await jihun.keyboard.insertText('고양');
    await tile(jihun, '졸린 강아지').waitFor({ state: 'detached' });
    await jihun.keyboard.press('ArrowDown');
    assert.equal(await focused(jihun), '춤추는 고양이');
    const uploads = asked.filter((url) => url.includes('/v1/files?')).length;
    await jihun.keyboard.press('Enter');
    await picker(jihun).waitFor({ state: 'detached' });
    for (const page of [jihun, mina]) {
      const said = page.getByTestId('message').filter({ has: page.getByTestId('picture') });
      await said.getByTestId('quote').getByText('고양이 보여 줘').waitFor();
      await said.locator('[data-testid=picture][data-state=there]').waitFor();
    }
    assert.equal(asked.filter((url) => url.includes('/v1/files?')).length, uploads, 'nothing was uploaded');
    assert.equal(await jihun.getByTestId('composer').inputValue(), 'half a sentence');
    assert.equal(await jihun.getByTestId('reply-bar').count(), 0);
    await jihun.getByTestId('composer').fill('');
  });

  it('44 arrows go through the grid and back to the box; Enter in the box takes the first; Escape gives the focus back', async () => {
    await jihun.keyboard.press('Control+g');
    await jihun.locator('[data-testid=gif-results][data-state=there]').waitFor();
    await picker(jihun).getByText('Sent last').waitFor();
    await tiles(jihun).nth(2).waitFor();
    const names = await tiles(jihun).evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
    await jihun.keyboard.press('ArrowDown');
    assert.equal(await focused(jihun), names[0]);
    await jihun.keyboard.press('ArrowRight');
    assert.equal(await focused(jihun), names[1]);
    await jihun.keyboard.press('End');
    assert.equal(await focused(jihun), names.at(-1));
    await jihun.keyboard.press('Home');
    await jihun.keyboard.press('ArrowUp');
    assert.equal(await jihun.getByTestId('gif-search').evaluate((box) => box === document.activeElement), true);
    await jihun.keyboard.press('ArrowDown');
    await jihun.keyboard.press('d');
    assert.equal(await jihun.getByTestId('gif-search').inputValue(), 'd', 'typing goes on in the box');
    await jihun.keyboard.press('Escape');
    assert.equal(await jihun.getByTestId('composer').evaluate((box) => box === document.activeElement), true);
    const before = await pictures(mina).count();
    await jihun.keyboard.press('Control+g');
    await search(jihun, 'duck');
    await tile(jihun, '졸린 강아지').waitFor({ state: 'detached' });
    await jihun.getByTestId('gif-search').press('Enter');
    await mina.waitForFunction((n) => document.querySelectorAll('[data-testid=message] [data-testid=picture]').length === n, before + 1);
  });

  it('12 44 the Enter that ends a composition picks nothing, and its arrows and Escape stay with it', async () => {
    await mina.getByTestId('gif-button').click();
    await tiles(mina).first().waitFor();
    const before = await pictures(mina).count();
    const replay = await Replay.of(mina);
    await replay.play([...twoSet('강'), { do: 'commit', text: last('강'), code: 'Enter' }]);
    await tile(mina, '춤추는 고양이').waitFor({ state: 'detached' });
    assert.equal(await picker(mina).count(), 1);
    assert.equal(await pictures(mina).count(), before);
    assert.equal(await mina.getByTestId('gif-search').inputValue(), '강');
    await mina.keyboard.press('Escape');
  });

  it('45 a tile moves under the mouse and the focus, and stands still otherwise and under reduced motion', async () => {
    await jihun.keyboard.press('Control+g');
    const duck = tile(jihun, '졸린 강아지');
    await duck.waitFor();
    const source = async () => new URL((await duck.locator('img').getAttribute('src')) ?? '').search;
    assert.equal(await source(), '?size=poster');
    await duck.hover();
    assert.equal(await source(), '');
    await jihun.getByTestId('gif-search').hover();
    assert.equal(await source(), '?size=poster');
    await duck.focus();
    assert.equal(await source(), '');
    await jihun.emulateMedia({ reducedMotion: 'reduce' });
    await jihun.waitForFunction(() => document.activeElement?.getAttribute('data-plays') === 'false');
    assert.equal(await source(), '?size=poster');
    await jihun.emulateMedia({ reducedMotion: null });
    await jihun.keyboard.press('Escape');
  });

  it('44 what a provider finds comes through the server alone, says whose it is, and is sent as a file of ours', async () => {
    await jihun.keyboard.press('Control+g');
    await search(jihun, 'wave');
    const found = jihun.getByTestId('gif-found');
    await found.waitFor();
    assert.equal(await jihun.getByTestId('gif-credit').textContent(), 'Powered by GIPHY');
    const before = await pictures(mina).count();
    await tile(jihun, 'wave 1').click();
    await mina.waitForFunction((n) => document.querySelectorAll('[data-testid=message] [data-testid=picture]').length === n, before + 1);
    await pictures(mina).last().getByText('GIPHY').waitFor();
    assert.deepEqual(
      asked.filter((url) => url.startsWith(provider.url)),
      [],
      'no browser asked the provider for anything',
    );
  });

  it('44 while the provider doesn’t answer, the library goes on, and the picker says so quietly', async () => {
    provider.status = 500;
    await jihun.keyboard.press('Control+g');
    await search(jihun, 'happy');
    await jihun.getByTestId('gif-outage').waitFor();
    await tile(jihun, '신난 오리 happy duck').waitFor();
    assert.equal(await jihun.getByTestId('toasts').getByRole('alert').count(), 0);
    await jihun.keyboard.press('Escape');
    provider.status = 200;
  });

  it('44 one’s own can be taken out again, for everyone; messages keep it', async () => {
    const before = await pictures(jihun).count();
    await mina.getByTestId('gif-button').click();
    await tile(mina, '졸린 강아지').focus();
    await mina.keyboard.press('Delete');
    await mina.getByTestId('confirm').click();
    await tile(mina, '졸린 강아지').waitFor({ state: 'detached' });
    await mina.keyboard.press('Escape');
    await jihun.keyboard.press('Control+g');
    await tile(jihun, '신난 오리 happy duck').waitFor();
    assert.equal(await tile(jihun, '졸린 강아지').count(), 0);
    assert.equal(await jihun.getByTestId('gif-remove').count(), 0, 'not those of others');
    await jihun.keyboard.press('Escape');
    assert.equal(await pictures(jihun).count(), before);
  });

  it('2 a GIF chosen while the line is broken waits in its place, and arrives once', async () => {
    await mina.getByTestId('gif-button').click();
    await tile(mina, '춤추는 고양이').waitFor();
    const before = await pictures(jihun).count();
    stage.proxy.mute = true;
    await tile(mina, '춤추는 고양이').click();
    await mina.locator('[data-testid=message][data-state=pending] [data-testid=picture]').waitFor();
    stage.proxy.cut();
    stage.proxy.mute = false;
    await jihun.waitForFunction((n) => document.querySelectorAll('[data-testid=message] [data-testid=picture]').length > n, before);
    await mina.locator('[data-testid=message][data-state=pending]').waitFor({ state: 'detached' });
    assert.equal(await pictures(jihun).count(), before + 1);
  });
});
