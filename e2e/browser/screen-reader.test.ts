import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium, say } from './chromium.ts';
import { tabTo } from './keyboard.ts';
import { ScreenReader } from './screen-reader.ts';
import { Stage } from './stage.ts';

const moment = /(?:\d{4}\. \d+\. \d+\. |\p{L}{3} \d+, \d{4}, )?(?:(?:오전|오후) )?\d+:\d+(?::\d+)?(?:\s[AP]M)?/gu;
/** Without what is another at every run. */
const timeless = (pieces: readonly string[]): string[] => pieces.map((piece) => piece.replaceAll(moment, 'TIME'));

describe('47 what a screen reader says', { skip: noChromium ?? false, concurrency: 1, timeout: 180_000 }, () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(['--link-previews', 'off']);
    for (let i = 0; i < 5; i++) await say(stage.mina, `before ${i}`);
    await stage.jihun.getByTestId('message').filter({ hasText: 'before 4' }).waitFor();
  });
  after(() => stage?.close());

  const story = async (page: Page, other: Page, words: { first: string; answer: string }) => {
    const transcript: string[] = [];
    const note = (what: string, pieces: readonly string[]) => transcript.push(`${what}: ${timeless(pieces).join(' | ')}`);
    await page.reload();
    await page.getByTestId('message').filter({ hasText: 'before 4' }).waitFor();
    const reader = await ScreenReader.open(page);
    note('arrives', await reader.announced());
    note('focus', await reader.reads());
    await say(other, words.first);
    note('hears', await reader.hears());
    await tabTo(page, '[data-testid=message]', 'Shift+Tab');
    note('message', await reader.reads());
    await tabTo(page, '[data-testid=reply]');
    note('focus', await reader.reads());
    await page.keyboard.press('Enter');
    await page.getByTestId('reply-bar').waitFor();
    note('focus', await reader.reads());
    await page.keyboard.type(words.answer);
    await page.keyboard.press('Enter');
    const answered = page.locator('[data-testid=message][data-mine=true][data-state=sent]').filter({ hasText: words.answer });
    await answered.waitFor();
    // The other one has read it.
    await answered.getByTestId('not-read').waitFor({ state: 'detached' });
    await tabTo(page, '[data-testid=message]', 'Shift+Tab');
    note('message', await reader.reads());
    note('hears', await reader.announced());
    return transcript;
  };

  it('47 in Korean: a message comes, is read and answered', async () => {
    assert.deepEqual(await story(stage.mina, stage.jihun, { first: 'Shall we **meet** at 7?', answer: '좋아요' }), [
      'arrives: ',
      'focus: 메시지, edit',
      'hears: Jihun: Shall we meet at 7?',
      'message: Jihun, TIME (article) | Shall we | meet | at 7? | TIME, link | 이 메시지로 할 수 있는 일 (group) | 반응, button | 답장, button | 귓속말, button | 복사, button | 이 메시지의 링크 복사, button | 여기부터 안 읽음으로, button',
      'focus: 답장, button',
      'focus: 메시지, edit, Jihun님에게 답장 Shall we meet at 7?',
      'message: 나, TIME (article) | Jihun Shall we meet at 7?, button | 좋아요 | TIME, link | 이 메시지로 할 수 있는 일 (group) | 반응, button | 답장, button | 수정, button | 복사, button | 이 메시지의 링크 복사, button | 여기부터 안 읽음으로, button | 삭제, button',
      'hears: ',
    ]);
  });

  it('47 in English', async () => {
    assert.deepEqual(await story(stage.jihun, stage.mina, { first: '내일 봐요', answer: 'See you' }), [
      'arrives: ',
      'focus: Message, edit',
      'hears: 미나: 내일 봐요',
      'message: 미나, TIME (article) | 내일 봐요 | TIME, link | What you can do with this message (group) | React, button | Answer, button | Whisper, button | Copy, button | Copy the link to this message, button | Mark unread from here, button',
      'focus: Answer, button',
      'focus: Message, edit, Answer to 미나 내일 봐요',
      'message: you, TIME (article) | 미나 내일 봐요, button | See you | TIME, link | What you can do with this message (group) | React, button | Answer, button | Edit, button | Copy, button | Copy the link to this message, button | Mark unread from here, button | Delete, button',
      'hears: ',
    ]);
  });

  it('47 each new message is announced once, many at once as a number, and the history never', async () => {
    const { jihun, mina } = stage;
    const reader = await ScreenReader.open(jihun);
    const heard: string[] = [];
    for (let i = 0; i < 3; i++) {
      await say(mina, `하나씩 ${i}`);
      await jihun
        .getByTestId('message')
        .filter({ hasText: `하나씩 ${i}` })
        .waitFor();
      heard.push(...(await reader.hears()));
    }
    assert.deepEqual(heard, ['미나: 하나씩 0', '미나: 하나씩 1', '미나: 하나씩 2']);
    await jihun.getByTestId('timeline').evaluate((box) => box.scrollTo(0, 0));
    await jihun.getByTestId('message').filter({ hasText: 'before 0' }).waitFor();
    assert.deepEqual(await reader.announced(), []);
  });
});
