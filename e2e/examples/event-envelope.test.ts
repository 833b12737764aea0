import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { noChromium } from '../browser/chromium.ts';
import { Inbox } from '../wire/inbox.ts';
import { chromium, visit } from './browsers.ts';
import { Example } from './example.ts';

interface Letter {
  readonly event: string;
  readonly data: { readonly [name: string]: unknown };
}

async function client(context: TestContext, example: Example): Promise<{ socket: WebSocket; letters: Inbox<Letter> }> {
  const socket = new WebSocket(example.ws);
  context.after(() => socket.terminate());
  const letters = new Inbox<Letter>();
  socket.on('message', (data) => letters.push(JSON.parse(String(data))));
  await once(socket, 'open');
  return { socket, letters };
}

describe('examples/event-envelope', () => {
  it('`open` is logged, `request` is answered with `response` that carries data, to nobody else', async (context) => {
    const example = await Example.start(context, 'event-envelope');
    const [one, two] = await Promise.all([client(context, example), client(context, example)]);
    one.socket.send('{"event":"open","data":"안녕"}');
    await example.lines.first('log', (line) => line === 'open: "안녕"');
    one.socket.send(JSON.stringify({ event: 'request', data: { city: '서울' } }));
    const answer = await one.letters.first('response', () => true);
    assert.equal(answer.event, 'response');
    assert.deepEqual(answer.data.asked, { city: '서울' });
    two.socket.send('{"event":"request","data":2}');
    await two.letters.count(1);
    assert.deepEqual(
      [one.letters.all.map(({ event }) => event), two.letters.all.map(({ data }) => data.asked)],
      [['response'], [2]],
      'open is not answered, and nobody hears another’s answer',
    );
  });

  it('an unknown event and broken JSON get an error each, and the connection lives on', async (context) => {
    const example = await Example.start(context, 'event-envelope');
    const { socket, letters } = await client(context, example);
    const wrong = ['{"event":"dance","data":1}', '{"event":"requ', '', 'null', '[]', '{"event":7}', '{"data":1}'];
    for (const [index, frame] of wrong.entries()) {
      socket.send(frame);
      const { event, data } = (await letters.count(index + 1)).at(-1) as Letter;
      assert.equal(event, 'error', frame);
      assert.equal(data.code, index === 0 ? 'unknown_command' : 'malformed', frame);
      assert.match(String(data.message), /\S/);
    }
    socket.send('{"event":"request","data":"still here"}');
    const { data } = await letters.first('response', ({ event }) => event === 'response');
    assert.equal(data.asked, 'still here');
    assert.equal(socket.readyState, WebSocket.OPEN);
  });

  it('the page sends all four', { skip: noChromium }, async (context) => {
    const example = await Example.start(context, 'event-envelope');
    const page = await visit(await chromium(context), example.url);
    const send = page.getByRole('button', { name: 'Send' });
    for (const [name, answer] of [
      ['open', undefined],
      ['request', '"response"'],
      ['Unknown', 'unknown_command'],
      ['Broken', 'malformed'],
    ] as const) {
      await page.getByRole('button', { name, exact: name === 'open' }).click();
      await send.click();
      if (answer) await page.locator('#log li').filter({ hasText: answer }).waitFor();
      else await example.lines.first('log', (line) => line.startsWith('open: '));
    }
    assert.equal(await page.locator('#log li').count(), 7);
  });
});
