import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { createSuda as createClient } from '@suda/client';
import type { JwtOptions } from '@suda/server';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { Embedded, listening } from './wire/host.ts';
import { within } from './wire/inbox.ts';
import { refusalOf } from './wire/refusal.ts';
import { travels } from './wire/socketio.ts';

const secret = 'a shared secret of at least 32 bytes';
const bytes = new TextEncoder().encode(secret);
type Key = Parameters<SignJWT['sign']>[0];

const sign = (
  claims: JWTPayload,
  key: Key = bytes,
  header: { alg: string; kid?: string } = { alg: 'HS256' },
  expires: string | number = '1h',
): Promise<string> => new SignJWT(claims).setProtectedHeader(header).setIssuedAt().setExpirationTime(expires).sign(key);

const host = (context: TestContext, jwt: JwtOptions): Promise<Embedded> =>
  Embedded.open(context, { identity: { jwt }, logger: pino({ level: 'silent' }) });

/** The sentence that a token is refused with. */
async function whyNot(of: Embedded, token: string): Promise<string> {
  const { status, json } = await of.call('GET', '/v1/rooms', { token });
  assert.deepEqual([status, json.error.code, json.error.retry], [401, 'unauthenticated', false]);
  return json.error.message;
}

describe('people known by JSON Web Tokens', () => {
  it('R2.2 P5 a token with a shared secret lets in at every door: header, cookie, hello, Socket.IO’s auth', async (context) => {
    const of = await host(context, { secret, cookie: 'session', issuer: 'https://id.example', audience: 'chat' });
    // As long as those of real providers: many claims.
    const token = await sign({ sub: '42', name: 'Mina', iss: 'https://id.example', aud: ['chat', 'mail'], groups: 'g'.repeat(2_000) });
    const id = of.suda.idOf('42');
    assert.deepEqual((await of.ask('hello', {}, token)).user, { id, name: 'Mina', guest: false });
    assert.equal((await of.ask('hello', {}, undefined, { cookie: `x=1; session=${token}` })).user.id, id);
    const hello = await of.ask('hello', { token });
    assert.deepEqual([hello.user.id, hello.token], [id, '']);
    const bare = await of.socket();
    assert.equal((await bare.ask('hello', { token })).user.id, id);
    const known = await of.socket({ authorization: `Bearer ${token}` });
    assert.equal((await known.ask('hello', {})).user.id, id);
    await (await of.stream('', { authorization: `Bearer ${token}` })).close();
    for (const socket of [bare, known]) await socket.close();
    for (const [, travel] of travels) {
      const client = await of.socketIo({ ...travel, auth: { token } });
      assert.equal((await client.ask('hello', {})).user.id, id);
      client.close();
    }
  });

  it('R2.7 our SDK goes on with the token that it was given, over every transport, and after each break', async (context) => {
    const of = await host(context, { secret });
    const token = await sign({ sub: '42', name: 'Mina' });
    await of.suda.command('room.join', { room: 'lobby' }, { as: { id: '42', name: 'Mina' } });
    for (const transport of ['websocket', 'sse', 'polling'] as const) {
      const client = createClient({ url: of.url, token, transports: [transport] });
      context.after(() => client.close());
      const online = (): Promise<void> =>
        within(
          'a connection',
          new Promise((resolve) => {
            client.connection.subscribe(({ state }) => state === 'online' && resolve());
          }),
        );
      client.connect();
      await online();
      assert.equal(client.me.get()?.id, of.suda.idOf('42'));
      const lobby = client.room('lobby');
      lobby.open();
      lobby.send(`by ${transport}`);
      await within(
        'the message',
        new Promise<void>((resolve) => {
          lobby.subscribe(
            ({ messages }) => messages.some(({ text, sender }) => text === `by ${transport}` && sender?.name === 'Mina') && resolve(),
          );
        }),
      );
      client.disconnect();
      client.connect();
      await online();
      assert.equal(client.me.get()?.id, of.suda.idOf('42'));
      client.close();
    }
  });

  it('RFC 7515 §4.1.1 tokens by a published key set: RSA, EC and Ed25519, chosen by kid, fetched once', async (context) => {
    const algorithms = ['RS256', 'ES256', 'EdDSA'] as const;
    const pairs = await Promise.all(algorithms.map((alg) => generateKeyPair(alg, { extractable: true })));
    const keys = await Promise.all(
      pairs.map(async ({ publicKey }, i) => ({ ...(await exportJWK(publicKey)), kid: algorithms[i] as string })),
    );
    let fetched = 0;
    const provider = createServer((_request, response) => {
      fetched++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    });
    const jwks = `http://127.0.0.1:${await listening(context, provider)}/keys`;
    for (const given of [jwks, new URL(jwks), { keys }]) {
      fetched = 0;
      const of = await host(context, { jwks: given });
      for (const [i, alg] of algorithms.entries()) {
        const token = await sign({ sub: `${i}`, preferred_username: alg }, pairs[i]?.privateKey, { alg, kid: alg });
        assert.equal((await of.ask('hello', {}, token)).user.name, alg);
      }
      assert.equal(fetched, typeof given === 'string' || given instanceof URL ? 1 : 0);
      const stranger = await generateKeyPair('ES256');
      assert.equal(
        await whyNot(of, await sign({ sub: '1' }, stranger.privateKey, { alg: 'ES256', kid: 'ES256' })),
        'The token’s signature is not valid.',
      );
      assert.equal(
        await whyNot(of, await sign({ sub: '1' }, stranger.privateKey, { alg: 'ES256', kid: 'other' })),
        'There is no key for this token.',
      );
      // RFC 8725 §2.1: the public key taken for a shared secret.
      const [rsa] = pairs;
      assert.ok(rsa);
      const confused = await sign({ sub: '1' }, new TextEncoder().encode(await exportSPKI(rsa.publicKey)), { alg: 'HS256', kid: 'RS256' });
      assert.equal(await whyNot(of, confused), 'The token is signed in a way that is not accepted here.');
    }
  });

  it('R2.2 a token that is expired, early, altered, unsigned or not for us is refused, each with its reason', async (context) => {
    const of = await host(context, { secret, issuer: 'https://id.example', audience: 'chat' });
    const good = { sub: '42', iss: 'https://id.example', aud: 'chat' };
    const now = Math.floor(Date.now() / 1000);
    const token = await sign(good);
    assert.equal((await of.call('GET', '/v1/rooms', { token })).status, 200);
    const [head = '', body = '', signature = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ ...good, sub: '1', exp: now + 60 })).toString('base64url');
    const cases: readonly (readonly [string, string])[] = [
      [await sign(good, bytes, { alg: 'HS256' }, now - 60), 'The token has expired.'],
      [await sign({ ...good, nbf: now + 600 }), 'The token’s "nbf" is not what is expected here.'],
      [await sign({ ...good, iss: 'https://evil.example' }), 'The token’s "iss" is not what is expected here.'],
      [await sign({ ...good, aud: 'mail' }), 'The token’s "aud" is not what is expected here.'],
      [await sign(good, new TextEncoder().encode('another secret of at least 32 bytes')), 'The token’s signature is not valid.'],
      [[head, other, signature].join('.'), 'The token’s signature is not valid.'],
      [await sign(good, bytes, { alg: 'HS512' }), 'The token is signed in a way that is not accepted here.'],
      [new UnsecuredJWT(good).setExpirationTime('1h').encode(), 'The token is signed in a way that is not accepted here.'],
      [
        [Buffer.from('{"alg":"none"}').toString('base64url'), body, signature].join('.'),
        'The token is signed in a way that is not accepted here.',
      ],
      [await sign({ iss: good.iss, aud: good.aud }), 'The token names nobody: it has no "sub".'],
      ['a.b.c', 'This token is not valid here.'],
      ['nonsense', 'This token is not valid here.'],
    ];
    for (const [bad, sentence] of cases) {
      assert.equal(await whyNot(of, bad), sentence);
      assert.equal(await refusalOf(of.ask('hello', { token: bad })), 'unauthenticated');
      await assert.rejects(of.socketIo({ auth: { token: bad } }), { message: sentence });
    }
    const socket = await of.socket({ authorization: `Bearer ${cases[0]?.[0]}` });
    assert.equal(await refusalOf(socket.ask('room.list', {})), 'unauthenticated');
    assert.equal((await socket.ask('hello', { token })).user.id, of.suda.idOf('42'));
    await socket.close();
  });

  it('R2.1 a cookie that has run out is as none: a guest may come in where there are guests', async (context) => {
    const of = await Embedded.open(context, { identity: { jwt: { secret, cookie: 'session' } }, guests: true });
    const cookie = `session=${await sign({ sub: '42' }, bytes, { alg: 'HS256' }, 1)}`;
    assert.equal((await of.ask('hello', { name: 'Guest' }, undefined, { cookie })).user.guest, true);
  });

  it('the host says whom the claims speak of, or that they speak of nobody', async (context) => {
    const of = await host(context, {
      secret,
      user: ({ uid, mail }) => (uid === undefined ? undefined : { id: Number(uid), name: String(mail) }),
    });
    const { user } = await of.ask('hello', {}, await sign({ uid: 7, mail: 'mina@example.org' }));
    assert.deepEqual([user.id, user.name], [of.suda.idOf(7), 'mina@example.org']);
    assert.equal(await refusalOf(of.ask('hello', {}, await sign({ sub: 'x' }))), 'unauthenticated');
  });

  it('R3.3 a key set that can’t be fetched is no fault of the token: try again', async (context) => {
    const of = await host(context, { jwks: 'http://127.0.0.1:9/keys' });
    const { privateKey } = await generateKeyPair('ES256');
    assert.equal(await refusalOf(of.ask('room.list', {}, await sign({ sub: '1' }, privateKey, { alg: 'ES256' }))), 'unavailable');
  });
});
