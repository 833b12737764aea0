import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { Stage } from './stage.ts';

/** Puts it into the box as it is, line breaks and all, and sends it. */
async function write(page: Page, text: string): Promise<void> {
  await page.getByTestId('composer').fill(text);
  await page.getByTestId('composer').press('Enter');
}
const last = (page: Page): Locator => page.getByTestId('message').last();
/** The message in which this is read. */
const reading = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text }).last();

describe('text of messages in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 240_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  const policy: string[] = [];

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    for (const page of [mina, jihun])
      page.on('console', (message) => /Content Security Policy/iu.test(message.text()) && policy.push(message.text()));
  });
  after(async () => {
    await stage?.close();
  });

  it('Text: Markdown becomes elements, Korean particles and faces stay', async () => {
    await write(mina, '**강조**는 *기울임*을 ~~취소~~된 `코드`를 [여기](https://example.org/a)에서 ^_^ 3~5시 마음~');
    const text = reading(jihun, '강조').getByTestId('text');
    await text.waitFor();
    assert.equal(await text.textContent(), '강조는 기울임을 취소된 코드를 여기에서 ^_^ 3~5시 마음~');
    for (const [tag, inside] of [
      ['strong', '강조'],
      ['em', '기울임'],
      ['s', '취소'],
      ['code', '코드'],
      ['a', '여기'],
    ] as const)
      assert.equal(await text.locator(tag).textContent(), inside);
    assert.equal(await text.locator('a').getAttribute('href'), 'https://example.org/a');
    assert.equal(await text.locator('a').getAttribute('rel'), 'noopener noreferrer');
  });

  it('Text: HTML is text, and no address of another kind is a link', async () => {
    const hostile =
      '<img src=x onerror="window.got=1"><script>window.got=1</script> [x](javascript:window.got=1) <a href="javascript:1">y</a>';
    await write(mina, hostile);
    const text = reading(jihun, 'onerror').getByTestId('text');
    assert.equal(await text.textContent(), hostile);
    assert.equal(await text.locator('*').count(), 0);
    assert.equal(await jihun.evaluate(() => 'got' in window), false);
  });

  it('Text: a link that says another address shows where it leads', async () => {
    await write(mina, '[bank.example](https://evil.example/login)');
    await reading(jihun, 'bank.example').getByTestId('link-host').waitFor();
    assert.equal(await reading(jihun, 'bank.example').getByTestId('text').textContent(), 'bank.example (evil.example)');
  });

  it('Text: code is coloured without a style of its own, copied whole, and scrolls inside its bubble, also at 360 px', async () => {
    const code = `const greeting = "안녕";\nconst long = ${Array.from({ length: 40 }, (_, i) => `value${i}`).join(' + ')};`;
    await write(mina, `\`\`\`ts\n${code}\n\`\`\``);
    const small = await stage.guest('소라', { viewport: { width: 360, height: 740 } });
    for (const page of [jihun, small]) {
      const block = last(page).getByTestId('code');
      await block.locator('.keyword').first().waitFor();
      assert.equal(await block.locator('pre').textContent(), code);
      const {
        inside,
        outside,
        page: wide,
      } = await block.locator('pre').evaluate((pre) => ({
        inside: pre.scrollWidth > pre.clientWidth,
        outside: pre.getBoundingClientRect().right <= innerWidth,
        page:
          document.documentElement.scrollWidth <= innerWidth &&
          (document.querySelector('[data-testid=timeline]')?.scrollWidth ?? 0) <= innerWidth,
      }));
      assert.ok(inside && outside && wide, JSON.stringify({ inside, outside, wide }));
      assert.equal(await block.locator('pre').getAttribute('tabindex'), '0', 'what scrolls is reached by the Tab key');
    }
    await jihun.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await last(jihun).getByTestId('code').hover();
    await last(jihun).getByTestId('copy-code').click();
    assert.equal(await jihun.evaluate(() => navigator.clipboard.readText()), code);
    await small.context().close();
  });

  it('Text: quotes, lists and line breaks look like them', async () => {
    await write(mina, '> 몇 시예요?\n3시예요\n\n- 자료\n- 발표\n1. 첫째');
    const text = reading(jihun, '몇 시예요?').getByTestId('text');
    assert.equal(await text.locator('blockquote').textContent(), '몇 시예요?');
    assert.deepEqual(await text.locator('li').allTextContents(), ['• 자료', '• 발표', '1. 첫째']);
  });

  it('Text: what is read aloud, listed and quoted has no marks', async () => {
    await write(mina, '**중요** `npm test`');
    await jihun.waitForFunction(() => document.querySelector('[data-testid=announcer]')?.textContent === '미나: 중요 npm test');
    assert.match((await jihun.getByTestId('room-item').first().textContent()) ?? '', /미나: 중요 npm test/);
    await reading(jihun, 'npm test').hover();
    await reading(jihun, 'npm test').getByTestId('reply').click();
    await say(jihun, 'noted');
    assert.match((await reading(mina, 'noted').getByTestId('quote').textContent()) ?? '', /중요 npm test/);
  });

  it('UX 23 emoji only stays large', async () => {
    await write(mina, '🎉🎉');
    const size = async (text: string) =>
      Number.parseFloat(
        await reading(jihun, text)
          .getByTestId('text')
          .evaluate((node) => getComputedStyle(node).fontSize),
      );
    await reading(jihun, '🎉🎉').waitFor();
    assert.ok((await size('🎉🎉')) > 2 * (await size('noted')));
  });

  it('Text: a room by name and an address of this server lead there without leaving the page', async () => {
    await write(mina, `#Lobby 와 #로비에서, ${stage.server.url}/r/lobby 그리고 #없는방`);
    const links = reading(jihun, '없는방').getByTestId('room-link');
    await links.nth(2).waitFor();
    assert.deepEqual(await links.allTextContents(), ['#Lobby', '#로비', '#Lobby']);
    await jihun.evaluate(() => Object.assign(window, { same: true }));
    await links.nth(1).click();
    assert.equal(await jihun.evaluate(() => 'same' in window), true);
    assert.match(jihun.url(), /\/r\/lobby$/);
  });

  it('Text: nothing of all this met the content security policy', () => {
    assert.deepEqual(policy, []);
  });
});
