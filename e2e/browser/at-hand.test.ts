import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { Stage } from './stage.ts';

const withText = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text });

async function boxOf(thing: Locator) {
  const box = await thing.boundingBox();
  assert.ok(box, `${thing}`);
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
}

describe('what is at hand beside a message', { skip: noChromium ?? false, concurrency: 1, timeout: 180_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  let phone: Page;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    phone = await stage.guest('소라', { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  });
  after(() => stage?.close());

  it('UX 24 the exact time of the very last message is seen whole, in bubbles and lines, on a desk and a phone', async () => {
    await say(jihun, 'The last word');
    for (const density of ['bubbles', 'lines'])
      for (const page of [mina, phone]) {
        await page.evaluate((density) => localStorage.setItem('suda.density', density), density);
        await page.reload();
        const message = withText(page, 'The last word');
        await (page === phone ? message.tap() : message.hover());
        const [exact, timeline] = [await boxOf(message.getByTestId('exact-time')), await boxOf(page.getByTestId('timeline'))];
        const where = `${density}, ${page === phone ? 'phone' : 'desk'}: ${JSON.stringify(exact)}`;
        assert.ok(exact.bottom <= timeline.bottom && exact.y >= timeline.y, where);
        assert.ok(exact.x >= timeline.x && exact.right <= timeline.right, where);
      }
    for (const page of [mina, phone]) {
      await page.evaluate(() => localStorage.removeItem('suda.density'));
      await page.reload();
    }
  });

  it('UX 49 on a phone, what copies code stands beside it, however long its lines are', async () => {
    await say(jihun, `\`\`\`\nnpm start -- ${'--and-so-on '.repeat(12)}\n\`\`\``);
    const code = withText(phone, 'npm start').getByTestId('code');
    await code.waitFor();
    const [lines, button] = [await boxOf(code.locator('pre')), await boxOf(code.getByTestId('copy-code'))];
    assert.ok(button.x >= lines.right - 0.5, `code to ${lines.right}, button from ${button.x}`);
    assert.ok(button.width >= 44 && button.height >= 36, 'a finger finds it');
  });

  it('UX 32 one’s own message is made unread too', async () => {
    await say(mina, '나중에 다시 볼 말');
    const own = withText(mina, '나중에 다시 볼 말').and(mina.locator('[data-state=sent]'));
    await own.hover();
    await own.getByTestId('mark-unread').click();
    await mina.locator('[data-testid=room-item][data-room=lobby][data-unread="1"]').waitFor();
    await mina.reload();
    await mina.locator('[data-testid=room-item][data-room=lobby][data-unread="0"]').waitFor();
  });

  it('UX 32 33 a whisper is made unread in its direct room, on my other devices too, until one comes back', async () => {
    const tab = await mina.context().newPage();
    await tab.goto(new URL('/r/lobby', mina.url()).href);
    const heard = withText(jihun, '나중에 다시 볼 말');
    await heard.hover();
    await heard.getByTestId('whisper').click();
    await jihun.keyboard.type('Between us');
    await jihun.keyboard.press('Enter');
    const whisper = withText(mina, 'Between us');
    await whisper.waitFor();
    const direct = (page: Page, unread: number) =>
      page.locator(`[data-testid=room-item][data-unread="${unread}"]:not([data-room=lobby])`).filter({ hasText: 'Jihun' });
    await direct(mina, 0).waitFor();
    await whisper.hover();
    await whisper.getByTestId('mark-unread').click();
    for (const page of [mina, tab]) await direct(page, 1).waitFor();
    await tab.close();
    await mina.reload();
    await direct(mina, 0).waitFor();
  });

  it('UX 35 whoever has just come to the lobby is found from a direct room', async () => {
    await mina.keyboard.press('Control+k');
    await mina.getByTestId('switcher-input').fill('Jihun');
    await mina.getByTestId('goal').filter({ hasText: 'Jihun' }).first().click();
    await mina.getByTestId('room-title').filter({ hasText: 'Jihun' }).waitFor();
    await mina.keyboard.press('Control+k');
    await mina.getByTestId('switcher-input').waitFor();
    await mina.keyboard.press('Escape');
    await stage.guest('하람');
    await mina.locator('[data-testid=room-item][data-room=lobby]').getByText('하람', { exact: false }).waitFor();
    await mina.keyboard.press('Control+k');
    await mina.getByTestId('switcher-input').fill('하람');
    await mina.locator('[data-testid=goal]:not([data-goal=search])').filter({ hasText: '하람' }).waitFor();
  });
});
