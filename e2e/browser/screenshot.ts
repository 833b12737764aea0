// Takes the README's picture from the running product: node e2e/browser/screenshot.ts
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../server-process.ts';
import { launch, say, visitor } from './chromium.ts';

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
  await mina.screenshot({ path: fileURLToPath(new URL('../../docs/chat.png', import.meta.url)) });
} finally {
  await browser.close();
  await server.remove();
}
