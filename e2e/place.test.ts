import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { request } from 'node:http';
import type { TestContext } from 'node:test';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from './server-process.ts';

const cli = fileURLToPath(new URL('../packages/server/src/cli.ts', import.meta.url));

interface Place {
  name: string | null;
  keeper: string | null;
  claimable: boolean;
  addresses?: string[];
}
interface Refusal {
  error?: { code: string };
}

/** As it looks when a proxy or tunnel on the server's machine passes it on. */
function passedOn(
  server: ServerProcess,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: object,
): Promise<Place & Refusal> {
  return new Promise((resolve, reject) => {
    const asked = request({
      port: server.port,
      host: '127.0.0.1',
      method,
      path,
      headers: { 'content-type': 'application/json', ...headers },
    });
    asked.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
    asked.on('error', reject);
    asked.end(body && JSON.stringify(body));
  });
}

async function place(context: TestContext): Promise<ServerProcess> {
  const server = await ServerProcess.start();
  context.after(() => server.remove());
  return server;
}

describe('a place, and who keeps it', { timeout: 120_000 }, () => {
  it('R15.1 whoever comes first at the server’s machine keeps it; a stranger at its door doesn’t', async (context) => {
    const server = await place(context);
    const { body: begin } = await server.call<Place>('GET', '/v1/place');
    assert.deepEqual(begin, { name: null, keeper: null, claimable: true, addresses: [] }, 'to whoever is nobody yet');
    const [mina, eve] = [await server.guest('Mina'), await server.guest('Eve')];
    const strange: Record<string, string>[] = [
      { host: 'chat.example' },
      { 'x-forwarded-for': '203.0.113.9' },
      { host: 'chat.example', via: '1.1 tunnel' },
      { forwarded: 'for=203.0.113.9' },
    ];
    for (const headers of strange) {
      const seen = await passedOn(server, 'GET', '/v1/place', headers);
      assert.deepEqual(seen, { name: null, keeper: null, claimable: false }, JSON.stringify(headers));
      const refused = await passedOn(
        server,
        'POST',
        '/v1/place/claim',
        { ...headers, authorization: `Bearer ${eve.token}` },
        { name: 'Eve’s' },
      );
      assert.equal(refused.error?.code, 'not_keeper');
    }
    const wrong = await passedOn(
      server,
      'POST',
      '/v1/place/claim',
      { host: 'chat.example', authorization: `Bearer ${eve.token}` },
      { key: 'x'.repeat(24) },
    );
    assert.equal(wrong.error?.code, 'not_keeper');
    const claimed = await server.call<Place>('POST', '/v1/place/claim', { name: '우리집' }, mina.token);
    assert.deepEqual(claimed.body, { name: '우리집', keeper: mina.id });
    assert.equal((await server.call('POST', '/v1/place/claim', {}, eve.token)).status, 403);
    assert.equal((await server.call('PATCH', '/v1/place', { name: 'Eve’s' }, eve.token)).status, 403);
    assert.equal((await server.call<Place>('PATCH', '/v1/place', { name: '새 이름' }, mina.token)).body.name, '새 이름');
    assert.equal((await server.call<Place>('GET', '/v1/place')).body.claimable, false);
  });

  it('R15.1 elsewhere it is claimed by the link that the server prints, as long as nobody keeps it', async (context) => {
    const server = await place(context);
    const key = /#key=([\w-]{24})$/m.exec(server.said)?.[1];
    assert.ok(key, server.said);
    const far = await server.guest('Far');
    const headers = { host: 'chat.example', authorization: `Bearer ${far.token}` };
    assert.equal((await passedOn(server, 'POST', '/v1/place/claim', headers, { key })).keeper, far.id);
    await server.end('SIGTERM');
    await server.start();
    assert.doesNotMatch(server.said, /#key=/);
    assert.equal((await server.call<Place>('GET', '/v1/place')).body.keeper, far.id);
    // Far's browser has forgotten them: the operator gives the place free.
    await server.end('SIGTERM');
    execFileSync(process.execPath, [cli, 'release', '--data', server.folder]);
    await server.start();
    assert.match(server.said, /#key=/);
    assert.equal((await server.call<Place>('GET', '/v1/place')).body.claimable, true);
  });
});

describe('invitations', { timeout: 120_000 }, () => {
  let server: ServerProcess;
  before(async () => {
    server = await ServerProcess.start();
  });
  after(() => server.remove());

  interface Made {
    code: string;
    used: number;
    expiresAt: number | null;
  }

  it('R15.2 R15.6 a code shows where it leads to whoever holds it, and lets them into a locked private room', async () => {
    const [mina, jihun] = [await server.guest('Mina'), await server.guest('Jihun')];
    const { body: room } = await server.call<{ id: string }>(
      'POST',
      '/v1/rooms',
      { name: '비밀', kind: 'private', password: 'xyz' },
      mina.token,
    );
    const path = `/v1/rooms/${room.id}/invitations`;
    const { body: made } = await server.call<Made>('POST', path, { uses: 2 }, mina.token);
    assert.match(made.code, /^i[a-z2-9]{15}$/);
    const week = Number(made.expiresAt) - Date.now();
    assert.ok(week > 6.9 * 24 * 3_600_000 && week < 7.1 * 24 * 3_600_000);
    const { body: view } = await server.call(`GET`, `/v1/invitations/${made.code}`);
    assert.deepEqual(view, {
      room: { id: room.id, kind: 'private', name: '비밀', memberCount: 1 },
      by: { id: mina.id, name: 'Mina' },
      place: null,
    });
    assert.equal((await server.call('GET', `/v1/rooms/${room.id}/messages`, undefined, jihun.token)).status, 403);
    const accepted = await server.call<{ role: string }>('POST', `/v1/invitations/${made.code}/accept`, {}, jihun.token);
    assert.equal(accepted.body.role, 'member');
    assert.equal((await server.call('GET', `/v1/rooms/${room.id}/messages`, undefined, jihun.token)).status, 200);
    const list = await server.call<{ invitations: Made[] }>('GET', path, undefined, mina.token);
    assert.deepEqual(
      list.body.invitations.map(({ code, used }) => [code, used]),
      [[made.code, 1]],
    );
    assert.deepEqual((await server.call<{ invitations: Made[] }>('GET', path, undefined, jihun.token)).body.invitations, [], 'another’s');
    assert.equal((await server.call('DELETE', `/v1/invitations/${made.code}`, undefined, jihun.token)).status, 403);
    assert.equal((await server.call('DELETE', `/v1/invitations/${made.code}`, undefined, mina.token)).status, 200);
    assert.equal((await server.call('GET', `/v1/invitations/${made.code}`)).status, 404);
  });

  it('R15.6 who tries codes is slowed down; right ones cost nothing', async () => {
    const mina = await server.guest('Mina');
    const { body: made } = await server.call<Made>('POST', '/v1/rooms', { name: 'r', kind: 'private' }, mina.token);
    const { body } = await server.call<Made>('POST', `/v1/rooms/${(made as unknown as { id: string }).id}/invitations`, {}, mina.token);
    for (let i = 0; i < 20; i++) assert.equal((await server.call('GET', `/v1/invitations/${body.code}`)).status, 200);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await server.call('GET', `/v1/invitations/iaaaaaaaaaaaaa${i}`)).status);
    assert.equal(statuses[0], 404);
    assert.equal(statuses.at(-1), 429);
  });
});
