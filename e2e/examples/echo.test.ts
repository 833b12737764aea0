import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from '../browser/chromium.ts';
import { Inbox } from '../wire/inbox.ts';
import { chromium, visit } from './browsers.ts';
import { Example } from './example.ts';

/** The log, the latest line first. */
const log = (page: Page): Promise<string[]> =>
  page.locator('#log li').evaluateAll((lines) => lines.map((line) => [...line.children].map((part) => part.textContent).join(' ')));

const line = (page: Page, text: string) => page.locator('#log li').filter({ hasText: text }).first().waitFor();

async function say(page: Page, text: string): Promise<void> {
  await page.locator('#text').fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

describe('examples/echo', () => {
  it('two browsers send, and each sees its own alone; a close shows its code', { skip: noChromium }, async (context) => {
    const example = await Example.start(context, 'echo');
    const browser = await chromium(context);
    const [mina, jihun] = await Promise.all([visit(browser, example.url), visit(browser, example.url)]);
    await Promise.all([line(mina, 'open'), line(jihun, 'open')]);
    await say(mina, '미나의 <b>말</b>\n두 줄');
    await line(mina, '미나의');
    await say(jihun, 'Jihun’s words');
    await line(jihun, 'Jihun’s');
    // Whatever Mina's words were sent to before, they would have come by now: the server answers in order.
    await say(mina, '미나의 둘째 말');
    await line(mina, '둘째');
    assert.deepEqual(await log(mina), ['message 미나의 둘째 말', 'message 미나의 <b>말</b>\n두 줄', `open ${example.ws}/`]);
    assert.deepEqual(await log(jihun), ['message Jihun’s words', `open ${example.ws}/`]);

    await mina.getByRole('button', { name: 'Close' }).click();
    await line(mina, 'close');
    assert.equal((await log(mina))[0], 'close 1000 goodbye');
    assert.ok(await mina.getByRole('button', { name: 'Send' }).isDisabled());
    await say(jihun, 'still here');
    await line(jihun, 'still here');
    await mina.getByRole('button', { name: 'Open again' }).click();
    await mina.locator('#send:enabled').waitFor();
    await say(mina, '다시');
    await line(mina, '다시');

    await example.end();
    await line(mina, '1006');
    await line(jihun, '1006');
  });

  it('Node’s own WebSocket: texts and bytes come back as they were, to their sender only, in order', async (context) => {
    const example = await Example.start(context, 'echo');
    const heard = new Inbox<unknown>();
    const others = new Inbox<unknown>();
    const [socket, other] = [new WebSocket(example.ws), new WebSocket(example.ws)];
    context.after(() => {
      socket.close();
      other.close();
    });
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => heard.push(data);
    other.onmessage = ({ data }) => others.push(data);
    await Promise.all([socket, other].map((each) => new Promise((resolve) => each.addEventListener('open', resolve))));
    const said = ['', '{"event":"open"}', '수다 🎉', 'x'.repeat(100_000)];
    for (const text of said) socket.send(text);
    socket.send(new Uint8Array([0, 1, 255]));
    const all = await heard.count(5);
    assert.deepEqual(all.slice(0, 4), said);
    assert.deepEqual([...new Uint8Array(all[4] as ArrayBuffer)], [0, 1, 255]);
    other.send('mine');
    await others.count(1);
    assert.deepEqual(others.all, ['mine']);

    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    socket.close(1000, 'goodbye');
    const { code, reason, wasClean } = await closed;
    assert.deepEqual([code, reason, wasClean], [1000, 'goodbye', true]);
  });
});
