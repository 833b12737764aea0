import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, noChromium } from './chromium.ts';

const lanes = ['polling', 'longPolling', 'sse', 'websocket', 'socketio'] as const;
type LaneName = (typeof lanes)[number];

const lane = (page: Page, name: LaneName): Locator => page.locator(`[data-testid=lane][data-lane=${name}]`);
const number = async (page: Page, name: LaneName, what: string): Promise<number> =>
  Number((await lane(page, name).getByTestId(what).textContent())?.replaceAll(',', ''));

/** What the page complains of: nothing, if all is well. */
const complaints: string[] = [];

async function visit(browser: Browser, url: string, locale: string, width = 1440): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.goto(url);
  return page;
}

const open = async (page: Page, which: readonly LaneName[] = lanes): Promise<void> => {
  for (const name of which) await page.locator(`[data-lane=${name}][data-state=open]`).waitFor();
};

async function say(page: Page, text: string): Promise<void> {
  await page.getByTestId('lab-text').fill(text);
  await page.getByTestId('lab-send').click();
}

const heard = (page: Page, name: LaneName, text: string): Locator => lane(page, name).getByTestId('texts').getByText(text, { exact: true });

/** Waits until these lanes show a text, and each of them once. */
async function allHear(page: Page, text: string, which: readonly LaneName[] = lanes): Promise<void> {
  for (const name of which) {
    await heard(page, name, text).waitFor();
    assert.equal(await heard(page, name, text).count(), 1, `${name}: once`);
  }
}

