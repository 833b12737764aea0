import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MemoryStore } from '@suda/chat';
import { type CommandName, commands, limits, routes } from '@suda/protocol';
import type { Answer } from './wire/caller.ts';
import { FakeProvider } from './wire/gif-provider.ts';
import { until, within } from './wire/inbox.ts';
import { gif } from './wire/pictures.ts';
import { Raw } from './wire/raw.ts';
import { Stage } from './wire/stage.ts';
import { upload } from './wire/upload.ts';

const codeOf = ({ status, json }: Answer): [number, string] => [status, json?.error?.code];

describe('HTTP', () => {
  let stage: Stage;
  let folder: string;
  let provider: FakeProvider;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'suda-http-'));
    provider = await FakeProvider.start();
    const gifs = { provider: 'giphy', key: 'the-key', url: provider.url } as const;
    stage = await Stage.open(undefined, { filesFolder: folder, claimKey: 'k'.repeat(24), gifs });
  });
  after(async () => {
    await stage.server.stop();
    await provider.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('R8.1 P5 every command works as a route, and answers in the form that its schema says', async () => {
    const asked = new Set<CommandName>();
    const { token, user } = await stage.ask('hello', { name: 'Mina' });
    const other = await stage.person('Jihoon');
    const ask: Stage['ask'] = async (name, input) => {
      asked.add(name);
      const output = await stage.ask(name, input, token);
      commands[name].output.parse(output);
      return output;
    };
    asked.add('hello');
    const { id: room } = await ask('room.create', { name: 'Room', kind: 'private', capacity: 5 });
    await ask('room.invite', { room, user: other.id });
    assert.equal((await ask('room.get', { room })).memberCount, 2);
    assert.equal((await ask('room.update', { room, name: 'Room 2', password: 'sesame' })).locked, true);
    assert.ok((await ask('room.list', {})).rooms.some(({ id }) => id === room));
    await ask('room.join', { room: 'lobby' });
    await ask('room.leave', { room: 'lobby' });
    const sent = await ask('message.send', { room, clientId: 'c1', text: 'hello 안녕' });
    assert.deepEqual(await ask('message.send', { room, clientId: 'c1', text: 'again' }), sent);
    const { pos } = sent;
    assert.equal((await ask('message.edit', { room, pos, text: 'hello!' })).rev, sent.rev + 1);
    for (const emoji of ['👍', '👨‍👩‍👧', 'a/b?c#d%e']) {
      await ask('message.react', { room, pos, emoji });
      const { messages } = await ask('message.list', { room, around: pos, limit: 10 });
      assert.deepEqual(
        messages.find((message) => message.pos === pos)?.reactions?.map((reaction) => reaction.emoji),
        [emoji],
      );
      await ask('message.unreact', { room, pos, emoji });
    }
    assert.equal((await ask('message.search', { q: 'hello', room, limit: 5 })).messages[0]?.pos, pos);
    const opened = await ask('room.open', { room });
    const changes = await ask('room.open', { room, epoch: opened.epoch, rev: opened.head });
    assert.deepEqual('changes' in changes && changes.changes, []);
    await ask('room.close', { room });
    assert.deepEqual(await ask('room.read', { room, pos: 1 }), { readPos: pos });
    assert.deepEqual(await ask('room.unread', { room, pos }), { readPos: pos - 1 });
    assert.deepEqual(await ask('room.notify', { room, notify: 'all' }), { notify: 'all', muted: false });
    const hey = { room, clientId: 'c2', text: 'hey', mentions: [user.id], replyTo: pos };
    await other.ask('message.send', hey);
    assert.equal((await ask('mention.list', { limit: 5 })).messages[0]?.text, 'hey');
    await ask('room.typing', { room, typing: false });
    assert.equal((await ask('room.members', { room })).members.length, 2);
    await ask('message.unpreview', { room, pos });
    await ask('message.delete', { room, pos });
    await ask('room.transfer', { room, user: other.id });
    await other.ask('room.transfer', { room, user: user.id });
    await ask('room.kick', { room, user: other.id, ban: true });
    assert.equal((await ask('direct.open', { user: other.id })).kind, 'direct');
    assert.equal((await ask('user.rename', { name: 'Minah' })).name, 'Minah');
    assert.equal((await ask('place.get', {})).claimable, true);
    assert.equal((await ask('place.claim', { name: 'Our place' })).keeper, user.id);
    assert.equal((await ask('place.update', { name: '우리 집' })).name, '우리 집');
    const { code } = await ask('invitation.create', { room, uses: 1 });
    assert.equal((await ask('invitation.get', { code })).room.name, 'Room 2');
    assert.equal((await ask('invitation.accept', { code })).id, room);
    assert.equal((await ask('invitation.list', { room })).invitations[0]?.code, code);
    await ask('invitation.revoke', { code });
    const { file } = await upload(stage.url, token, await gif(2), 'cat.gif');
    await ask('gif.add', { file: file.id, words: 'cat' });
    assert.equal((await ask('gif.list', { q: 'cat' })).gifs.length, 1);
    await ask('gif.remove', { file: file.id });
    const [outside] = (await ask('gif.find', { q: 'cat' })).gifs;
    assert.equal((await ask('gif.take', { id: outside?.id ?? '' })).type, 'image/gif');
    assert.deepEqual([...asked].sort(), Object.keys(routes).sort());
  });

  it('R8.1 path and query fields are read as their schema says', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [{ token }] = people;
    const list = (query: string) => stage.call('GET', `/v1/rooms/${room}/messages${query}`, { token });
    for (const query of ['?limit=1', '?before=2&limit=01', '?after=0']) assert.equal((await list(query)).status, 200, query);
    for (const query of [
      '?limit=x',
      '?limit=',
      '?limit=1e1',
      '?limit=0x1',
      '?limit=1&limit=2',
      '?limit[]=1',
      '?before=1.5',
      '?nope=1',
      '?__proto__=1',
      '?__proto__=1&__proto__=2',
      '?constructor=1',
      '?room=lobby',
      '?before=2&after=1',
    ])
      assert.deepEqual(codeOf(await list(query)), [400, 'invalid'], query);
    for (const path of [
      '/v1/rooms/lobby/messages/x',
      '/v1/rooms/lobby/messages/0',
      '/v1/rooms/lobby/messages/-1',
      '/v1/rooms/lobby/messages/1.5',
    ])
      assert.deepEqual(codeOf(await stage.call('DELETE', path, { token })), [400, 'invalid'], path);
    assert.deepEqual(codeOf(await stage.call('GET', '/v1/rooms/UPPER', { token })), [400, 'invalid']);
    assert.deepEqual(codeOf(await stage.call('POST', `/v1/rooms/${room}/leave`, { token, body: { room } })), [400, 'invalid']);
  });

  it('R2.1 R2.2 a session sets a cookie that is a user, and that no script reads', async () => {
    const answer = await stage.call('POST', '/v1/session', { body: { name: 'Mina' } });
    const cookie = answer.headers.get('set-cookie') ?? '';
    assert.match(cookie, /^suda=[^;]+; /);
    for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) assert.ok(cookie.includes(part), cookie);
    assert.ok(!cookie.includes('Secure'), 'over plain HTTP a Secure cookie would be lost');
    const { user, rooms, limits: told } = answer.json;
    assert.deepEqual([user.name, user.guest, rooms, told.textLength], ['Mina', true, [], limits.textLength]);
    const headers = { cookie: cookie.split(';', 1)[0] ?? '' };
    const again = await stage.call('POST', '/v1/session', { headers, body: {} });
    assert.equal(again.json.user.id, user.id);
    const named = await stage.call('POST', '/v1/session', { headers, body: { name: 'Other' } });
    assert.deepEqual([named.json.user.id, named.json.user.name], [user.id, 'Mina']);
    const token = await stage.call('POST', '/v1/session', { body: { token: answer.json.token } });
    assert.equal(token.json.user.id, user.id);
  });

  it('R2.2 the header beats the cookie', async () => {
    const [mina, jihoon] = [await stage.person('Mina'), await stage.person('Jihoon')];
    const headers = { cookie: `suda=${jihoon.token}` };
    assert.equal((await stage.call('POST', '/v1/session', { headers, token: mina.token, body: {} })).json.user.id, mina.id);
    assert.deepEqual(codeOf(await stage.call('GET', '/v1/rooms', { headers, token: 'wrong' })), [401, 'unauthenticated']);
  });

  it('R2.3 without a user, or with a token that is not ours, every command but hello is refused', async () => {
    const { token } = await stage.person('Mina');
    const [body = '', signature = ''] = [token.slice(0, token.lastIndexOf('.')), token.slice(token.lastIndexOf('.') + 1)];
    const flipped = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
    for (const wrong of [
      undefined,
      '',
      'x',
      `${body}.`,
      `${body}.${flipped}`,
      `uxxxxxx.${body.split('.')[1]}.${signature}`,
      'x'.repeat(5_000),
      `${token}x`,
    ]) {
      const headers = wrong === undefined ? {} : { authorization: `Bearer ${wrong}` };
      assert.deepEqual(codeOf(await stage.call('GET', '/v1/rooms', { headers })), [401, 'unauthenticated'], String(wrong));
    }
    assert.deepEqual(codeOf(await stage.call('POST', '/v1/session', { body: {} })), [401, 'unauthenticated']);
    const strangers = await Stage.open(undefined, { secret: 'another secret, of another server' });
    assert.deepEqual(codeOf(await strangers.call('GET', '/v1/rooms', { token })), [401, 'unauthenticated']);
    await strangers.server.stop();
  });

  it('R2.5 DELETE /v1/session forgets the cookie', async () => {
    const { headers, status } = await stage.call('DELETE', '/v1/session');
    assert.equal(status, 200);
    assert.match(headers.get('set-cookie') ?? '', /^suda=; .*(Expires=Thu, 01 Jan 1970|Max-Age=0)/);
  });

  it('R2.4 a page of another origin changes nothing, by any route; this server’s own does', async () => {
    const { room, people } = await stage.room(['Mina']);
    const headers = { cookie: `suda=${people[0].token}` };
    const { head } = await people[0].ask('room.get', { room });
    for (const route of Object.values(routes)) {
      const [method = '', path = ''] = route.split(' ');
      if (method === 'GET') continue;
      const filled = path.replace('{room}', room).replace('{pos}', '1').replace('{emoji}', 'x');
      for (const origin of ['https://evil.example', 'null']) {
        const body = method === 'DELETE' ? {} : { body: {} };
        assert.deepEqual(
          codeOf(await stage.call(method, filled, { headers: { ...headers, origin }, ...body })),
          [403, 'origin_refused'],
          route,
        );
      }
    }
    assert.deepEqual(codeOf(await stage.call('DELETE', '/v1/session', { headers: { origin: 'https://evil.example' } })), [
      403,
      'origin_refused',
    ]);
    assert.equal((await people[0].ask('room.get', { room })).head, head);
    const own = await stage.call('POST', `/v1/rooms/${room}/messages`, {
      headers: { ...headers, origin: stage.url },
      body: { clientId: 'c', text: 'mine' },
    });
    assert.equal(own.status, 200);
  });

  it('R2.4 pages of an allowed origin may use it with their cookie, and no others hear of it', async (context) => {
    // As people write it down: with a slash, in capitals.
    const open = await Stage.open(context, { origins: ['https://Chat.example.org/', 'http://localhost:3000'] });
    const { room, people } = await open.room(['Mina']);
    const headers = { cookie: `suda=${people[0].token}` };
    for (const origin of ['https://chat.example.org', 'http://localhost:3000']) {
      const preflight = await open.call('OPTIONS', `/v1/rooms/${room}/messages`, {
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
      assert.equal(preflight.status, 204);
      assert.equal(preflight.headers.get('access-control-allow-origin'), origin);
      assert.equal(preflight.headers.get('access-control-allow-credentials'), 'true');
      assert.match(preflight.headers.get('access-control-allow-methods') ?? '', /PATCH/);
      const sent = await open.call('POST', `/v1/rooms/${room}/messages`, {
        headers: { ...headers, origin },
        body: { clientId: origin.replaceAll('/', ''), text: 'hi' },
      });
      assert.deepEqual([sent.status, sent.headers.get('access-control-allow-origin')], [200, origin]);
      assert.match(sent.headers.get('vary') ?? '', /origin/i);
      const stream = await people[0].stream(`?room=${room}`, { origin });
      assert.equal(stream.headers.get('access-control-allow-origin'), origin);
      await stream.close();
    }
    const evil = await open.call('GET', '/v1/rooms', { headers: { ...headers, origin: 'https://evil.example' } });
    assert.equal(evil.headers.get('access-control-allow-origin'), null);
    const refused = await open.call('POST', '/v1/rooms', {
      headers: { ...headers, origin: 'https://evil.example' },
      body: { name: 'x', kind: 'public' },
    });
    assert.deepEqual(codeOf(refused), [403, 'origin_refused']);
    assert.equal(
      (await stage.call('GET', '/v1/rooms', { headers: { origin: 'https://evil.example' } })).headers.get('access-control-allow-origin'),
      null,
    );
  });

  it('R8.2 a refusal has its status, a code, a sentence and whether a retry helps', async () => {
    const mina = await stage.person('Mina');
    const { status, json, headers } = await stage.call('GET', '/v1/rooms/nowhere', { token: mina.token });
    assert.equal(status, 404);
    assert.deepEqual(json, { error: { code: 'no_such_room', message: 'There is no such room.', retry: false } });
    assert.equal(headers.get('content-type'), 'application/json; charset=utf-8');
  });

  it('R3.1 a text above the limit is too_long, anything else that breaks the schema invalid, and names the field', async () => {
    const { room, people } = await stage.room(['Mina']);
    const send = (body: unknown) => stage.call('POST', `/v1/rooms/${room}/messages`, { token: people[0].token, body });
    assert.deepEqual(codeOf(await send({ clientId: 'c', text: 'x'.repeat(limits.textLength + 1) })), [413, 'too_long']);
    const answer = await send({ clientId: 'c', text: 1 });
    assert.deepEqual(codeOf(answer), [400, 'invalid']);
    assert.match(answer.json.error.message, /^text: /);
    for (const body of [
      '[]',
      '"text"',
      '1',
      'null',
      'true',
      '{"clientId":"c","text":"x","__proto__":{"a":1}}',
      '{"clientId":"c","text":"x","constructor":1}',
    ])
      assert.deepEqual(codeOf(await send(body)), [400, 'invalid'], body);
    assert.equal((await people[0].ask('room.get', { room })).pos, 1);
  });

  it('R8.3 a body too large, broken, or of another type', async () => {
    const { token } = await stage.person('Mina');
    const post = (body: string, type = 'application/json') =>
      stage.call('POST', '/v1/rooms', { token, body, headers: { 'content-type': type } });
    assert.deepEqual(codeOf(await post(JSON.stringify({ name: 'x'.repeat(limits.payloadBytes) }))), [413, 'payload_too_large']);
    for (const body of ['{', '{"name":}', "{'name':'x'}", 'undefined'])
      assert.deepEqual(codeOf(await post(body)), [400, 'malformed'], body);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'nonsense'])
      assert.deepEqual(codeOf(await post('{"name":"x","kind":"public"}', type)), [415, 'unsupported_type'], type);
    assert.equal((await post('{"name":"x","kind":"public"}', 'application/json; charset=utf-8')).status, 200);
    assert.equal(
      (await stage.call('POST', '/v1/rooms/lobby/join', { token })).status,
      200,
      'a command without required fields needs no body',
    );
  });

  it('R8.3 unknown paths and methods', async () => {
    const { token } = await stage.person('Mina');
    for (const path of ['/v1', '/v1/', '/v1/nope', '/v1/rooms/lobby/nope', '/v1//rooms', '/nope', '/v1/rooms/', '/favicon.php'])
      assert.deepEqual(codeOf(await stage.call('GET', path, { token })), [404, 'not_found'], path);
    for (const [method, path, allow] of [
      ['PUT', '/v1/rooms', 'GET, POST'],
      ['DELETE', '/v1/rooms/lobby', 'GET, PATCH'],
      ['GET', '/v1/rooms/lobby/join', 'POST'],
      ['GET', '/v1/session', 'DELETE, POST'],
      ['POST', '/v1/poll', 'GET'],
      ['PATCH', '/healthz', 'GET'],
      ['POST', '/v1/openapi.json', 'GET'],
      ['OPTIONS', '/v1/rooms', 'GET, POST'],
    ] as const) {
      const answer = await stage.call(method, path, { token });
      assert.deepEqual([...codeOf(answer), answer.headers.get('allow')], [405, 'method_not_allowed', allow], `${method} ${path}`);
    }
  });

  it('R8.3 what is no URL or no field gets a refusal of the same form', async () => {
    const { token } = await stage.person('Mina');
    for (const [path, status, code] of [
      ['/v1/rooms/%E0%A4%A', 400, 'malformed'],
      ['/v1/rooms/%ff', 400, 'malformed'],
      [`/v1/rooms/${'x'.repeat(600)}`, 400, 'invalid'],
      [`/v1/rooms/lobby/messages/1/reactions/${'x'.repeat(2_000)}`, 400, 'invalid'],
    ] as const)
      assert.deepEqual(
        codeOf(await stage.call(path.includes('reactions') ? 'DELETE' : 'GET', path, { token })),
        [status, code],
        path.slice(0, 60),
      );
  });

  it('R8.3 HEAD asks what GET would say, and opens no stream', async () => {
    const { token } = await stage.person('Mina');
    const head = await stage.call('HEAD', '/healthz');
    assert.deepEqual([head.status, head.text], [200, '']);
    for (const path of ['/v1/events', '/v1/poll?room=lobby']) {
      const answer = await within(`HEAD ${path}`, stage.call('HEAD', path, { token }));
      assert.equal(answer.status, 405, path);
    }
  });

  it('R8.3 people get a page, programs get JSON, and the page shows an address as text', async () => {
    const path = `/nope/${encodeURIComponent('<script>alert(1)</script>"\'&')}`;
    const html = { accept: 'text/html,application/xhtml+xml' };
    const answer = await stage.call('GET', path, { headers: html });
    assert.equal(answer.status, 404);
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.match(answer.text, /<title>404/);
    assert.ok(!/<script/i.test(answer.text));
    const raw = await Raw.open(stage.port);
    raw.write(`GET /<script>alert(1)</script>'"& HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
    await within('the end', raw.ended);
    const page = raw.bytes.toString();
    assert.match(page, /^HTTP\/1.1 404 /);
    assert.ok(!page.includes('<script'));
    assert.deepEqual(codeOf(await stage.call('GET', '/v1/nope', { headers: html })), [404, 'not_found']);
    assert.deepEqual(codeOf(await stage.call('GET', '/nope')), [404, 'not_found']);
    assert.deepEqual(codeOf(await stage.call('POST', '/nope', { headers: html })), [404, 'not_found']);
  });

  it('R8.4 says that it serves; R8.1 describes itself', async () => {
    assert.deepEqual((await stage.call('GET', '/healthz')).json, { ok: true });
    const openapi = await stage.call('GET', '/v1/openapi.json');
    assert.equal(openapi.json.openapi, '3.1.0');
    const docs = await stage.call('GET', '/docs');
    assert.equal(docs.headers.get('content-type'), 'text/html; charset=utf-8');
    for (const name of Object.keys(commands)) assert.ok(docs.text.includes(`id="${name}"`), name);
    assert.ok(!/<script|style=/.test(docs.text), 'the content security policy would stop it');
  });

  it('every answer carries the headers that keep browsers safe', async () => {
    const forPrograms = ["default-src 'none'", "frame-ancestors 'none'"];
    const forPages = [...forPrograms, "script-src 'self'", "base-uri 'none'", "form-action 'self'"];
    for (const path of ['/', '/docs', '/nope', '/healthz', '/socket.io/', '/v1/rooms', '/v1/nope', '/v1/openapi.json']) {
      const { headers } = await stage.call('GET', path);
      const policy = (headers.get('content-security-policy') ?? '').split(';');
      for (const directive of path.startsWith('/v1/') ? forPrograms : forPages) assert.ok(policy.includes(directive), `${path} ${policy}`);
      assert.ok(!policy.join().includes('unsafe'), `${policy}`);
      assert.equal(headers.get('referrer-policy'), 'same-origin', path);
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.equal(headers.get('x-frame-options') ?? 'SAMEORIGIN', 'SAMEORIGIN', path);
      assert.equal(headers.get('x-powered-by'), null);
      assert.equal(headers.get('strict-transport-security'), null);
    }
    const { token } = await stage.person('Mina');
    assert.equal((await stage.call('GET', '/v1/rooms', { token })).headers.get('cache-control'), 'no-store');
  });

  it('R3.7 too much is refused with when to come back, and nothing else happens', async (context) => {
    const slow = await Stage.open(context, { rate: 1 });
    const { room, people } = await slow.room(['Mina']);
    const [mina] = people;
    const answers = await Promise.all(
      Array.from({ length: 15 }, (_, i) =>
        slow.call('POST', `/v1/rooms/${room}/messages`, { token: mina.token, body: { clientId: `c${i}`, text: 'x' } }),
      ),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 4 && refused.length <= 5, `${refused.length}`);
    for (const { json, headers } of refused) {
      assert.deepEqual([json.error.code, json.error.retry], ['rate_limited', true]);
      assert.ok(json.error.retryAfter > 0 && json.error.retryAfter <= 1_000);
      assert.equal(headers.get('retry-after'), '1');
    }
    assert.equal((await mina.ask('room.get', { room })).pos, 1 + answers.length - refused.length);
    const socket = await mina.socket();
    socket.send('message.send', { room, clientId: 'ws', text: 'x' }, 1);
    await assert.rejects(socket.replyTo(1), (error: { wire?: { retryAfter: number } }) => (error.wire?.retryAfter ?? 0) > 0);
    await socket.caughtUp();
    await socket.close();
  });

  it('R3.7 guests are counted by address, which only configured proxies may tell', async (context) => {
    const hello = async (at: Stage, address: string): Promise<number> =>
      (await at.call('POST', '/v1/session', { body: { name: 'x' }, headers: { 'x-forwarded-for': address } })).status;
    const many = async (at: Stage, address: (i: number) => string): Promise<number> => {
      const all = await Promise.all(Array.from({ length: 110 }, (_, i) => hello(at, address(i))));
      return all.filter((status) => status === 429).length;
    };
    const direct = await Stage.open(context, { rate: 1 });
    assert.ok((await many(direct, (i) => `198.51.100.${i}`)) > 0, 'an address that anyone may claim does not help');
    const proxied = await Stage.open(context, { rate: 1, trustProxy: ['loopback'] });
    assert.equal(await many(proxied, (i) => `198.51.100.${i}`), 0);
    assert.ok(
      (await many(proxied, (i) => `203.0.113.${i}, 198.51.100.200`)) > 0,
      'what stands before the last hop was written by the client',
    );
  });

  it('R2.1 behind a proxy that speaks HTTPS the cookie is Secure; anyone else may not say so', async (context) => {
    const headers = { 'x-forwarded-proto': 'https' };
    const cookie = async (at: Stage) =>
      (await at.call('POST', '/v1/session', { body: { name: 'x' }, headers })).headers.get('set-cookie') ?? '';
    const proxied = await Stage.open(context, { trustProxy: ['127.0.0.1'] });
    assert.match(await cookie(proxied), /; Secure/);
    assert.doesNotMatch(await cookie(stage), /; Secure/);
  });

  it('P1 R5.9 what is under way when the server stops is finished and answered', async (context) => {
    let commit = (): void => {};
    let held = false;
    const store = new MemoryStore(undefined, {
      commit: async (apply) => {
        if (held) await new Promise<void>((resolve) => (commit = resolve));
        apply();
      },
    });
    const stopping = await Stage.open(context, { store });
    const { room, people } = await stopping.room(['Mina']);
    held = true;
    const sending = people[0].say(room, 'the last word');
    const asked = commit;
    await until('a commit that is held', () => commit !== asked);
    const stopped = stopping.server.stop();
    const late = await stopping.call('GET', '/healthz').catch(() => undefined);
    assert.ok(late === undefined || late.status === 503);
    held = false;
    commit();
    assert.equal((await within('the answer', sending)).pos, 2);
    await within('the end of the server', stopped);
  });
});
