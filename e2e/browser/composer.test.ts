import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { eventually, noChromium, say, texts } from './chromium.ts';
import { twoSet } from './compositions/hangul.ts';
import { type Heard, recordings, stepsOf } from './compositions/linux.ts';
import { compositions } from './compositions/recorded.ts';
import { Replay } from './compositions/replay.ts';
import { Stage } from './stage.ts';

const count = (list: readonly string[], text: string): number => list.filter((one) => one === text).length;
const box = (page: Page): Locator => page.getByTestId('composer');
const list = (page: Page): Locator => page.getByTestId('completions');
const reading = (page: Page, text: string): Locator => page.getByTestId('message').filter({ hasText: text }).last();

describe('the composer in a real Chromium', { skip: noChromium ?? false, concurrency: 1, timeout: 400_000 }, () => {
  let stage: Stage;
  let mina: Page;
  let jihun: Page;
  let replay: Replay;

  before(async () => {
    stage = await Stage.open();
    ({ mina, jihun } = stage);
    const sora = await stage.guest('소라');
    await say(sora, '저 왔어요');
    await eventually(mina, 'Sora is here', (all) => all.includes('저 왔어요'));
    replay = await Replay.of(mina);
  });
  afterEach(async () => {
    await mina.keyboard.press('Escape');
    await box(mina).fill('');
  });
  after(async () => {
    await stage?.close();
  });

  for (const [i, one] of compositions.entries()) {
    it(`UX ${one.sends ? 12 : 13} composer: ${one.name}`, async () => {
      const mark = `${i}번째 `;
      await box(mina).click();
      await mina.keyboard.insertText(mark);
      const before = (await texts(mina)).length;
      await replay.play([...one.steps, ...one.confirm]);
      const whole = mark + one.text;
      if (one.sends) {
        await eventually(jihun, 'it is read', (all) => all.includes(whole));
        assert.equal(await box(mina).inputValue(), '', 'nothing is left behind');
      } else {
        assert.equal(await box(mina).inputValue(), whole);
        assert.equal((await texts(mina)).length, before, 'nothing was sent');
        await mina.keyboard.press('Enter');
        await eventually(jihun, 'a further Enter sends', (all) => all.includes(whole));
      }
      assert.equal((await texts(mina)).length, before + 1);
      assert.equal(count(await texts(jihun), whole), 1);
    });
  }

  it('UX 12 13 what is played is what was recorded with real methods, event for event', async () => {
    const page = await stage.browser.newPage();
    await page.setContent('<textarea></textarea>');
    await page.locator('textarea').focus();
    await page.evaluate(() => {
      const heard: unknown[][] = [];
      Object.assign(window, { heard });
      for (const type of ['keydown', 'compositionstart', 'compositionupdate', 'compositionend', 'beforeinput', 'input'])
        addEventListener(type, (event) => {
          if (event instanceof KeyboardEvent) heard.push([type, event.keyCode, event.isComposing]);
          else if (event instanceof InputEvent) heard.push([type, event.data, event.inputType, event.isComposing]);
          else if (event instanceof CompositionEvent) heard.push([type, event.data]);
        });
    });
    const played = await Replay.of(page);
    for (const { method, events } of Object.values(recordings)) {
      await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard.splice(0));
      await played.play(stepsOf(events));
      const wanted = events
        .filter(([type]) => type !== 'keyup')
        .map((event): Heard => (event[0] === 'keydown' ? [event[0], event[3] as number, event[4] as boolean] : event));
      assert.deepEqual(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard), wanted, method);
    }
    await page.close();
  });

  it('UX 12 13 edit box: what each method confirms is saved by Enter alone', async () => {
    for (const one of compositions) {
      await say(mina, '고칠 글');
      await reading(mina, '고칠 글').and(mina.locator('[data-state=sent]')).waitFor();
      await box(mina).press('ArrowUp');
      const edit = mina.getByTestId('edit-box');
      await edit.fill('');
      await replay.play([...one.steps, ...one.confirm]);
      if (!one.sends) {
        assert.equal(await edit.inputValue(), one.text, one.name);
        await edit.press('Enter');
      }
      await edit.waitFor({ state: 'detached' });
      await eventually(jihun, one.name, (all) => all.at(-1) === one.text);
      assert.equal(await box(mina).inputValue(), '', one.name);
    }
  });

  it('UX 15 a name is found while its syllables are written, and completed by the Enter that follows', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('@');
    await list(mina).waitFor();
    await replay.play(twoSet('소라'));
    // In mid-composition the list is there, and Enter is the method's.
    await mina.getByTestId('completion').filter({ hasText: '소라' }).waitFor();
    await replay.play([{ do: 'taken', code: 'Enter' }]);
    assert.equal(await box(mina).inputValue(), '@소라', 'a key of the method completes nothing');
    await replay.play([
      { do: 'end', text: '라' },
      { do: 'key', key: 'Enter' },
    ]);
    assert.equal(await box(mina).inputValue(), '@소라 ');
    assert.equal(await list(mina).count(), 0);
    await mina.keyboard.insertText('안녕');
    await mina.keyboard.press('Enter');
    await reading(jihun, '@소라 안녕').getByTestId('mention').waitFor();
  });

  it('UX 15 arrows of a method that shows candidates move nothing in the list', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('@');
    const active = () => box(mina).getAttribute('aria-activedescendant');
    await list(mina).waitFor();
    const before = await active();
    await replay.play([
      { do: 'taken', code: 'ArrowDown' },
      { do: 'taken', code: 'Escape' },
    ]);
    assert.equal(await active(), before);
    await mina.keyboard.press('ArrowDown');
    assert.notEqual(await active(), before);
  });

  it('UX 15 @ by keyboard: arrows, Tab, Esc; the chosen one is said; initial consonants find', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('@ㅅㄹ');
    await list(mina).waitFor();
    const chosen = mina.locator(`#${await box(mina).getAttribute('aria-activedescendant')}`);
    assert.equal(await chosen.getAttribute('aria-selected'), 'true');
    assert.match((await chosen.textContent()) ?? '', /소라/);
    assert.equal(await list(mina).getAttribute('role'), 'listbox');
    assert.equal(await box(mina).getAttribute('aria-controls'), await list(mina).getAttribute('id'));
    await mina.keyboard.press('Escape');
    assert.equal(await list(mina).count(), 0);
    assert.equal(await box(mina).inputValue(), '@ㅅㄹ', 'Esc closes the list and nothing else');
    await box(mina).fill('');
    await box(mina).fill('@ji');
    await list(mina).waitFor();
    await mina.keyboard.press('Tab');
    assert.equal(await box(mina).inputValue(), '@Jihun ');
    await mina.keyboard.insertText('봤어요?');
    await mina.keyboard.press('Enter');
    const mention = reading(jihun, '@Jihun 봤어요?').getByTestId('mention');
    await mention.waitFor();
    assert.match((await mention.getAttribute('class')) ?? '', /\bme\b/, 'mine stands out more');
  });

  it('UX 15 a particle right behind a name changes nothing; a name that is gone mentions nobody', async () => {
    await box(mina).fill('@소라가 온대요');
    await mina.keyboard.press('Enter');
    const mention = reading(jihun, '@소라가 온대요').getByTestId('mention');
    await mention.waitFor();
    assert.equal(await mention.textContent(), '@소라');
    await box(mina).fill('@so');
    await box(mina).fill('아니에요 소라');
    await mina.keyboard.press('Enter');
    await reading(jihun, '아니에요').waitFor();
    assert.equal(await reading(jihun, '아니에요').getByTestId('mention').count(), 0);
  });

  it('UX 15 : by word in two languages, and a whole :word: at once', async () => {
    await box(mina).click();
    for (const [typed, emoji] of [
      [':rocke', '🚀'],
      [':웃음', '😄'],
    ] as const) {
      await box(mina).fill('');
      await mina.keyboard.insertText(typed);
      await list(mina).waitFor();
      await mina.keyboard.press('Enter');
      assert.equal(await box(mina).inputValue(), emoji);
    }
    await box(mina).fill('');
    await mina.keyboard.type('좋아 :tada:');
    await mina.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[data-testid=composer]')?.value === '좋아 🎉');
    await mina.keyboard.press('Control+z');
    assert.notEqual(await box(mina).inputValue(), '좋아 🎉', 'it can be undone');
    await box(mina).fill('');
    await mina.keyboard.type('12:30: `:tada:');
    assert.equal(await box(mina).inputValue(), '12:30: `:tada:');
  });

  it('UX 15 # by keyboard becomes a link to the room', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('#로');
    await list(mina).waitFor();
    await mina.keyboard.press('Enter');
    assert.equal(await box(mina).inputValue(), '#로비 ');
    await mina.keyboard.insertText('에서');
    await mina.keyboard.press('Enter');
    await reading(jihun, '#로비 에서').getByTestId('room-link').waitFor();
  });

  it('UX 15 # of two rooms of one name writes the address, and the link leads to the one that was chosen', async () => {
    const ids = await mina.evaluate(async () => {
      const made = async () => {
        const init = {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ name: '쌍둥이', kind: 'public' }),
        };
        return ((await (await fetch('/v1/rooms', init)).json()) as { id: string }).id;
      };
      return [await made(), await made()];
    });
    for (const id of ids) await mina.locator(`[data-testid=room-item][data-room="${id}"]`).waitFor();
    await box(mina).fill('#쌍둥');
    await list(mina).waitFor();
    const chosen = await mina.locator('[data-testid=completion][aria-selected=true]').getAttribute('data-id');
    await mina.keyboard.press('Enter');
    assert.match(await box(mina).inputValue(), new RegExp(`/r/${chosen} $`));
    await mina.keyboard.press('Enter');
    const link = mina.locator(`[data-testid=room-link][data-room="${chosen}"]`);
    await link.waitFor();
    assert.equal(await link.textContent(), '#쌍둥이');
  });

  it('UX 15 a tap completes, also while composing', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('@');
    await replay.play(twoSet('소'));
    await mina.getByTestId('completion').filter({ hasText: '소라' }).click();
    assert.equal(await box(mina).inputValue(), '@소라 ');
    assert.equal(await box(mina).evaluate((node) => node === document.activeElement), true);
  });

  it('UX 15 the edit box completes too; Esc there first closes the list, then the box', async () => {
    await say(mina, '누구 불러요');
    await reading(mina, '누구 불러요').and(mina.locator('[data-state=sent]')).waitFor();
    await box(mina).press('ArrowUp');
    const edit = mina.getByTestId('edit-box');
    await edit.fill('불러요 @ji');
    await list(mina).waitFor();
    await edit.press('Escape');
    assert.equal(await list(mina).count(), 0);
    await edit.fill('불러요');
    await edit.fill('불러요 @jih');
    await list(mina).waitFor();
    await edit.press('Enter');
    assert.equal(await edit.inputValue(), '불러요 @Jihun ');
    await edit.press('Enter');
    await reading(jihun, '불러요 @Jihun').getByTestId('mention').waitFor();
  });

  it('UX 11 Enter sends, Shift+Enter breaks the line; on glass Enter breaks it and the button sends', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('첫 줄');
    await mina.keyboard.press('Shift+Enter');
    await mina.keyboard.insertText('둘째 줄');
    await mina.keyboard.press('Enter');
    await eventually(jihun, 'two lines', (all) => all.includes('첫 줄\n둘째 줄'));
    const phone = await stage.guest('하나', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
    await phone.getByTestId('composer').tap();
    await phone.keyboard.insertText('손가락');
    await phone.keyboard.press('Enter');
    assert.equal(await box(phone).inputValue(), '손가락\n');
    await phone.keyboard.insertText('으로');
    await phone.getByTestId('send').tap();
    await eventually(jihun, 'the button sends', (all) => all.includes('손가락\n으로'));
    await phone.context().close();
  });

  it('UX 14 ↑ in an empty composer edits one’s last message; Esc leaves it as it was', async () => {
    await say(mina, '마지막 글');
    await reading(mina, '마지막 글').and(mina.locator('[data-state=sent]')).waitFor();
    await box(mina).press('ArrowUp');
    assert.equal(await mina.getByTestId('edit-box').inputValue(), '마지막 글');
    await mina.keyboard.insertText(' 아님');
    await mina.keyboard.press('Escape');
    await mina.getByTestId('edit-box').waitFor({ state: 'detached' });
    assert.equal(await box(mina).evaluate((node) => node === document.activeElement), true);
    assert.equal((await texts(mina)).at(-1), '마지막 글');
    await mina.keyboard.insertText('쓰는 중');
    await mina.keyboard.press('ArrowUp');
    assert.equal(await mina.getByTestId('edit-box').count(), 0);
  });

  it('UX 18 the composer grows to a limit, and the list stays at its end', async () => {
    const height = async () => (await box(mina).boundingBox())?.height ?? 0;
    const gap = () => mina.getByTestId('timeline').evaluate((node) => node.scrollHeight - node.scrollTop - node.clientHeight);
    await box(mina).click();
    const one = await height();
    await mina.keyboard.insertText('한\n두\n세\n네');
    await mina.waitForFunction((least) => (document.querySelector('[data-testid=composer]')?.clientHeight ?? 0) > least * 1.5, one);
    assert.ok((await gap()) < 3, 'the end is still seen');
    await mina.keyboard.insertText('줄\n'.repeat(80));
    const most = await height();
    assert.ok(most < 400 && most > one * 3, `${most} px`);
    assert.ok((await gap()) < 3);
    await box(mina).fill('');
    assert.equal(await height(), one);
    assert.ok((await gap()) < 3);
  });

  it('UX 19 focus comes back after sending by the button; typing anywhere reaches the composer', async () => {
    await box(mina).fill('단추로');
    await mina.getByTestId('send').click();
    assert.equal(await box(mina).evaluate((node) => node === document.activeElement), true);
    await mina.evaluate(() => (document.activeElement as HTMLElement).blur());
    await mina.keyboard.type('a');
    assert.equal(await box(mina).inputValue(), 'a');
  });

  it('UX 10 a draft and whom it means survive a reload', async () => {
    await box(mina).click();
    await mina.keyboard.insertText('@소');
    await list(mina).waitFor();
    await mina.keyboard.press('Enter');
    await mina.keyboard.insertText('나중에');
    await mina.reload();
    await box(mina).waitFor();
    assert.equal(await box(mina).inputValue(), '@소라 나중에');
    await reading(mina, '단추로').waitFor();
    await box(mina).press('Enter');
    await reading(jihun, '나중에').getByTestId('mention').waitFor();
  });

  it('marks by keys: Ctrl+B puts them around what is marked, and takes them away', async () => {
    await box(mina).fill('굵게');
    await mina.keyboard.press('Control+a');
    await mina.keyboard.press('Control+b');
    assert.equal(await box(mina).inputValue(), '**굵게**');
    await mina.keyboard.press('Control+b');
    assert.equal(await box(mina).inputValue(), '굵게');
    await mina.keyboard.press('Control+i');
    assert.equal(await box(mina).inputValue(), '*굵게*');
  });
});
