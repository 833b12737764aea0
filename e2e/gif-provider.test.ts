import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Attachment, CommandOutput } from '@suda/protocol';
import { FakeProvider } from './wire/gif-provider.ts';
import { gif, png } from './wire/pictures.ts';
import { type Person, Stage } from './wire/stage.ts';
import { download } from './wire/upload.ts';

async function open(t: TestContext, provider: 'giphy' | 'klipy' | null = 'giphy') {
  const folder = mkdtempSync(join(tmpdir(), 'suda-gifs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const fake = await FakeProvider.start();
  t.after(() => fake.stop());
  const gifs = provider === null ? null : { provider, key: 'the-key', url: fake.url };
  const stage = await Stage.open(t, { filesFolder: folder, gifs });
  const mina = await stage.person('Mina');
  const http = async (who: Person | undefined, method: string, path: string, body?: object) => {
    const headers = { ...(who ? { authorization: `Bearer ${who.token}` } : {}), ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`${stage.url}/v1/gifs/found${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const json = () =>
      JSON.parse(bytes.toString()) as CommandOutput<'gif.find'> & Attachment & { error?: { code: string; retryAfter?: number } };
    return { status: answer.status, headers: answer.headers, bytes, json };
  };
  const find = async (q = 'cat') => (await http(mina, 'GET', `?q=${encodeURIComponent(q)}`)).json();
  const take = async (id: string) => (await http(mina, 'POST', '', { id })).json();
  const kept = () => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
  return { stage, fake, mina, http, find, take, kept };
}

describe('a provider of GIFs', () => {
  for (const provider of ['giphy', 'klipy'] as const) {
    it(`R14.15 ${provider}: the server searches, shows and fetches; readers meet nobody but the server`, async (t) => {
      const { stage, fake, mina, http, find, take } = await open(t, provider);
      const found = await find('고양이');
      assert.equal(found.provider, provider);
      assert.deepEqual(
        found.gifs.map(({ words, width, height }) => [words, width, height]),
        [
          ['고양이 1', 120, 80],
          ['고양이 2', 120, 80],
        ],
        'without what can’t be read, and without advertisements',
      );
      assert.deepEqual([...fake.keys], ['the-key']);
      const [first] = found.gifs;
      assert.ok(first);
      assert.equal(JSON.stringify(found).includes('127.0.0.1'), false, 'no address of the provider is told');
      const moving = await http(mina, 'GET', `/${first.id}`);
      assert.deepEqual([moving.status, moving.headers.get('content-type')], [200, 'image/gif']);
      assert.match(moving.headers.get('content-security-policy') ?? '', /sandbox/);
      assert.equal(moving.headers.get('x-content-type-options'), 'nosniff');
      const still = await http(mina, 'GET', `/${first.id}?still=1`);
      assert.deepEqual([still.status, still.headers.get('content-type')], [200, 'image/webp']);
      assert.equal((await http(undefined, 'GET', `/${first.id}`)).status, 401);
      const file = await take(first.id);
      const { placeholder, id, size, ...rest } = file;
      assert.deepEqual(rest, {
        name: '고양이 1.gif',
        type: 'image/gif',
        width: 120,
        height: 80,
        animated: true,
        duration: 270,
        source: provider,
      });
      await mina.ask('room.join', { room: 'lobby' });
      await mina.ask('message.send', { room: 'lobby', clientId: 'a', text: '', attachments: [id] });
      assert.equal((await download(stage.url, mina.token, id)).status, 200);
      assert.deepEqual((await mina.ask('gif.list', {})).gifs, [], 'it is looked for there, not in the library');
      const before = fake.asked.length;
      await find('고양이');
      await http(mina, 'GET', `/${first.id}?still=1`);
      assert.equal(fake.asked.length, before, 'what was asked a moment ago is not asked again');
    });
  }

  it('R14.15 without one, it says so, and asks nobody', async (t) => {
    const { fake, mina, http, find, take } = await open(t, null);
    assert.equal((await find()).error?.code, 'not_allowed');
    assert.equal((await take('g1')).error?.code, 'not_allowed');
    assert.equal((await http(mina, 'GET', '/g1')).status, 404);
    assert.deepEqual(fake.asked, []);
  });

  it('R14.15 in an outage it says so at once, the library goes on, and later it is asked again', async (t) => {
    const { fake, mina, find } = await open(t);
    fake.status = 503;
    assert.equal((await find('one')).error?.code, 'unavailable');
    const asked = fake.asked.length;
    const refused = await find('two');
    assert.deepEqual([refused.error?.code, refused.error?.retryAfter !== undefined], ['unavailable', true]);
    assert.equal(fake.asked.length, asked, 'who doesn’t answer is left alone for a while');
    assert.deepEqual((await mina.ask('gif.list', {})).gifs, []);
  });

  it('R14.15 only what was found is fetched, only from the provider itself, and no redirect is followed', async (t) => {
    const { fake, http, mina, find, take, kept } = await open(t);
    for (const id of ['g1', '..', 'http:x', 'a/b']) {
      const code = (await take(id)).error?.code;
      assert.ok(code === 'no_such_file' || code === 'invalid', `${id}: ${code}`);
    }
    assert.deepEqual(fake.asked, []);
    const other = await FakeProvider.start();
    t.after(() => other.stop());
    fake.elsewhere = other.url;
    assert.deepEqual((await find('elsewhere')).gifs, [], 'files that lie elsewhere are not offered');
    fake.elsewhere = undefined;
    await find('here');
    fake.file = (response) => void response.writeHead(302, { location: `${other.url}/media/1.gif` }).end();
    assert.equal((await take('g1')).error?.code, 'unavailable');
    assert.equal((await http(mina, 'GET', '/g1')).status, 503);
    assert.deepEqual(other.asked, []);
    assert.equal(kept(), 0);
  });

  it('R14.15 what comes is believed as little as an upload: its bytes say what it is, and how much is too much', async (t) => {
    const { fake, mina, http, find, take, kept } = await open(t);
    await find();
    fake.file = (response) => void response.writeHead(200, { 'content-type': 'image/gif' }).end('<script>alert(1)</script>');
    assert.equal((await http(mina, 'GET', '/g1')).status, 404, 'no picture, no answer');
    assert.equal((await take('g1')).error?.code, 'unsupported_type');
    fake.file = async (response) => void response.writeHead(200).end(await png());
    assert.equal((await take('g1')).error?.code, 'unsupported_type', 'a still picture is no GIF');
    fake.file = (response) => {
      response.writeHead(200, { 'content-type': 'image/gif' });
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20)));
        response.once('drain', more);
      };
      more();
    };
    assert.equal((await take('g1')).error?.code, 'payload_too_large');
    assert.equal((await http(mina, 'GET', '/g2')).status, 503);
    fake.file = async (response) => {
      const bytes = await gif(4);
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, 50), () => response.destroy());
    };
    assert.notEqual((await take('g2')).error, undefined);
    assert.equal(kept(), 0);
  });
});
