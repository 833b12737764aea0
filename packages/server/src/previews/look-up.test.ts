import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type Found, lookUp } from './look-up.ts';
import type { Reach } from './reach.ts';
import { html, type Site, site } from './stage.fixture.ts';

const never = new AbortController().signal;
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

type Answer = (response: ServerResponse, path: string) => unknown;

async function serve(
  context: TestContext,
  answer: Answer,
): Promise<Site & { look: (path?: string, within?: number) => Promise<Found | null>; reach: Reach }> {
  const it = await site(context, (request, response) => answer(response, request.url ?? ''));
  const look = (path = '/', within = 5_000) => lookUp(it.url + path, { reach: it.reach, within, pictures: true, signal: never });
  return { ...it, look };
}

const page = (response: ServerResponse, body: string | Buffer, headers: Record<string, string> = {}): unknown =>
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);

const full =
  html(`<title>plain</title><meta property="og:title" content="제목 &amp; &lt;b&gt;"><meta name="description" content="What it says">
  <meta property="og:site_name" content="The site"><meta property="og:image" content="/p.png">`);

describe('R17 what is behind an address', () => {
  it('R17.2 a page’s own words, and its picture', async (t) => {
    const { look, url, port, requests } = await serve(t, (response, path) =>
      path === '/p.png' ? response.writeHead(200, { 'content-type': 'image/png' }).end(PNG) : page(response, full),
    );
    assert.deepEqual(await look('/x'), {
      preview: {
        address: `${url}/x`,
        url: `${url}/x`,
        host: `web.example:${port}`,
        title: '제목 & <b>',
        description: 'What it says',
        site: 'The site',
      },
      picture: PNG,
      onlyPicture: false,
    });
    for (const { headers } of requests) {
      assert.deepEqual(
        [headers.cookie, headers.referer, headers.authorization, headers.host],
        [undefined, undefined, undefined, `web.example:${port}`],
      );
    }
  });

  it('R17.2 a picture alone is called after its file', async (t) => {
    const { look } = await serve(t, (response) => response.writeHead(200, { 'content-type': 'image/png' }).end(PNG));
    const found = await look('/%EA%B3%A0%EC%96%91%EC%9D%B4.png');
    assert.deepEqual([found?.preview.title, found?.onlyPicture, found?.picture], ['고양이.png', true, PNG]);
  });

  it('R17.4 every redirect is checked as the first address was: none leads inside', async (t) => {
    const inside =
      `http://169.254.169.254/latest/meta-data/ http://127.0.0.2:PORT/ http://[::1]:PORT/ http://localhost:PORT/ http://0:PORT/ file:///etc/passwd
      http://web.example:22/ http://2852039166/ //10.0.0.1:PORT/ http://me:pw@web.example:PORT/ http://`.split(/\s+/);
    const { look, port, requests } = await serve(t, (response, path) => {
      const to = inside[Number(path.slice(1))]?.replace('PORT', String(port));
      return to === undefined ? page(response, full) : response.writeHead(302, { location: to }).end();
    });
    for (const [i] of inside.entries()) await assert.rejects(look(`/${i}`), { name: 'Unreachable' }, inside[i]);
    assert.equal(requests.length, inside.length, 'nothing was asked but the first');
  });

  it('R17.4 follows three redirects and no fourth, and says where it came to', async (t) => {
    const { look, url } = await serve(t, (response, path) =>
      path === '/0' ? page(response, full) : response.writeHead(301, { location: String(Number(path.slice(1)) - 1) }).end(),
    );
    const found = await look('/3');
    assert.deepEqual([found?.preview.address, found?.preview.url], [`${url}/3`, `${url}/0`]);
    await assert.rejects(look('/4'), /redirects too often/);
  });

  it('R17.4 a name that is public at first and private then is asked for once, and connected to where it was', async (t) => {
    const { url, reach, requests } = await serve(t, (response) => page(response, full));
    let answers = 0;
    const rebinding: Reach = { ...reach, resolve: async () => (answers++ === 0 ? ['127.0.0.1'] : ['127.0.0.2']) };
    const found = await lookUp(url, { reach: rebinding, within: 5_000, pictures: false, signal: never });
    assert.equal(found?.preview.title, '제목 & <b>');
    assert.deepEqual([answers, requests.length], [1, 1]);
    await assert.rejects(
      lookUp(url, { reach: rebinding, within: 5_000, pictures: false, signal: never }),
      /is at 127\.0\.0\.2, which is not public/,
    );
  });

  it('R17.4 a page’s picture is held to the same', async (t) => {
    const { look, requests } = await serve(t, (response) =>
      page(response, html('<title>t</title><meta property="og:image" content="http://127.0.0.2/x.png">')),
    );
    const found = await look();
    assert.deepEqual([found?.preview.title, found?.picture, requests.length], ['t', null, 1]);
  });

  it('R17.5 nothing but pages and pictures', async (t) => {
    const types = ['application/pdf', 'text/plain', 'application/json', 'video/mp4', 'text/htmlx', ''];
    const { look } = await serve(t, (response, path) =>
      response.writeHead(200, { 'content-type': types[Number(path.slice(1))] ?? '' }).end(full),
    );
    for (const [i, type] of types.entries()) await assert.rejects(look(`/${i}`), { name: 'Unreachable' }, type);
  });

  it('R17.5 an answer that is none', async (t) => {
    const { look } = await serve(t, (response, path) =>
      response.writeHead(Number(path.slice(1)), { 'content-type': 'text/html' }).end(full),
    );
    for (const status of [201, 204, 206, 304, 400, 401, 404, 429, 500, 503]) await assert.rejects(look(`/${status}`), `${status}`);
  });

  it('R17.5 too slow: to begin, and to go on', async (t) => {
    const { look } = await serve(t, (response, path) => {
      if (path === '/silent') return;
      response.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => response.write('<p>'), 20);
      response.on('close', () => clearInterval(timer));
    });
    await assert.rejects(look('/silent', 200), { name: /TimeoutError|AbortError/ });
    await assert.rejects(look('/drip', 200));
  });

  it('R17.5 never-ending: its head is enough, and without one half a megabyte', async (t) => {
    let sent = 0;
    const { look } = await serve(t, (response, path) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write(path === '/head' ? '<title>head</title></he' : '<title>none</title>');
      const more = (): void => {
        for (let ok = true; ok && !response.destroyed; sent += 65_536)
          ok = response.write(path === '/head' && sent === 0 ? 'ad>' : 'x'.repeat(65_536));
      };
      response.on('drain', more);
      more();
    });
    assert.equal((await look('/head'))?.preview.title, 'head');
    sent = 0;
    assert.equal((await look('/none'))?.preview.title, 'none');
    assert.ok(sent < 20_000_000, `${sent} bytes went out`);
  });

  it('R17.5 a bomb is unpacked no further than that', async (t) => {
    const bomb = Buffer.concat([Buffer.from('<title>bomb</title>'), Buffer.alloc(100_000_000, 0x20)]);
    const packed = { gzip: gzipSync(bomb), br: brotliCompressSync(bomb, { params: { 1: 3 } }) };
    const { look } = await serve(t, (response, path) => {
      const encoding = path.slice(1) as keyof typeof packed;
      return page(response, packed[encoding], { 'content-encoding': encoding });
    });
    for (const encoding of Object.keys(packed)) {
      const before = process.memoryUsage().rss;
      assert.equal((await look(`/${encoding}`))?.preview.title, 'bomb');
      assert.ok(process.memoryUsage().rss - before < 40_000_000, encoding);
    }
  });

  it('R17.5 packed as browsers know it; broken and unknown packing is refused', async (t) => {
    const body = Buffer.from(full);
    const answers: Record<string, [encoding: string, body: Buffer]> = {
      '/gzip': ['gzip', gzipSync(body)],
      '/deflate': ['deflate', deflateSync(body)],
      '/br': ['BR', brotliCompressSync(body)],
      '/broken': ['gzip', Buffer.from('this is not packed')],
      '/twice': ['gzip, gzip', gzipSync(gzipSync(body))],
      '/odd': ['constructor', body],
    };
    const { look } = await serve(t, (response, path) => {
      const [encoding, bytes] = answers[path] ?? ['', body];
      return page(response, bytes, { 'content-encoding': encoding });
    });
    for (const path of ['/gzip', '/deflate', '/br']) assert.equal((await look(path))?.preview.title, '제목 & <b>', path);
    for (const path of ['/broken', '/twice', '/odd']) await assert.rejects(look(path), path);
  });

  it('R17.5 a picture that is too large is left out', async (t) => {
    const { look } = await serve(t, (response, path) =>
      path === '/'
        ? page(response, full)
        : response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)])),
    );
    assert.equal((await look())?.picture, null);
  });

  it('R17.5 one that is ended in the middle gives up at once', async (t) => {
    const end = new AbortController();
    const { url, reach } = await site(t, (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).write('<title>');
      end.abort();
    });
    await assert.rejects(lookUp(url, { reach, within: 60_000, pictures: true, signal: end.signal }), { name: 'AbortError' });
  });
});
