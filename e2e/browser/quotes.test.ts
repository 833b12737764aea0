import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { joined } from './history.ts';
import { Stage } from './stage.ts';

const saying = (page: Page, text: string): Locator =>
  page
    .getByTestId('message')
    .filter({ has: page.getByTestId('text').filter({ hasText: text }) })
    .last();

/** Resolves when it is inside of what is seen of the timeline. */
const seen = (page: Page, pos: number): Promise<unknown> =>
  page.waitForFunction((wanted) => {
    const box = document.querySelector('[data-testid=timeline]')?.getBoundingClientRect();
    const one = document.querySelector(`[data-testid=message][data-pos="${wanted}"]`)?.getBoundingClientRect();
    return box !== undefined && one !== undefined && one.top >= box.top && one.bottom <= box.bottom;
  }, pos);

/** With much that is unread one comes in at its beginning: this goes on to its end. */
async function toEnd(page: Page): Promise<void> {
  await page.getByTestId('message').first().waitFor();
  await page
    .getByTestId('new-pill')
    .or(page.getByTestId('to-latest'))
    .or(page.locator('[data-testid=timeline][data-at-end=true]'))
    .first()
    .waitFor();
  const there = page.locator('[data-testid=timeline][data-at-end=true]');
  if ((await there.count()) === 0) await page.getByTestId('new-pill').or(page.getByTestId('to-latest')).first().click();
  await there.waitFor();
}

/** Looks out in the page for the highlight of a message, which is short. It is there when its colour is another than that of the message below */
const highlight = (page: Page, pos: number): Promise<() => Promise<void>> =>
  page
    .evaluate((wanted) => {
      const ground = (of: number, bubble: string) => {
        const found = document.querySelector(`[data-testid=message][data-pos="${of}"] ${bubble}`);
        return found ? getComputedStyle(found).backgroundColor : '';
      };
      const lit = new Promise<void>((resolve) => {
        const look = () => {
          const colour = ground(wanted, '.bubble.flash');
          const below = ground(wanted + 1, '.bubble');
          if (colour !== '' && colour !== below) resolve();
          else requestAnimationFrame(look);
        };
        look();
      });
      Object.assign(window, { lit });
    }, pos)
    .then(() => () => page.evaluate(() => (window as unknown as { lit: Promise<void> }).lit));

