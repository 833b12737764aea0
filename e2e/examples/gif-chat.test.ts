import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { noChromium } from '../browser/chromium.ts';
import { chromium, visit } from './browsers.ts';
import { Example, type ExampleOptions } from './example.ts';

const FAST = { COOKIE_SECRET: 'a secret of the tests', PUSH_EVERY: '20' };
const SLOW = { ...FAST, PUSH_EVERY: '3000' };

const start = (context: TestContext, env: Record<string, string> = SLOW, options: ExampleOptions = {}): Promise<Example> =>
  Example.start(context, 'gif-chat', { ...options, env });

/** Which client a line of the log is about. */
const who = (line: string): string => line.split(' ')[2] ?? '';
const arrivals = async (example: Example, count: number): Promise<string[]> =>
  (await example.lines.count(count, (line) => line.startsWith('arrived '))).map(who);
const answersOf = (lines: readonly string[], id: string): number =>
  lines.filter((line) => line.startsWith('answered ') && who(line) === id).length;

/** Which of its messages a page answers. */
const numberOf = (line: string): number => Number(/(\d+)"$/.exec(line)?.[1]);

/** Loaded into the example's process: says after each change how many intervals are running. */
const countsIntervals = `data:text/javascript,${encodeURIComponent(`
  const running = new Set();
  const { setInterval: begin, clearInterval: end } = globalThis;
  const note = () => process.send?.({ intervals: running.size });
  globalThis.setInterval = (...all) => { const timer = begin(...all); running.add(timer); note(); return timer; };
  globalThis.clearInterval = (timer) => { end(timer); if (running.delete(timer)) note(); };
`)}`;

/** Arrives, says nothing, and is gone with the test. @returns the line that the log has about it */
async function arrive(context: TestContext, example: Example, headers: Record<string, string> = {}): Promise<string> {
  const before = example.lines.all.length;
  const socket = new WebSocket(example.ws, { headers });
  context.after(() => socket.terminate());
  await once(socket, 'open');
  return example.lines.first('arrival', (line) => line.startsWith('arrived '), before);
}

describe('examples/gif-chat', () => {
  it('two browsers mean twice the answers; closing one halves them, and its timer is gone', { skip: noChromium }, async (context) => {
    const example = await start(context, FAST, { flags: ['--import', countsIntervals] });
    const browser = await chromium(context);
    const mina = await visit(browser, example.url);
    const [first = ''] = await arrivals(example, 1);
    await example.lines.count(5, (line) => line.startsWith('answered ') && who(line) === first);
    assert.equal(answersOf(example.lines.all, first), example.lines.all.filter((line) => line.startsWith('answered ')).length);

    const jihun = await visit(browser, example.url);
    const [, second = ''] = await arrivals(example, 2);
    const from = example.lines.all.length;
    for (const id of [first, second]) {
      await example.lines.first('twenty answers', () => answersOf(example.lines.all.slice(from), id) >= 20);
    }
    for (const id of [first, second]) {
      const numbers = example.lines.all.filter((line) => line.startsWith('answered ') && who(line) === id).map(numberOf);
      assert.deepEqual(
        numbers,
        [...numbers.keys()].map((index) => index + 1),
        'each page answers each of its messages once',
      );
    }
    assert.deepEqual(example.notes.all.at(-1), { intervals: 2 });

    await jihun.context().close();
    await example.lines.first('departure', (line) => line.startsWith('departed ') && who(line) === second);
    const since = example.lines.all.length;
    await example.lines.first('twenty answers', () => answersOf(example.lines.all.slice(since), first) >= 20);
    assert.equal(answersOf(example.lines.all.slice(since), second), 0);
    assert.deepEqual(example.notes.all.at(-1), { intervals: 1 });
    assert.match(await mina.locator('#log li').first().innerText(), /(From client to server|From server to client): \d+/);
    assert.ok(Number(await mina.locator('#heard').innerText()) >= 40);

    await mina.context().close();
    await example.notes.first('end of the last timer', (note) => (note as { intervals: number }).intervals === 0);
  });

  it('a page that crashes, and one that is closed with a code, stop their timers too', async (context) => {
    const example = await start(context, FAST, { flags: ['--import', countsIntervals] });
    const [crashing, closing] = [new WebSocket(example.ws), new WebSocket(example.ws)];
    await Promise.all([once(crashing, 'message'), once(closing, 'message')]);
    crashing.terminate();
    await example.notes.first('one timer', (note) => (note as { intervals: number }).intervals === 1, 2);
    closing.close(1000);
    await example.notes.first('no timer', (note) => (note as { intervals: number }).intervals === 0, 2);
    await example.lines.count(2, (line) => line.startsWith('departed '));
  });

  it('arrivals and departures are logged with the address; X-Forwarded-For counts from a trusted proxy alone', async (context) => {
    const forged = { 'x-forwarded-for': '203.0.113.7' };
    const open = await start(context);
    assert.match(await arrive(context, open), /^arrived (::1|(::ffff:)?127\.0\.0\.1) \S+$/);
    assert.match(await arrive(context, open, forged), /^arrived (::1|(::ffff:)?127\.0\.0\.1) /, 'nobody is trusted');

    const behind = await start(context, { ...SLOW, TRUST_PROXY: 'loopback' });
    assert.match(await arrive(context, behind, forged), /^arrived 203\.0\.113\.7 /);
    // What the visitor wrote stands left of what the proxy saw.
    assert.match(await arrive(context, behind, { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' }), /^arrived 203\.0\.113\.7 /);

    const elsewhere = await start(context, { ...SLOW, TRUST_PROXY: '192.0.2.1' });
    assert.match(await arrive(context, elsewhere, forged), /^arrived (::1|(::ffff:)?127\.0\.0\.1) /, 'another one is trusted');

    const socket = new WebSocket(behind.ws, { headers: forged });
    await once(socket, 'open');
    socket.close(1000);
    await behind.lines.first('departure', (line) => line.startsWith('departed 203.0.113.7 '));
  });

  it('a session: a signed cookie, HttpOnly and SameSite; a forged one is nobody’s', async (context) => {
    const example = await start(context);
    const first = await fetch(example.url);
    const cookie = first.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^connect\.sid=s%3A[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
    assert.match(await first.text(), /1번째 방문/);
    const again = (value: string): Promise<string> => fetch(example.url, { headers: { cookie: value } }).then((answer) => answer.text());
    const [value = ''] = cookie.split(';');
    assert.match(await again(value), /2번째 방문/);
    assert.match(await again(value.slice(0, -3)), /1번째 방문/);
    assert.match(await again(value), /3번째 방문/);
    const style = await fetch(`${example.url}/style.css`);
    assert.equal(style.headers.get('content-type'), 'text/css; charset=utf-8');
    assert.equal(style.headers.get('x-powered-by'), null);
  });

  for (const [where, env, showsDetail] of [
    ['in development', SLOW, true],
    ['in production', { ...SLOW, NODE_ENV: 'production' }, false],
  ] as const) {
    it(`${where}: unknown routes get a 404 page with method and path, errors an error page ${showsDetail ? 'with' : 'without'} detail`, async (context) => {
      const example = await start(context, env);
      for (const method of ['GET', 'POST', 'DELETE']) {
        const missing = await fetch(`${example.url}/nowhere/%3Cb%3E?q=1`, { method });
        assert.equal(missing.status, 404);
        assert.match(missing.headers.get('content-type') ?? '', /^text\/html/);
        const text = await missing.text();
        assert.ok(text.includes(`${method} /nowhere/%3Cb%3E</code>`), text);
        assert.ok(!text.includes('server.ts'));
      }
      const fault = await fetch(`${example.url}/fault`);
      assert.equal(fault.status, 500);
      const text = await fault.text();
      assert.match(text, /Something went wrong/);
      assert.equal(text.includes('A fault on purpose'), showsDetail);
      assert.equal(text.includes('server.ts'), showsDetail);
      await example.errors.first('error in the log', (line) => line.includes('A fault on purpose'));
    });
  }

  it('.env is read, and what stands in the environment goes before it', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'suda-example-'));
    context.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, '.env');
    writeFileSync(file, 'COOKIE_SECRET=of the file\nPUSH_EVERY=1500\n');
    const env = (more: Record<string, string>) => ({ env: more, flags: [`--env-file-if-exists=${file}`] });
    const fromFile = await Example.start(context, 'gif-chat', env({}));
    assert.ok(!fromFile.lines.all.some((line) => line.includes('COOKIE_SECRET')));
    assert.match(await (await fetch(fromFile.url)).text(), /1\.5초마다/);
    const fromBoth = await Example.start(context, 'gif-chat', env({ PUSH_EVERY: '2500' }));
    assert.match(await (await fetch(fromBoth.url)).text(), /2\.5초마다/);
  });
});
