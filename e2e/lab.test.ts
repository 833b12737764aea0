import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WebSocket } from 'ws';
import { ServerProcess } from './server-process.ts';

interface Handshakes {
  readonly handshakes: readonly { readonly kind: string; readonly response?: { readonly line: string } }[];
  readonly error?: { readonly code: string };
}

describe('what the server tells the lab', () => {
  let server: ServerProcess;
  let mina: { token: string };
  let jihun: { token: string };
  const path = '/v1/lab/handshakes/nonce-of-mina';

  before(async () => {
    server = await ServerProcess.start();
    [mina, jihun] = await Promise.all([server.guest('Mina'), server.guest('Jihun')]);
  });
  after(() => server.remove());

  const connect = (query: string): Promise<WebSocket> => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/v1/ws${query}`, 'suda.v1', {
      headers: { authorization: `Bearer ${mina.token}` },
    });
    return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject));
  };

  it('R13.1 R13.2 a handshake with a nonce, to its own user alone, without the token', async () => {
    const socket = await connect('?lab=nonce-of-mina');
    const { status, body } = await server.call<Handshakes>('GET', path, undefined, mina.token);
    assert.equal(status, 200);
    assert.equal(body.handshakes[0]?.kind, 'upgrade');
    assert.equal(body.handshakes[0]?.response?.line, 'HTTP/1.1 101 Switching Protocols');
    assert.ok(!JSON.stringify(body).includes(mina.token));
    assert.deepEqual((await server.call<Handshakes>('GET', path, undefined, jihun.token)).body.handshakes, []);
    assert.equal((await server.call('GET', path)).status, 401);
    assert.deepEqual((await server.call('DELETE', path, undefined, jihun.token)).body, { cut: false });
    assert.equal((await server.call<Handshakes>('POST', path, {}, mina.token)).body.error?.code, 'method_not_allowed');
    socket.terminate();
  });

  it('R13.3 breaks what is open under it, without a word', async () => {
    const socket = await connect('?lab=nonce-of-mina');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    assert.deepEqual((await server.call('DELETE', path, undefined, mina.token)).body, { cut: true });
    assert.equal(await closed, 1006);
    assert.deepEqual((await server.call('DELETE', path, undefined, mina.token)).body, { cut: false });
  });

  it('R13.1 without a nonce nothing is remembered', async () => {
    const socket = await connect('');
    const { body } = await server.call<Handshakes>('GET', '/v1/lab/handshakes/nonce-of-none', undefined, mina.token);
    assert.deepEqual(body.handshakes, []);
    socket.terminate();
  });
});
