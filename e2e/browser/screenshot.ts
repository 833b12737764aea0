// Takes the pictures of README and docs from the running product: node e2e/browser/screenshot.ts
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { ServerProcess } from '../server-process.ts';
import { launch, say, visitor } from './chromium.ts';

const picture = (name: string): string => fileURLToPath(new URL(`../../docs/${name}.png`, import.meta.url));

/** The transport lab after forty messages, one of its handshakes unfolded. */
async function showLab(page: Page): Promise<void> {
  await page.goto(`${server.url}/lab`);
  for (const name of ['polling', 'longPolling', 'sse', 'websocket', 'socketio'])
    await page.locator(`[data-lane=${name}][data-state=open]`).waitFor();
  await page.locator('[data-lane=socketio][data-carrier=websocket]').waitFor();
  await page.locator('[data-testid=lab-rate] input[value="5"]').check();
  const heard = (n: number): Promise<unknown> =>
    page.waitForFunction(
      (least) => [...document.querySelectorAll('dd[data-testid=heard]')].every((dd) => Number(dd.textContent) >= least),
      n,
    );
  await heard(40);
  await page.locator('[data-testid=lab-rate] input[value="0"]').check();
  for (const text of ['안녕하세요!', 'Who is fastest?', 'Hello, class']) {
    await page.getByTestId('lab-text').fill(text);
    await page.getByTestId('lab-send').click();
    await page.locator('[data-lane=polling] [data-testid=texts]').getByText(text).waitFor();
  }
  await page.screenshot({ path: picture('lab'), fullPage: true });
}

const server = await ServerProcess.start();
const browser = await launch();
try {
  const mina = await visitor(browser, server.url, '미나', 'ko-KR');
  const jihun = await visitor(browser, server.url, 'Jihun', 'en-US');
  const sora = await visitor(browser, server.url, '소라', 'ko-KR');
  await say(mina, '안녕하세요! 오늘 저녁 7시 회의실 예약했어요.');
  await say(jihun, 'Great, thank you! I will bring the projector.');
  await say(jihun, 'Is https://example.org/plan the latest plan?');
  await say(sora, '네 맞아요 👍');
  await say(sora, '🎉🎉');
  await say(mina, '회의자료는 오늘 밤까지 올릴게요. 다들 한 번씩 읽어 주세요.');
  const message = jihun.getByTestId('message').filter({ hasText: '회의자료' }).first();
  await message.hover();
  await message.getByTestId('react').click();
  await jihun.getByTestId('emoji').first().click();
  await message.hover();
  await message.getByTestId('reply').click();
  await say(jihun, 'Will do.');
  await mina.getByTestId('message').filter({ hasText: 'Will do.' }).waitFor();
  await mina.locator('[data-testid=reaction]').first().waitFor();
  await mina.setViewportSize({ width: 1200, height: 740 });
  await mina.screenshot({ path: picture('chat') });
  await showLab(await (await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } })).newPage());
} finally {
  await browser.close();
  await server.remove();
}