describe('the transport lab in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 180_000 }, () => {
  let server: ServerProcess;
  let browser: Browser;
  let mina: Page;

  before(async () => {
    server = await ServerProcess.start();
    browser = await launch();
    mina = await visit(browser, `${server.url}/lab`, 'ko-KR');
    await open(mina);
  });
  after(async () => {
    await browser?.close();
    await server?.remove();
  });

  it('P5 all five hear each message once, whichever way it was said', async () => {
    await say(mina, '하나');
    await allHear(mina, '하나');
    for (const way of ['websocket', 'socketio']) {
      await mina.locator(`[data-testid=lab-way] input[value=${way}]`).check();
      await say(mina, `by ${way}`);
      await allHear(mina, `by ${way}`);
    }
    await mina.locator('[data-testid=lab-way] input[value=http]').check();
    for (const name of lanes) {
      assert.equal(await number(mina, name, 'heard'), 3, name);
      assert.equal(await number(mina, name, 'missed'), 0, name);
      assert.equal(await number(mina, name, 'doubled'), 0, name);
    }
  });

  it('counts, plots and compares', async () => {
    for (const name of lanes) {
      assert.ok((await number(mina, name, 'requests')) >= 1, `${name} has asked`);
      for (const way of ['up', 'down']) assert.match((await lane(mina, name).getByTestId(way).textContent()) ?? '', /^[1-9][\d.,]* K?B$/);
      assert.equal(await lane(mina, name).getByTestId('plot').getAttribute('data-points'), '3', name);
      assert.match((await lane(mina, name).getByTestId('median').textContent()) ?? '', /\d m?s$/);
      for (const bar of ['bar-requests', 'bar-bytes', 'bar-latency'])
        assert.match((await mina.getByTestId(bar).locator(`[data-lane=${name}] .value`).textContent()) ?? '', /\d/, `${bar} of ${name}`);
    }
    // One handshake each, however much comes after it; Socket.IO began with polls and changed over.
    assert.equal(await number(mina, 'websocket', 'requests'), 1);
    assert.equal(await number(mina, 'sse', 'requests'), 1);
    assert.equal(await lane(mina, 'socketio').getAttribute('data-carrier'), 'websocket');
    assert.ok((await number(mina, 'longPolling', 'requests')) >= 4);
  });

  it('shows the real handshakes, without the cookie', async () => {
    const telling: Record<LaneName, RegExp[]> = {
      polling: [/GET \/v1\/poll\?/, /HTTP\/1\.1 200 OK/],
      longPolling: [/GET \/v1\/poll\?/, /HTTP\/1\.1 200 OK/],
      sse: [/text\/event-stream/, /retry: \d+/],
      websocket: [/Upgrade: websocket/i, /Sec-WebSocket-Key:/, /101 Switching Protocols/, /Sec-WebSocket-Accept:/, /suda\.v1/],
      socketio: [/transport=polling/, /transport=websocket/, /101 Switching Protocols/],
    };
    for (const name of lanes) {
      const handshake = lane(mina, name).getByTestId('handshake');
      await handshake.locator('summary').click();
      const text = (await handshake.innerText()).replaceAll('\n', ' ');
      for (const pattern of telling[name]) assert.match(text, pattern, name);
      assert.match(text, /cookie: … \(\d+ bytes\)/i, `${name}: blotted out`);
      await handshake.locator('summary').click();
    }
  });

  it('takes frames apart: raw beside decoded', async () => {
    const expected: Record<LaneName, [RegExp, RegExp]> = {
      polling: [/HTTP\/1\.1 200/, /cursor/],
      longPolling: [/HTTP\/1\.1 200/, /cursor/],
      sse: [/^event: message\nid: r\w+:\w+:\d+\ndata: \{/, /data\.clientId/],
      websocket: [/^\{"event":"message"/, /opcode\s*0x1 text/],
      socketio: [/^42\["message",/, /Socket\.IO\s*2 EVENT/],
    };
    for (const name of lanes) {
      const title = name === 'polling' || name === 'longPolling' ? /change/ : /^message$/;
      await lane(mina, name)
        .getByTestId('frame')
        .filter({ has: mina.locator('.title').getByText(title) })
        .first()
        .click();
      assert.match((await mina.getByTestId('frame-raw').textContent()) ?? '', expected[name][0], name);
      assert.match((await mina.getByTestId('frame-parts').innerText()) ?? '', expected[name][1], name);
      await mina.keyboard.press('Escape');
      await mina.getByTestId('frame-dialog').waitFor({ state: 'detached' });
    }
  });

  for (const name of lanes) {
    it(`P4 ${name}: cut and reconnected, it has missed nothing`, async () => {
      await lane(mina, name).getByTestId('cut').click();
      await mina.locator(`[data-lane=${name}][data-state=closed]`).waitFor();
      const others = lanes.filter((one) => one !== name);
      for (const n of [1, 2]) await say(mina, `without ${name} ${n}`);
      await allHear(mina, `without ${name} 2`, others);
      assert.equal(await heard(mina, name, `without ${name} 1`).count(), 0, 'what is cut hears nothing');
      await lane(mina, name).getByTestId('reconnect').click();
      await open(mina, [name]);
      for (const n of [1, 2]) await allHear(mina, `without ${name} ${n}`);
      assert.equal(await number(mina, name, 'missed'), 0);
      assert.equal(await number(mina, name, 'doubled'), 0);
    });
  }

  it('R5.5 a binary frame: the server closes with 1003, and says so', async () => {
    await lane(mina, 'websocket').getByTestId('provoke').click();
    await mina.locator('[data-lane=websocket][data-state=closed]').waitFor();
    assert.equal(await lane(mina, 'websocket').getByTestId('closing').getAttribute('data-code'), '1003');
    await lane(mina, 'websocket').getByTestId('reconnect').click();
    await open(mina, ['websocket']);
  });

  it('a broken line: a WebSocket sees 1006, an event stream and Socket.IO come back by themselves', async () => {
    for (const name of ['websocket', 'sse', 'socketio'] as const) {
      const requests = await number(mina, name, 'requests');
      await lane(mina, name).getByTestId('break').click();
      await lane(mina, name).getByTestId('closing').waitFor();
      if (name === 'websocket') {
        await mina.locator('[data-lane=websocket][data-state=closed]').waitFor();
        assert.equal(await lane(mina, name).getByTestId('closing').getAttribute('data-code'), '1006');
        await lane(mina, name).getByTestId('reconnect').click();
      }
      await mina.waitForFunction(
        ([of, before]) => Number(document.querySelector(`[data-lane=${of}] [data-testid=requests]`)?.textContent) > before,
        [name, requests] as const,
      );
      await open(mina, [name]);
    }
    await lane(mina, 'sse').getByTestId('handshake').getByText('Last-Event-ID').first().waitFor({ state: 'attached' });
    await say(mina, '다시 모두');
    await allHear(mina, '다시 모두');
    for (const name of lanes) assert.equal(await number(mina, name, 'missed'), 0, name);
  });

  it('R9.8 a packet of no known type: the server ends Socket.IO’s connection, which comes back', async () => {
    await lane(mina, 'socketio').getByTestId('provoke').click();
    await lane(mina, 'socketio').getByTestId('closing').getByText('transport close').waitFor();
    await open(mina, ['socketio']);
  });

  it('whoever opens the link hears the same room, in their own language', async () => {
    const jihun = await visit(browser, mina.url(), 'en-US', 1200);
    await open(jihun);
    assert.equal(await jihun.locator('html').getAttribute('lang'), 'en');
    await jihun.getByRole('heading', { name: 'Transport lab' }).waitFor();
    assert.equal(await mina.locator('html').getAttribute('lang'), 'ko');
    await mina.getByRole('heading', { name: '전송 실험실' }).waitFor();
    await say(jihun, 'hello class');
    await allHear(jihun, 'hello class');
    await allHear(mina, 'hello class');
    await jihun.context().close();
  });

  it('sends by itself, and stops', async () => {
    await mina.getByTestId('forget-all').click();
    const twenty = mina.locator('[data-testid=lab-rate] input[value="20"]');
    await twenty.check();
    await mina.waitForFunction(() => Number(document.querySelector('[data-lane=longPolling] [data-testid=heard]')?.textContent) >= 20);
    await mina.locator('[data-testid=lab-rate] input[value="0"]').check();
    await say(mina, '마지막');
    await allHear(mina, '마지막');
    const counts = await Promise.all(lanes.map((name) => number(mina, name, 'heard')));
    assert.deepEqual(new Set(counts).size, 1, `all have heard the same: ${counts}`);
    for (const name of lanes) {
      assert.equal(await number(mina, name, 'missed'), 0, name);
      assert.equal(await number(mina, name, 'doubled'), 0, name);
    }
  });

  it('a visitor of the chat stays who they are, and a reload stays in the room', async () => {
    const url = mina.url();
    const name = await mina.evaluate(() =>
      fetch('/v1/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }).then(
        async (answer) => (await answer.json()).user.name,
      ),
    );
    await mina.reload();
    await open(mina);
    assert.equal(mina.url(), url);
    await say(mina, '돌아왔어요');
    await allHear(mina, '돌아왔어요');
    assert.equal(await mina.locator('[data-lane=sse] [data-testid=texts] .text').first().getAttribute('title'), name);
  });

  for (const [width, locale] of [
    [360, 'ko-KR'],
    [768, 'en-US'],
    [1440, 'en-US'],
  ] as const) {
    it(`49 fits ${width} px, all of it reachable`, async () => {
      const page = await visit(browser, `${server.url}/lab`, locale, width);
      await open(page);
      const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.equal(beyond, 0, 'nothing is wider than the window');
      for (const name of lanes) {
        if (width < 1200) await page.locator(`nav .${name}`).click();
        await lane(page, name).getByTestId('cut').scrollIntoViewIfNeeded();
        assert.ok(await lane(page, name).getByTestId('cut').isVisible());
      }
      const clipped = await page.evaluate(() =>
        [...document.querySelectorAll('button, label, dd, h2')]
          .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1)
          .filter((element) => element.getAttribute('data-testid') !== 'frame')
          .map((element) => element.textContent?.trim()),
      );
      assert.deepEqual(clipped, [], '48 nothing is clipped');
      await page.context().close();
    });
  }

  it('the keyboard alone cuts and reconnects', async () => {
    const cut = lane(mina, 'sse').getByTestId('cut');
    await cut.focus();
    await mina.keyboard.press('Enter');
    const reconnect = lane(mina, 'sse').getByTestId('reconnect');
    await reconnect.waitFor();
    assert.ok(await reconnect.evaluate((element) => element === document.activeElement), 'the focus stays');
    await mina.keyboard.press('Enter');
    await open(mina, ['sse']);
  });

  it('the chat page leads here, and carries nothing of it', async () => {
    const context = await browser.newContext({ locale: 'en-US' });
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
    await page.goto(server.url);
    await page.getByTestId('name-input').fill('Sora');
    await page.getByTestId('name-submit').click();
    await page.getByTestId('settings').click();
    assert.deepEqual(
      loaded.filter((path) => path.includes('lab')),
      [],
    );
    await page.getByTestId('lab-link').click();
    await open(page);
    await say(page, 'from the chat');
    await heard(page, 'websocket', 'from the chat').waitFor();
    assert.equal(await page.locator('[data-lane=websocket] [data-testid=texts] .text').first().getAttribute('title'), 'Sora');
    await context.close();
  });

  it('nothing was complained of: no error, no breach of the content security policy', () => {
    // A line that we broke ourselves is the browser's to report.
    const ours = complaints.filter((text) => !/net::ERR_(INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION_RESET)/.test(text));
    assert.deepEqual(ours, []);
  });
});
