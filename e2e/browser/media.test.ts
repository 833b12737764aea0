import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { hollowVideo, video, wav } from '../wire/media.ts';
import { gif } from '../wire/pictures.ts';
import { kept, noChromium, say } from './chromium.ts';
import { Stage } from './stage.ts';

const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });

/** Asks again and again until it holds. */
async function until(what: string, holds: () => boolean | Promise<boolean>, within = 20_000): Promise<void> {
  const end = Date.now() + within;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${within} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

interface File {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

async function show(page: Page, text: string, ...files: File[]): Promise<void> {
  await page.getByTestId('file-input').setInputFiles(files);
  for (let i = 0; i < files.length; i++) await page.locator('[data-testid=tray-item][data-done=true]').nth(i).waitFor();
  await say(page, text);
}

describe('videos, sounds and uploads in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  /** The names of all files that the server keeps, and of those that are on their way to it. */
  const contents = () => names(join(stage.server.folder, 'files')).filter((name) => /^[0-9a-f]{64}$/.test(name));
  const incoming = () => names(join(stage.server.folder, 'files', 'incoming'));
  const names = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
  });
  after(() => stage?.close());

  it('27 a video has its place before any of it has come; one seeks in it, and only parts of it are fetched', async () => {
    const film = await video(jihun);
    const answers: { status: number; range: string | undefined }[] = [];
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await jihun.route('**/v1/files/*', async (route) => {
      await held;
      await route.continue();
    });
    jihun.on('response', (response) => {
      if (/\/v1\/files\/f/.test(response.url())) answers.push({ status: response.status(), range: response.request().headers().range });
    });
    await show(mina, '영상이에요', { name: '바다.webm', mimeType: 'video/webm', buffer: film });
    await say(mina, '그 아래');
    const card = message(jihun, '영상이에요').getByTestId('video');
    await card.waitFor();
    await message(jihun, '그 아래').waitFor();
    const place = async () => ({ card: await card.boundingBox(), below: await message(jihun, '그 아래').boundingBox() });
    const before = await place();
    assert.equal(await card.getAttribute('data-state'), 'coming');
    assert.match((await card.locator('video').getAttribute('aria-label')) ?? '', /바다\.webm.*0:10/);
    release();
    await message(jihun, '영상이에요').locator('[data-testid=video][data-state=there]').waitFor();
    assert.deepEqual(await place(), before);
    await jihun.unroute('**/v1/files/*');
    const at = await card.locator('video').evaluate(
      (element: HTMLVideoElement) =>
        new Promise<{ time: number; width: number; duration: number }>((resolve) => {
          element.onseeked = () => resolve({ time: element.currentTime, width: element.videoWidth, duration: element.duration });
          element.currentTime = 8.5;
        }),
    );
    assert.ok(Math.abs(at.time - 8.5) < 0.2, `at ${at.time}`);
    assert.deepEqual([at.width, Math.round(at.duration)], [320, 10]);
    assert.ok(answers.length > 0 && answers.every(({ status, range }) => range === undefined || status === 206), JSON.stringify(answers));
    await card.locator('video').evaluate((element: HTMLVideoElement) => {
      element.muted = true;
      return element.play();
    });
    await until('it plays on', () => card.locator('video').evaluate((element: HTMLVideoElement) => element.currentTime > 8.6));
  });

  it('27 a sound says how long it is before any of it has come, is heard, and sought in', async () => {
    const asked: string[] = [];
    jihun.on('request', (request) => asked.push(request.url()));
    await show(mina, '들어 봐요', { name: '노래.wav', mimeType: 'audio/wav', buffer: wav(30) });
    const card = message(jihun, '들어 봐요').getByTestId('audio');
    await card.getByText('0:30').waitFor();
    const source = (await card.locator('audio').getAttribute('src')) ?? '';
    assert.equal(asked.includes(source), false, 'nothing is fetched until it is to be heard');
    const time = await card.locator('audio').evaluate(
      (element: HTMLAudioElement) =>
        new Promise<number>((resolve, reject) => {
          element.muted = true;
          element.onseeked = () => resolve(element.currentTime);
          element.onplaying = () => {
            element.onplaying = null;
            element.currentTime = 25;
          };
          element.play().catch(reject);
        }),
    );
    assert.ok(time >= 25, `at ${time}`);
  });

  it('46 a film that can’t be played is a file to save, and one that is none is not taken for one', async () => {
    await show(mina, '깨진 영상', { name: 'broken.webm', mimeType: 'video/webm', buffer: await hollowVideo('webm') });
    await message(jihun, '깨진 영상').getByTestId('file-card').waitFor();
    await show(mina, '가짜', { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from('<script>parent.ran = 1</script>') });
    await message(jihun, '가짜').getByTestId('file-card').waitFor();
    assert.equal(await message(jihun, '가짜').getByTestId('video').count(), 0);
  });

  it('45 a GIF stands still while it is off the screen, and moves again when it is back', async () => {
    await show(mina, '춤춰요', { name: 'dance.gif', mimeType: 'image/gif', buffer: await gif(4, 120, 200, 160) });
    const dance = message(jihun, '춤춰요').getByTestId('picture');
    await dance.waitFor();
    const source = async () => new URL((await dance.locator('img').getAttribute('src')) ?? '').search;
    await until('it moves', async () => (await dance.getAttribute('data-moving')) === 'true');
    assert.equal(await source(), '');
    // Pushed out of the window rather than scrolled out of the timeline's: what is far away may not be there at all.
    await jihun.setViewportSize({ width: 1200, height: 800 });
    await dance.evaluate((element) => {
      element.style.translate = '0 -4000px';
    });
    await until('it stands still', async () => (await dance.getAttribute('data-moving')) === 'false');
    assert.equal(await source(), '?size=poster');
    assert.equal(await dance.getAttribute('data-playing'), 'true', 'nobody stopped it');
    await dance.evaluate((element) => {
      element.style.translate = '';
    });
    await until('it moves again', async () => (await dance.getAttribute('data-moving')) === 'true');
    assert.equal(await source(), '');
  });

  it('45 46 enlarged too, a GIF stands still under reduced motion until it is started; the button says how much may be sent', async () => {
    await jihun.emulateMedia({ reducedMotion: 'reduce' });
    await message(jihun, '춤춰요').getByTestId('picture-open').click();
    const source = async () => new URL((await jihun.getByTestId('viewer').locator('img').getAttribute('src')) ?? '').search;
    assert.equal(await source(), '?size=poster');
    await jihun.getByTestId('viewer-play').click();
    assert.equal(await source(), '');
    await jihun.keyboard.press('Escape');
    await jihun.getByTestId('viewer').waitFor({ state: 'detached' });
    await jihun.emulateMedia({ reducedMotion: null });
    assert.match((await jihun.getByTestId('attach').getAttribute('title')) ?? '', /up to 10, 21 MB each/);
  });

  it('17 the line breaks in the middle of an upload: it goes up again by itself, and the message arrives once', async () => {
    const before = contents().length;
    stage.proxy.uploadsStopAt = 200_000;
    await mina
      .getByTestId('file-input')
      .setInputFiles({ name: 'big.bin', mimeType: 'application/octet-stream', buffer: randomBytes(3_000_000) });
    await say(mina, '끊긴 업로드');
    await until('some of it is on the server', () => incoming().length > 0);
    stage.proxy.cut();
    stage.proxy.uploadsStopAt = null;
    await message(jihun, '끊긴 업로드').getByTestId('file-card').waitFor({ timeout: 40_000 });
    await mina.locator('[data-testid=message][data-state=sent]').filter({ hasText: '끊긴 업로드' }).waitFor();
    assert.equal(await message(jihun, '끊긴 업로드').count(), 1);
    await until('nothing half is left', () => incoming().length === 0);
    assert.equal(contents().length, before + 1);
  });

  it('7 17 the tab is closed in the middle of an upload: the next one that is opened sends it, once', async () => {
    const before = contents().length;
    const [context, address] = [mina.context(), mina.url()];
    const tab = await context.newPage();
    await tab.goto(address);
    await tab.getByTestId('composer').waitFor();
    await mina.close();
    stage.proxy.uploadsStopAt = 200_000;
    await tab
      .getByTestId('file-input')
      .setInputFiles({ name: 'tab.bin', mimeType: 'application/octet-stream', buffer: randomBytes(2_000_000) });
    await say(tab, '닫힌 탭에서');
    await kept(tab, '닫힌 탭에서');
    await until('some of it is on the server', () => incoming().length > 0);
    await tab.close();
    stage.proxy.uploadsStopAt = null;
    await until('what was half there is gone', () => incoming().length === 0, 40_000);
    mina = await context.newPage();
    await mina.goto(address);
    await message(jihun, '닫힌 탭에서').getByTestId('file-card').waitFor({ timeout: 40_000 });
    await message(mina, '닫힌 탭에서').waitFor();
    assert.equal(await message(jihun, '닫힌 탭에서').count(), 1);
    assert.equal(contents().length, before + 1);
  });

  it('17 given up in the middle, before sending or after, it leaves nothing behind', async () => {
    const before = contents().length;
    stage.proxy.uploadsStopAt = 200_000;
    const file = (name: string) => ({ name, mimeType: 'application/octet-stream', buffer: randomBytes(2_000_000) });
    await mina.getByTestId('file-input').setInputFiles(file('tray.bin'));
    await until('some of it is on the server', () => incoming().length > 0);
    await mina.getByTestId('tray-remove').click();
    await until('it is gone', () => incoming().length === 0);
    await mina.getByTestId('file-input').setInputFiles(file('said.bin'));
    await say(mina, '그만둘래');
    await until('some of it is on the server', () => incoming().length > 0);
    await message(mina, '그만둘래').getByTestId('upload-cancel').click();
    await message(mina, '그만둘래').waitFor({ state: 'detached' });
    await until('it is gone', () => incoming().length === 0);
    stage.proxy.uploadsStopAt = null;
    await say(mina, '다음 말');
    await message(jihun, '다음 말').waitFor();
    assert.equal(await message(jihun, '그만둘래').count(), 0);
    assert.equal(contents().length, before);
  });
});