describe('quotes', { skip: noChromium ?? false, concurrency: 1, timeout: 300_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  let sora: { id: string; token: string };
  /** Where the message of long ago stands. */
  let pos = 0;

  const tell = async (text: string, more: object = {}): Promise<number> => {
    const body = { clientId: crypto.randomUUID(), text, ...more };
    const answer = await stage.server.call<{ pos: number }>('POST', '/v1/rooms/lobby/messages', body, sora.token);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return answer.body.pos;
  };

  before(async () => {
    stage = await Stage.open(['--rate', '0']);
    ({ mina, jihun } = stage);
    sora = await joined(stage.server, '소라');
    pos = await tell('오래전에 한 말');
    for (let i = 1; i <= 150; i++) await tell(`그 사이 ${i}`);
    // What follows is seen with a window of its own, which does not reach back so far.
    for (const page of [mina, jihun]) {
      await page.reload();
      await toEnd(page);
      await saying(page, '그 사이 150').waitFor();
    }
  });
  after(() => stage?.close());

  it('UX 20 a quote shows whom and what it answers; it leads there, far above too, and the message flashes', async () => {
    await tell('이제야 답해요', { replyTo: pos });
    const quote = saying(mina, '이제야 답해요').getByTestId('quote');
    await quote.getByText('오래전에 한 말').waitFor();
    assert.match((await quote.textContent()) ?? '', /소라/);
    assert.equal(await mina.locator(`[data-testid=message][data-pos="${pos}"]`).count(), 0, 'it is far above');
    const lit = await highlight(mina, pos);
    await quote.click();
    await lit();
    await seen(mina, pos);
    await mina.locator('.flash').waitFor({ state: 'detached' });
  });

  it('UX 20 42 a line that breaks while it is asked what a quote says delays it, and no more', async () => {
    const dami = await stage.guest('다미', { serviceWorkers: 'block' });
    let broken = 0;
    await dami.routeWebSocket(/\/v1\/ws/, (socket) => {
      const server = socket.connectToServer();
      socket.onMessage((frame) => {
        const asks = String(frame).includes('"message.list"') && String(frame).includes(`"around":${pos},"limit":1`);
        if (!asks || broken > 0) return server.send(frame);
        broken += 1;
        return socket.close({ code: 4501 });
      });
    });
    await dami.reload();
    await toEnd(dami);
    await saying(dami, '이제야 답해요').getByTestId('quote').getByText('오래전에 한 말').waitFor();
    assert.equal(broken, 1);
    await dami.context().close();
  });

  it('UX 20 39 by keyboard, and where nothing moves, also from now on, it leads there, is highlighted, and has the focus', async () => {
    const quote = saying(jihun, '이제야 답해요').getByTestId('quote');
    for (const [reducedMotion, anew] of [
      ['reduce', true],
      [null, true],
      ['reduce', false],
      [null, false],
    ] as const) {
      await jihun.emulateMedia({ reducedMotion });
      if (anew) await jihun.reload();
      await toEnd(jihun);
      await quote.getByText('오래전에 한 말').waitFor();
      const lit = await highlight(jihun, pos);
      await quote.press('Enter');
      await lit();
      await seen(jihun, pos);
      // Who came by keyboard goes on from there.
      await jihun.locator(`[data-testid=message][data-pos="${pos}"]`).and(jihun.locator(':focus')).waitFor();
    }
  });

  it('UX 30 what is read out to a screen reader goes with its message', async () => {
    await toEnd(jihun);
    const words = '잘못 보낸 말';
    const alone = await tell(words);
    await jihun.getByTestId('announcer').getByText(words).waitFor({ state: 'attached' });
    assert.equal((await stage.server.call('DELETE', `/v1/rooms/lobby/messages/${alone}`, undefined, sora.token)).status, 200);
    await jihun.locator(`[data-testid=message][data-pos="${alone}"][data-deleted]`).waitFor();
    assert.equal((await jihun.content()).includes(words), false);
  });

  it('UX 30 a deleted message leaves nothing of its text: not quoted below, not quoted from far above, not while one answers it', async () => {
    const secret = '비밀번호는 사과나무';
    for (const page of [mina, jihun]) {
      await page.reload();
      await toEnd(page);
    }
    const near = await tell(secret);
    await tell('가까이서 답해요', { replyTo: near });
    const far = saying(mina, '이제야 답해요').getByTestId('quote');
    await far.getByText('오래전에 한 말').waitFor();
    await saying(mina, '가까이서 답해요').getByTestId('quote').getByText(secret).waitFor();
    // She is about to answer it.
    const message = saying(mina, secret);
    await message.focus();
    await message.getByTestId('reply').press('Enter');
    await mina.getByTestId('reply-bar').getByText(secret).waitFor();
    for (const gone of [near, pos]) {
      const { status } = await stage.server.call('DELETE', `/v1/rooms/lobby/messages/${gone}`, undefined, sora.token);
      assert.equal(status, 200);
    }
    await saying(mina, '가까이서 답해요').getByTestId('quote').getByText('삭제된 메시지').waitFor();
    await far.getByText('삭제된 메시지').waitFor();
    await mina.getByTestId('reply-bar').getByText('삭제된 메시지').waitFor();
    for (const text of ['가까이서 답해요', '이제야 답해요']) await saying(jihun, text).getByTestId('quote').getByText('deleted').waitFor();
    for (const page of [mina, jihun]) {
      const html = await page.content();
      for (const words of [secret, '오래전에 한 말']) assert.equal(html.includes(words), false, words);
    }
    await say(mina, '그래도 답해요');
    await saying(mina, '그래도 답해요').getByTestId('quote').getByText('삭제된 메시지').waitFor();
  });
});
