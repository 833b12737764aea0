import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { eventually, noChromium, say } from './chromium.ts';
import { last, twoSet } from './compositions/hangul.ts';
import { Replay } from './compositions/replay.ts';
import { Stage } from './stage.ts';

const reading = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text }).last();
const focused = (page: Page) =>
  page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.emoji ?? document.activeElement?.getAttribute('data-testid'));

describe('the emoji picker in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 120_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    await say(jihun, 'react to me');
    await eventually(mina, 'there is something to react to', (all) => all.includes('react to me'));
  });
  after(async () => {
    await stage?.close();
  });

  async function open(page: Page): Promise<Locator> {
    await reading(page, 'react to me').hover();
    await reading(page, 'react to me').getByTestId('react').click();
    const picker = page.getByTestId('emoji-picker');
    await picker.waitFor();
    return picker;
  }
  const reacted = (emoji: string) => reading(jihun, 'react to me').locator(`[data-testid=reaction][data-emoji="${emoji}"]`).waitFor();

  it('UX 15 emoji by keyboard: search as one types Korean, arrows into the grid, Enter', async () => {
    await open(mina);
    const replay = await Replay.of(mina);
    await replay.play([...twoSet('축하'), { do: 'taken', code: 'Enter' }]);
    assert.equal(await mina.getByTestId('emoji-picker').count(), 1, 'Enter in mid-composition is the method’s');
    await replay.play([{ do: 'end', text: last('축하') }]);
    await mina.locator('[data-testid=emoji][data-emoji="🎉"]').waitFor();
    await mina.keyboard.press('Enter');
    await reacted('🎉');
    assert.equal(await mina.getByTestId('emoji-picker').count(), 0);
  });

  it('UX 15 the grid by arrows; what was chosen last stands first; Esc goes back to the button', async () => {
    await open(mina);
    await mina.keyboard.press('ArrowDown');
    assert.equal(await focused(mina), '🎉', 'the latest is the first');
    await mina.keyboard.press('ArrowRight');
    const second = await focused(mina);
    assert.notEqual(second, '🎉');
    await mina.keyboard.press('ArrowLeft');
    await mina.keyboard.press('ArrowUp');
    assert.equal(await focused(mina), 'emoji-input');
    await mina.keyboard.press('Escape');
    assert.equal(await mina.getByTestId('emoji-picker').count(), 0);
    assert.equal(await focused(mina), 'react');
  });

  it('any emoji may be typed; a kind may be leafed through; on a phone the picker stays within the window', async () => {
    await open(mina);
    await mina.getByTestId('emoji-input').fill('🫠');
    await mina.keyboard.press('Enter');
    await reacted('🫠');
    const phone = await stage.guest('소라', { viewport: { width: 360, height: 740 } });
    const picker = await open(phone);
    await picker.getByRole('button', { name: '음식', exact: true }).click();
    const apple = picker.locator('[data-emoji="🍎"]');
    await apple.scrollIntoViewIfNeeded();
    const at = await picker.boundingBox();
    assert.ok(at && at.x >= 0 && at.x + at.width <= 360 && at.y >= 0 && at.y + at.height <= 740, JSON.stringify(at));
    await apple.click();
    await reacted('🍎');
  });
});
