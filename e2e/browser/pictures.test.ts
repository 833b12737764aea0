import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import type { ServerProcess } from '../server-process.ts';
import { gif, png } from '../wire/pictures.ts';
import { kept, noChromium, say } from './chromium.ts';
import type { FaultyProxy } from './faulty-proxy.ts';
import { give } from './hands.ts';
import { Stage } from './stage.ts';

const message = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const there = (page: Page, count: number) =>
  page.waitForFunction((n) => document.querySelectorAll('[data-testid=picture][data-state=there]').length >= n, count);

describe('pictures in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let stage: Stage;
  let server: ServerProcess;
  let proxy: FaultyProxy;
  let mina: Page;
  let jihun: Page;

  before(async () => {
    stage = await Stage.open();
    ({ server, proxy, mina, jihun } = stage);
  });
  after(() => stage?.close());

  it('16 a picture is pasted, files are dropped anywhere; each can be taken out again before it goes', async () => {
    const picture = { name: 'shot.png', type: 'image/png', bytes: await png(120, 90) };
    await give(mina, 'paste', '[data-testid=composer]', [picture]);
    await mina.locator('[data-testid=tray-item] img').waitFor();
    await give(mina, 'dragenter', 'body', [picture]);
    await mina.getByTestId('drop-zone').waitFor();
    await give(mina, 'drop', 'body', [
      { name: '노트.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n%%EOF') },
      { name: 'twice.png', type: 'image/png', bytes: await png(50, 50) },
    ]);
    await mina.getByTestId('drop-zone').waitFor({ state: 'detached' });
    assert.equal(await mina.getByTestId('tray-item').count(), 3);
    await mina.getByTestId('tray-remove').nth(2).click();
    assert.equal(await mina.getByTestId('tray-item').count(), 2);
    await mina.getByTestId('send').click();
    assert.equal(await mina.getByTestId('tray-item').count(), 0);
    const card = jihun.getByTestId('file-card');
    await card.waitFor();
    assert.match((await card.getAttribute('aria-label')) ?? '', /노트\.pdf, 14 bytes/);
    await there(jihun, 1);
  });

  it('46 what is too much is said before it goes anywhere', async () => {
    await give(
      jihun,
      'paste',
      '[data-testid=composer]',
      Array.from({ length: 12 }, (_, i) => ({ name: `${i}.txt`, type: 'text/plain', bytes: Buffer.from('x') })),
    );
    await jihun.getByText('At most 10 files in one message.').waitFor();
    assert.equal(await jihun.getByTestId('tray-item').count(), 10);
    while ((await jihun.getByTestId('tray-item').count()) > 0) await jihun.getByTestId('tray-remove').first().click();
    await jihun.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(21 * 1024 * 1024)], 'film.mp4', { type: 'video/mp4' }));
      document
        .querySelector('[data-testid=composer]')
        ?.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    });
    await jihun.getByText('film.mp4 is too large').waitFor();
    assert.equal(await jihun.getByTestId('tray-item').count(), 0);
  });

  it('27 a picture has its place from the first frame, and shows blurred until it has come', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await jihun.route('**/v1/files/*', async (route) => {
      await held;
      await route.continue();
    });
    await mina.getByTestId('file-input').setInputFiles({ name: 'wide.png', mimeType: 'image/png', buffer: await png(300, 150) });
    await say(mina, '넓은 사진');
    await say(mina, '그 아래');
    const picture = message(jihun, '넓은 사진').getByTestId('picture');
    await picture.waitFor();
    await message(jihun, '그 아래').waitFor();
    const place = async () => ({ picture: await picture.boundingBox(), below: await message(jihun, '그 아래').boundingBox() });
    const before = await place();
    assert.equal(await picture.getAttribute('data-state'), 'coming');
    assert.match(
      await picture.locator('[data-testid=blur]').evaluate((blur) => getComputedStyle(blur).backgroundImage),
      /^url\("data:image\/webp/,
    );
    release();
    await message(jihun, '넓은 사진').locator('[data-testid=picture][data-state=there]').waitFor();
    assert.deepEqual(await place(), before);
    assert.deepEqual([before.picture?.width, before.picture?.height], [300, 150]);
    await jihun.unroute('**/v1/files/*');
  });

  it('45 a GIF moves and can be stopped; under reduced motion it stands still and can be started', async () => {
    await mina.getByTestId('file-input').setInputFiles({ name: 'dance.gif', mimeType: 'image/gif', buffer: await gif(3, 100, 90, 60) });
    await say(mina, '춤');
    const dance = (page: Page) => message(page, '춤').getByTestId('picture');
    const address = async (page: Page) => new URL((await dance(page).locator('img').getAttribute('src')) ?? '').search;
    await dance(jihun).waitFor();
    assert.deepEqual([await dance(jihun).getAttribute('data-playing'), await address(jihun)], ['true', '']);
    await dance(jihun).getByTestId('picture-play').click();
    assert.deepEqual([await dance(jihun).getAttribute('data-playing'), await address(jihun)], ['false', '?size=poster']);
    await jihun.emulateMedia({ reducedMotion: 'reduce' });
    await jihun.reload();
    await dance(jihun).waitFor();
    assert.deepEqual([await dance(jihun).getAttribute('data-playing'), await address(jihun)], ['false', '?size=poster']);
    await dance(jihun).getByTestId('picture-play').click();
    assert.equal(await address(jihun), '');
    await jihun.emulateMedia({ reducedMotion: null });
  });

  it('47 the viewer goes by keyboard: Enter opens, arrows step, Escape closes and gives the focus back', async () => {
    const open = message(jihun, '춤').getByTestId('picture-open');
    await open.focus();
    await jihun.keyboard.press('Enter');
    await jihun.getByTestId('viewer').waitFor();
    const name = () => jihun.getByTestId('viewer-name').textContent();
    assert.equal(await name(), 'dance.gif');
    await jihun.keyboard.press('ArrowRight');
    assert.equal(await name(), 'dance.gif', 'it is the last');
    await jihun.keyboard.press('ArrowLeft');
    assert.equal(await name(), 'wide.png');
    await jihun.keyboard.press('ArrowLeft');
    assert.equal(await name(), 'shot.png');
    await jihun.keyboard.press('Escape');
    await jihun.getByTestId('viewer').waitFor({ state: 'detached' });
    assert.equal(await open.evaluate((button) => button === document.activeElement), true);
  });

  it('17 what the server can’t read is said at the message, and the files can be had back', async () => {
    await mina
      .getByTestId('file-input')
      .setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: (await png(200, 200)).subarray(0, 70) });
    await mina.getByTestId('tray-retry').waitFor();
    await say(mina, '깨진 사진');
    await mina.locator('[data-testid=message][data-state=failed]').waitFor();
    assert.match((await mina.getByTestId('failed-reason').textContent()) ?? '', /읽을 수 없는/);
    await mina.getByTestId('restore').click();
    assert.equal(await mina.getByTestId('composer').inputValue(), '깨진 사진');
    await mina.getByTestId('tray-remove').click();
    await mina.getByTestId('composer').fill('');
  });

  it('7 17 a message with a picture survives a broken line and a reload, and arrives once', async () => {
    proxy.mute = true;
    await mina.getByTestId('file-input').setInputFiles({ name: 'kept.png', mimeType: 'image/png', buffer: await png(80, 60, '#2f5fb3') });
    await say(mina, '새로고침을 넘어');
    await mina.locator('[data-testid=message][data-state=pending]').filter({ hasText: '새로고침을 넘어' }).waitFor();
    await kept(mina, '새로고침을 넘어');
    proxy.cut();
    proxy.mute = false;
    await mina.reload();
    await message(jihun, '새로고침을 넘어').getByTestId('picture').waitFor({ timeout: 40_000 });
    await mina.locator('[data-testid=message][data-state=sent]').filter({ hasText: '새로고침을 넘어' }).waitFor();
    assert.equal(await message(jihun, '새로고침을 넘어').count(), 1);
  });

  it('17 a message can be given up while its files go up', async () => {
    await mina.route('**/v1/files?*', () => {});
    await mina.getByTestId('file-input').setInputFiles({ name: 'never.png', mimeType: 'image/png', buffer: await png(70, 70) });
    await say(mina, '안 보낼래');
    await message(mina, '안 보낼래').getByTestId('upload-cancel').click();
    await message(mina, '안 보낼래').waitFor({ state: 'detached' });
    await mina.unroute('**/v1/files?*');
    await say(mina, '다음 말');
    await message(jihun, '다음 말').waitFor();
    assert.equal(await message(jihun, '안 보낼래').count(), 0);
  });

  it('10 what was chosen in a room is still there when one comes back to it', async () => {
    await jihun.getByTestId('file-input').setInputFiles({ name: 'later.png', mimeType: 'image/png', buffer: await png(44, 44) });
    await jihun.getByTestId('tray-item').waitFor();
    await jihun.getByTestId('member').filter({ hasText: 'Jihun' }).getByRole('button').first().click();
    await jihun.getByTestId('direct').click();
    await jihun.getByTestId('room-title').filter({ hasText: 'Notes to myself' }).waitFor();
    assert.equal(await jihun.getByTestId('tray-item').count(), 0);
    await jihun.goBack();
    await jihun.getByTestId('tray-item').waitFor();
    await jihun.getByTestId('tray-remove').click();
  });

  it('46 no script of an upload runs: a page called a GIF, a GIF that is also a page, an SVG', async () => {
    const script = '<script>document.title = "ran"; parent.ran = true</script>';
    const polyglot = Buffer.concat([await gif(2), Buffer.from(`-->${script}`)]);
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.ran = true</script><rect width="9" height="9"/></svg>';
    const addresses = await jihun.evaluate(
      async (list) => {
        const upload = async (bytes: number[]): Promise<string> => {
          const answer = await fetch('/v1/files?name=a.html', {
            method: 'POST',
            body: new Uint8Array(bytes),
            headers: { 'content-type': 'text/html' },
          });
          return `/v1/files/${((await answer.json()) as { id: string }).id}`;
        };
        return Promise.all(list.map(upload));
      },
      [polyglot, Buffer.from(`<!doctype html>${script}`), Buffer.from(svg)].map((bytes) => [...bytes]),
    );
    for (const address of addresses) {
      const tab = await jihun.context().newPage();
      // What is a download is no page: going there fails, and that is fine.
      await tab.goto(server.url + address).catch(() => {});
      assert.notEqual(await tab.title(), 'ran');
      await tab.close();
      const ran = await jihun.evaluate(async (url) => {
        const frame = document.createElement('iframe');
        const script = document.createElement('script');
        const over = (element: HTMLElement) => new Promise((done) => ['load', 'error'].map((name) => element.addEventListener(name, done)));
        const refused = over(script);
        script.src = frame.src = url;
        document.body.append(script, frame);
        await refused;
        frame.remove();
        script.remove();
        return 'ran' in window;
      }, address);
      assert.equal(ran, false);
    }
  });

  it('30 a deleted message takes its pictures along', async () => {
    const last = message(mina, '새로고침을 넘어');
    await last.hover();
    await last.getByTestId('delete').click();
    await mina.getByTestId('confirm').click();
    await message(jihun, '새로고침을 넘어').waitFor({ state: 'detached' });
    await jihun.locator('[data-testid=message][data-deleted]').waitFor();
    assert.equal(await jihun.locator('[data-deleted] [data-testid=picture]').count(), 0);
  });
});
