import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { devices, type Page } from 'playwright-core';
import { eventually, kept, noChromium, say, texts } from './chromium.ts';
import { Stage } from './stage.ts';

const count = (list: readonly string[], text: string): number => list.filter((one) => one === text).length;
const mine = (page: Page, text: string) => page.getByTestId('message').filter({ hasText: text });
const sent = (page: Page, text: string) => page.locator('[data-testid=message][data-state=sent]').filter({ hasText: text }).waitFor();

/** How a message looks: what tells a person how it stands. */
const look = (page: Page, text: string): Promise<string> =>
  mine(page, text).evaluate((message) => {
    const parts = [message, ...message.querySelectorAll<HTMLElement>('*')].map((part) => {
      const { opacity, color, backgroundColor } = getComputedStyle(part);
      return `${part.tagName} ${opacity} ${color} ${backgroundColor}`;
    });
    return JSON.stringify([parts, (message.textContent ?? '').replace(/\d+/g, '')]);
  });

describe('sending', { skip: noChromium ?? false, concurrency: 1, timeout: 400_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
  });
  after(() => stage?.close());
  beforeEach(async () => {
    stage.proxy.down = false;
    stage.proxy.mute = false;
    for (const page of [mina, jihun]) await page.getByTestId('composer').fill('');
  });

  it('2 3 pending, sent and failed look different; Retry says the same message, under the same clientId', async () => {
    stage.proxy.mute = true;
    await say(mina, '모양');
    await mina.locator('[data-testid=message][data-state=pending]').filter({ hasText: '모양' }).waitFor();
    const pending = await look(mina, '모양');
    stage.proxy.cut();
    stage.proxy.mute = false;
    await sent(mina, '모양');
    const done = await look(mina, '모양');
    assert.notEqual(pending, done);

    // Refused while she is not in the room: the owner has just sent her away, and takes her back.
    const owner = await stage.server.guest('방장');
    const { body: room } = await stage.server.call<{ id: string }>('POST', '/v1/rooms', { name: '문', kind: 'public' }, owner.token);
    await mina.goto(new URL(`/r/${room.id}`, mina.url()).href);
    await mina.getByTestId('composer').waitFor();
    const me = String(
      await mina
        .locator('[data-testid=member]')
        .first()
        .getAttribute('data-user')
        .catch(() => null),
    );
    assert.match(me, /^u/);
    stage.proxy.down = true;
    stage.proxy.cut();
    await say(mina, '거절될 말');
    const clientId = await mine(mina, '거절될 말').getAttribute('data-client-id');
    await stage.server.call('POST', `/v1/rooms/${room.id}/kick`, { user: me }, owner.token);
    stage.proxy.down = false;
    // She stands outside now, and is told so; what she said is not lost.
    await mina.getByTestId('doorstep').waitFor({ timeout: 20_000 });
    await stage.server.call('POST', `/v1/rooms/${room.id}/invite`, { user: me }, owner.token);
    const failed = mina.locator('[data-testid=message][data-state=failed]').filter({ hasText: '거절될 말' });
    await failed.waitFor({ timeout: 20_000 });
    assert.notEqual(await look(mina, '거절될 말'), done);
    assert.notEqual(await look(mina, '거절될 말'), pending);
    await mina.getByTestId('retry').click();
    await sent(mina, '거절될 말');
    assert.equal(await mine(mina, '거절될 말').getAttribute('data-client-id'), clientId);
    const { body } = await stage.server.call<{ messages: { text: string; clientId?: string }[] }>(
      'GET',
      `/v1/rooms/${room.id}/messages`,
      undefined,
      owner.token,
    );
    assert.deepEqual(
      body.messages.filter(({ text }) => text === '거절될 말').map((message) => message.clientId),
      [clientId],
    );
    await mina.goto(new URL('/r/lobby', mina.url()).href);
    await mina.getByTestId('composer').waitFor();
  });

  it('3 a failed message can be deleted, and leaves nothing', async () => {
    await mina.getByTestId('composer').fill('삭'.repeat(4_001));
    await mina.keyboard.press('Enter');
    const failed = mina.locator('[data-testid=message][data-state=failed]');
    await failed.waitFor();
    await mina.getByTestId('discard').click();
    await failed.waitFor({ state: 'detached' });
    await mina.reload();
    await mina.getByTestId('composer').waitFor();
    await say(mina, '삭제한 다음');
    await sent(mina, '삭제한 다음');
    assert.equal(await failed.count(), 0);
  });

  it('7 a reload in the very moment after Enter, without a network: it still goes, once', async () => {
    for (let i = 0; i < 5; i += 1) {
      stage.proxy.down = true;
      stage.proxy.cut();
      await mina.getByTestId('composer').fill(`그 순간 ${i}`);
      // Enter, and the page is gone before its disk has taken anything.
      await mina.evaluate(() => {
        IDBObjectStore.prototype.put = () => {
          throw new DOMException('not yet', 'AbortError');
        };
        document
          .querySelector('[data-testid=composer]')
          ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
        location.reload();
      });
      await mina.waitForEvent('load', { timeout: 10_000 }).catch(() => {});
      stage.proxy.down = false;
      if (!(await mina.getByTestId('composer').isVisible())) await mina.reload();
      await eventually(jihun, `it arrives, the ${i + 1}. time`, (list) => list.includes(`그 순간 ${i}`), 30_000);
      await sent(mina, `그 순간 ${i}`);
      assert.equal(count(await texts(jihun), `그 순간 ${i}`), 1);
      assert.equal(count(await texts(mina), `그 순간 ${i}`), 1);
    }
  });

  it('8 two tabs with one outbox: what one said offline goes once, in order, and both show it', async () => {
    const other = await mina.context().newPage();
    await other.goto(mina.url());
    await other.getByTestId('composer').waitFor();
    stage.proxy.down = true;
    stage.proxy.cut();
    for (let i = 0; i < 4; i += 1) await say(i % 2 === 0 ? mina : other, `두 탭 ${i}`);
    await kept(mina, '두 탭 3');
    stage.proxy.down = false;
    await eventually(jihun, 'all four', (list) => list.filter((text) => text.startsWith('두 탭')).length >= 4, 30_000);
    for (const page of [mina, other])
      await eventually(page, 'both tabs', (list) => list.filter((text) => text.startsWith('두 탭')).length === 4, 30_000);
    const heard = (await texts(jihun)).filter((text) => text.startsWith('두 탭'));
    assert.equal(new Set(heard).size, 4);
    assert.equal(heard.length, 4);
    for (const [a, b] of [
      ['두 탭 0', '두 탭 2'],
      ['두 탭 1', '두 탭 3'],
    ] as const)
      assert.ok(heard.indexOf(a) < heard.indexOf(b), 'each tab’s own order');
    assert.deepEqual(
      (await texts(mina)).filter((text) => text.startsWith('두 탭')),
      heard,
    );
    await other.close();
  });

  it('8 the tab that said it is closed before it went: the other sends it', async () => {
    const other = await mina.context().newPage();
    await other.goto(mina.url());
    await other.getByTestId('composer').waitFor();
    stage.proxy.down = true;
    stage.proxy.cut();
    await say(other, '닫힌 탭의 말');
    await kept(other, '닫힌 탭의 말');
    await other.close();
    stage.proxy.down = false;
    await eventually(jihun, 'it arrives', (list) => list.includes('닫힌 탭의 말'), 30_000);
    assert.equal(count(await texts(jihun), '닫힌 탭의 말'), 1);
  });

  it('10 each room keeps its own draft, over a reload; signing out shows it to nobody else', async () => {
    const sora = await stage.guest('소라');
    await sora.getByTestId('composer').fill('로비 초안');
    await sora.getByTestId('create-room').click();
    await sora.getByTestId('room-name').fill('초안 방');
    await sora.getByTestId('room-submit').click();
    await sora.waitForURL(/\/r\/r/);
    assert.equal(await sora.getByTestId('composer').inputValue(), '');
    await sora.getByTestId('composer').fill('초안 방의 초안');
    await sora.locator('[data-testid=room-item][data-room=lobby]').click();
    await sora.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value === '로비 초안');
    await sora.reload();
    await sora.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value === '로비 초안');
    await sora.getByTestId('settings').click();
    await sora.getByTestId('sign-out').click();
    await sora.getByTestId('confirm').click();
    await sora.getByTestId('name-input').fill('다른 사람');
    await sora.getByTestId('name-submit').click();
    await sora.getByTestId('composer').waitFor();
    assert.equal(await sora.getByTestId('composer').inputValue(), '');
    await sora.context().close();
  });

  it('1 4 on a phone the button sends, once, however fast it is touched', async () => {
    const phone = await stage.guest('전화', { ...devices['Pixel 7'], locale: 'ko-KR' });
    await phone.getByTestId('composer').fill('손가락으로');
    for (let i = 0; i < 3; i += 1) await phone.getByTestId('send').tap();
    await say(jihun, 'seen on the phone');
    await eventually(phone, 'what follows', (list) => list.includes('seen on the phone'));
    assert.equal(count(await texts(jihun), '손가락으로'), 1);
    await phone.context().close();
  });
});

describe('sending too fast', { skip: noChromium ?? false, concurrency: 1, timeout: 200_000 }, () => {
  it('9 the outbox waits as long as it is told, and everything arrives once and in order', async (context) => {
    const stage = await Stage.open(['--rate', '2']);
    context.after(() => stage.close());
    const all = Array.from({ length: 26 }, (_, i) => `빠르게 ${i}`);
    for (const text of all) await say(stage.mina, text);
    await eventually(stage.jihun, 'all of them', (list) => list.includes('빠르게 25'), 60_000);
    assert.deepEqual(
      (await texts(stage.jihun)).filter((text) => text.startsWith('빠르게')),
      all,
    );
    assert.equal(await stage.mina.locator('[data-testid=message][data-state=failed]').count(), 0);
  });
});
