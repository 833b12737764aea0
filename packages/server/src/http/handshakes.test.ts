import assert from 'node:assert/strict';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { UserId } from '@suda/protocol';
import { Handshakes, nonceOf, responseHead } from './handshakes.ts';

const mina = 'umina' as UserId;
const jihun = 'ujihun' as UserId;

describe('what the lab remembers of handshakes', () => {
  let server: Server;
  let url: string;
  let now = 0;
  const handshakes = new Handshakes(
    async ({ headers }) => (headers.authorization === undefined ? undefined : (headers.authorization as UserId)),
    () => now,
  );

  before(async () => {
    server = createServer((request, response) => {
      handshakes.watch(request, response);
      if (request.url?.startsWith('/stream')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('retry: 1234\n\n');
      } else {
        response.setHeader('set-cookie', 'suda=secret');
        response.end('{}');
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = async (path: string, authorization?: string): Promise<void> => {
    const headers = { cookie: 'suda=secret', ...(authorization === undefined ? {} : { authorization }) };
    await (await fetch(url + path, { headers })).text();
  };

  it('keeps a head for its own user, without cookies and tokens', async () => {
    await ask('/x?lab=nonce-0001', mina);
    const [handshake, ...rest] = handshakes.of(mina, 'nonce-0001');
    assert.deepEqual(rest, []);
    assert.match(handshake?.request.line ?? '', /^GET \/x\?lab=nonce-0001 HTTP\/1\.1$/);
    assert.match(handshake?.response?.line ?? '', /^HTTP\/1\.1 200 OK$/);
    assert.doesNotMatch(JSON.stringify(handshake), /secret|umina/);
    assert.deepEqual(handshakes.of(jihun, 'nonce-0001'), [], 'P7 nobody else has it');
  });

  it('keeps nothing of those who don’t ask, and of nobody', async () => {
    await ask('/x', mina);
    await ask('/x?lab=nonce-0002');
    await ask('/x?lab=short', mina);
    assert.deepEqual(handshakes.of(mina, 'nonce-0002'), []);
    assert.equal(nonceOf('/v1/ws'), undefined);
    assert.equal(nonceOf('/v1/ws?lab=../../etc'), undefined);
    assert.equal(nonceOf('/v1/ws?slab=nonce-0003'), undefined);
  });

  it('keeps the first and the latest', async () => {
    for (const n of [1, 2, 3]) await ask(`/x?n=${n}&lab=nonce-0004`, mina);
    assert.deepEqual(
      handshakes.of(mina, 'nonce-0004').map(({ request }) => /n=(\d)/.exec(request.line)?.[1]),
      ['1', '3'],
    );
  });

  it('keeps an event stream’s beginning, and cuts it, for its user alone', async () => {
    const ended = new Promise<void>((resolve, reject) => {
      get(`${url}/stream?lab=nonce-0005`, { headers: { authorization: mina } }, (response) => {
        response.once('data', () => {
          assert.equal(handshakes.cut(jihun, 'nonce-0005'), false);
          assert.equal(handshakes.cut(mina, 'nonce-0005'), true);
        });
        response.once('error', () => resolve());
        response.once('end', () => reject(new Error('it ended well')));
      }).once('error', reject);
    });
    await ended;
    assert.match(handshakes.of(mina, 'nonce-0005')[0]?.begins ?? '', /retry: 1234\n\n/);
    assert.equal(handshakes.cut(mina, 'nonce-0001'), false, 'what is over can’t be cut');
  });

  it('forgets what is old', async () => {
    now = 700_000;
    await ask('/x?lab=nonce-0006', mina);
    assert.deepEqual(handshakes.of(mina, 'nonce-0001'), []);
    assert.equal(handshakes.of(mina, 'nonce-0006').length, 1);
  });

  it('reads any head', () => {
    assert.deepEqual(responseHead('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket').headers, [['Upgrade', 'websocket']]);
    assert.equal(responseHead('HTTP/1.1 204 No Content').bytes, 'HTTP/1.1 204 No Content\r\n\r\n'.length);
  });
});
