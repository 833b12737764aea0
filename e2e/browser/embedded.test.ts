import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SudaOptions } from '@suda/server';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { byCookie, cookieOf, Embedded, inMemory, listening } from '../wire/host.ts';
import { eventually, launch, noChromium, say } from './chromium.ts';

const mina = { id: '42', name: 'Mina' };
const jihun = { id: '7', name: 'Jihun' };

/** An Express application whose page shows the chat in a frame, and whose users are known by its cookie. */
async function application(context: TestContext, options: Partial<SudaOptions> = {}): Promise<Embedded> {
  const app = express();
  app.get('/', (_request, response) => void response.type('html').send('<h1>The shop</h1><iframe title="chat" src="/chat/"></iframe>'));
  app.get('/favicon.ico', (_request, response) => void response.status(204).end());
  app.get('/login', (_request, response) => void response.type('html').send('<h1>Sign in</h1>'));
  const suda = await inMemory({ identity: byCookie, page: true, signIn: '/login', ...options });
  context.after(() => suda.close());
  const server = createServer(app);
  suda.attach(server);
  return new Embedded(suda, await listening(context, server));
}

/** Opens an address as someone whom the application knows, or not. Collects what the browser complains about. */
async function visit(browser: Browser, host: Embedded, path: string, user?: typeof mina): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1200, height: 800 } });
  if (user) {
    const [name = '', value = ''] = String(cookieOf(user).cookie).split('=', 2);
    await context.addCookies([{ name, value, url: host.origin }]);
  }
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
  });
  await page.goto(host.origin + path);
  return { page, complaints };
}

describe('the chat page inside an Express application', { skip: noChromium ?? false, concurrency: 1, timeout: 120_000 }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  it('two of the application’s users come in without being asked for a name, and talk', async (context) => {
    const host = await application(context);
    const [{ page: minas, complaints }, { page: jihuns }] = [
      await visit(browser, host, '/chat/r/lobby', mina),
      await visit(browser, host, '/chat/r/lobby', jihun),
    ];
    for (const page of [minas, jihuns]) {
      await page.getByTestId('composer').waitFor();
      assert.equal(await page.getByTestId('name-input').count(), 0);
    }
    await say(minas, 'hello from the shop');
    await eventually(jihuns, 'Jihun reads it', (list) => list.includes('hello from the shop'));
    assert.equal(new URL(minas.url()).pathname, '/chat/r/lobby');
    assert.deepEqual(
      await minas
        .context()
        .cookies()
        .then((all) => all.map(({ name }) => name)),
      ['host'],
    );

    // Everything that the page goes to stays under the path.
    const room = await host.suda.createRoom({ name: 'Orders', kind: 'private' }, { as: mina });
    await minas.locator(`[data-testid=room-item][data-room=${room.id}]`).click();
    await minas.waitForURL(`${host.url}/r/${room.id}`);
    assert.equal(await minas.locator(`[data-testid=room-item][data-room=${room.id}]`).getAttribute('href'), `/chat/r/${room.id}`);
    await say(minas, 'in its own room');
    await eventually(minas, 'it is there', (list) => list.includes('in its own room'));
    await minas.goBack();
    await eventually(minas, 'the lobby again', (list) => list.includes('hello from the shop'));
    await minas.reload();
    await eventually(minas, 'after a reload', (list) => list.includes('hello from the shop'));

    // Their name and session are the application's.
    await minas.getByTestId('settings').click();
    await minas.getByTestId('connection').waitFor();
    assert.equal(await minas.getByTestId('rename-input').count(), 0);
    assert.equal(await minas.getByTestId('sign-out').count(), 0);
    assert.match(String(await minas.getByTestId('connection').textContent()), /WebSocket/);
    assert.deepEqual(complaints, []);
  });

  it('/chat leads to /chat/, a page of the same origin may show it in a frame, errors are pages of the path', async (context) => {
    const host = await application(context);
    const led = await fetch(`${host.url}?x=1`, { redirect: 'manual' });
    assert.deepEqual([led.status, led.headers.get('location')], [308, '/chat/?x=1']);
    const { page } = await visit(browser, host, '/chat', mina);
    await page.getByTestId('composer').waitFor();
    assert.equal(page.url(), `${host.url}/r/lobby`);
    const { page: shop, complaints } = await visit(browser, host, '/', mina);
    await shop.frameLocator('iframe').getByTestId('room-list').waitFor();
    assert.deepEqual(complaints, []);
    await page.goto(`${host.url}/no/such/page`);
    await page.getByRole('link').click();
    await page.getByTestId('composer').waitFor();
    assert.equal(page.url(), `${host.url}/r/lobby`);
  });

  it('whom the application doesn’t know is sent to sign in, and comes in afterwards', async (context) => {
    const host = await application(context);
    const { page } = await visit(browser, host, '/chat/r/lobby');
    await page.getByTestId('members-only').waitFor();
    assert.equal(await page.getByTestId('name-input').count(), 0);
    const [name = '', value = ''] = String(cookieOf(mina).cookie).split('=', 2);
    await page.context().addCookies([{ name, value, url: host.origin }]);
    await page.getByRole('button', { name: 'I have signed in' }).click();
    await page.getByTestId('composer').waitFor();
    const { page: other } = await visit(browser, host, '/chat/');
    await other.getByTestId('to-sign-in').click();
    await other.waitForURL(`${host.origin}/login`);
  });

  it('without an identity the page asks for a name, as everywhere', async (context) => {
    const suda = await inMemory({ page: true });
    context.after(() => suda.close());
    const server = createServer();
    suda.attach(server);
    const host = new Embedded(suda, await listening(context, server));
    const { page, complaints } = await visit(browser, host, '/chat/');
    await page.getByTestId('name-input').fill('Guest');
    await page.getByTestId('name-submit').click();
    await page.getByTestId('composer').waitFor();
    assert.equal(page.url(), `${host.url}/r/lobby`);
    await page.reload();
    await page.getByTestId('composer').waitFor();
    assert.deepEqual(complaints, []);
  });
});
