import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { LOBBY } from '@suda/server';
import type { Answer } from './wire/caller.ts';
import { within } from './wire/inbox.ts';
import { Raw } from './wire/raw.ts';
import { refusalOf } from './wire/refusal.ts';
import { Socket } from './wire/socket.ts';
import { Stage } from './wire/stage.ts';

const codeOf = ({ status, json }: Answer): [number, string] => [status, json?.error?.code];

describe('refusals', () => {
  let stage: Stage;
  before(async () => {
    stage = await Stage.open(undefined);
  });
  after(() => stage.server.stop());

  it('R2.3 hello with a token that is not valid is refused, and makes no guest of a name', async () => {
    const mina = await stage.person('Mina');
    for (const token of ['x', `${mina.token}x`, 'a.b.c']) {
      for (const name of [undefined, 'Other']) {
        const input = name === undefined ? { token } : { token, name };
        const answer = await stage.call('POST', '/v1/session', { body: input });
        assert.deepEqual(codeOf(answer), [401, 'unauthenticated']);
        assert.equal(answer.headers.get('set-cookie'), null);
        const nameless = await Socket.connect(stage.port);
        assert.equal(await refusalOf(nameless.ask('hello', input)), 'unauthenticated');
        assert.equal(await refusalOf(nameless.ask('room.list', {})), 'unauthenticated');
        await nameless.close();
        const named = await mina.socket();
        assert.equal(await refusalOf(named.ask('hello', input)), 'unauthenticated');
        assert.equal((await named.ask('hello', {})).user.id, mina.id, 'who it was before is who it is');
        await named.close();
      }
    }
  });

  it('R8.3 a body that is not UTF-8 is refused, not mended', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [{ token }] = people;
    const post = async (body: Uint8Array<ArrayBuffer>): Promise<[number, string]> => {
      const response = await fetch(`${stage.url}/v1/rooms/${room}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
      });
      const json = (await response.json()) as { error?: { code: string } };
      return [response.status, json.error?.code ?? 'none'];
    };
    const around = (...bytes: number[]) =>
      Buffer.concat([Buffer.from('{"clientId":"c","text":"a'), Buffer.from(bytes), Buffer.from('b"}')]);
    for (const bytes of [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xb0, 0xa1], [0xf4, 0x90, 0x80, 0x80]])
      assert.deepEqual(await post(around(...bytes)), [400, 'malformed'], String(bytes));
    assert.equal((await people[0].ask('room.get', { room })).pos, 1);
    assert.deepEqual(await post(around(0xed, 0x95, 0x9c)), [200, 'none']);
  });

  it('R8.3 a body that is no object is invalid', async () => {
    const { token } = await stage.person('Mina');
    for (const body of ['null', ' null ', '1', '"x"', '[]', 'true']) {
      assert.deepEqual(codeOf(await stage.call('POST', '/v1/session', { body })), [400, 'invalid'], body);
      assert.deepEqual(codeOf(await stage.call('POST', '/v1/rooms', { body, token })), [400, 'invalid'], body);
      assert.deepEqual(codeOf(await stage.call('POST', '/v1/rooms/lobby/join', { body, token })), [400, 'invalid'], body);
    }
  });

  it('R8.3 a name has something to see, and is well-formed', async () => {
    const { room, people } = await stage.room(['Mina']);
    const [mina] = people;
    const names = [
      '\u200b',
      '\u3164',
      '\u3164 \u200d\ufe0f',
      '\u2800\u00ad',
      '\uffa0\u115f\u1160',
      '\ud800',
      'a\udc00',
      '\ud83dx',
      '\udc00\ud800',
    ];
    for (const name of names) {
      const what = JSON.stringify(name);
      assert.deepEqual(codeOf(await stage.call('POST', '/v1/session', { body: { name } })), [400, 'invalid'], what);
      assert.equal(await mina.refused('user.rename', { name }), 'invalid', what);
      assert.equal(await mina.refused('room.create', { name, kind: 'public' }), 'invalid', what);
      assert.equal(await mina.refused('room.update', { room, name }), 'invalid', what);
    }
    for (const name of ['한', '👨‍👩‍👧', 'é', 'e\u0301', '\u3164ㄱ', '😀'])
      assert.equal((await mina.ask('user.rename', { name })).name, name);
    for (const password of ['\ud800', 'a\udc00'])
      assert.equal(await mina.refused('room.create', { name: 'x', kind: 'public', password }), 'invalid');
    const socket = await mina.socket();
    assert.equal(await refusalOf(socket.ask('message.react', { room, pos: 1, emoji: '\ud83d' })), 'invalid');
    await socket.close();
  });

  it('R8.2 what is no HTTP is refused in the same form', async () => {
    for (const [bytes, status, code] of [
      ['hello there\r\n\r\n', 400, 'malformed'],
      [Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 400, 'malformed'],
      ['GET / HTTP/9.9\r\n\r\n', 400, 'malformed'],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`, 413, 'payload_too_large'],
    ] as const) {
      const raw = await Raw.open(stage.port);
      raw.write(bytes);
      await within('the end', raw.ended);
      const [head = '', body = ''] = raw.bytes.toString().split('\r\n\r\n');
      assert.match(head, new RegExp(`^HTTP/1.1 ${status} `));
      assert.match(head, /content-type: application\/json/i);
      const { error } = JSON.parse(body);
      assert.deepEqual([error.code, error.retry, typeof error.message], [code, false, 'string']);
    }
  });

  it('R3.6 the list of rooms has no public room that everyone has left, but always the lobby', async () => {
    const { room, people } = await stage.room(['Mina', 'Jihoon']);
    const [mina, jihoon] = people;
    const looker = await stage.person('Looker');
    const listed = async (): Promise<string[]> => (await looker.ask('room.list', {})).rooms.map(({ id }) => id);
    const isListed = async (): Promise<boolean> => (await listed()).includes(room);
    assert.equal(await isListed(), true);
    await mina.ask('room.leave', { room });
    assert.equal(await isListed(), true);
    await jihoon.ask('room.leave', { room });
    assert.equal(await isListed(), false);
    const socket = await looker.socket();
    assert.ok(!(await socket.ask('room.list', {})).rooms.some(({ id }) => id === room));
    await socket.close();
    // It is still there for who knows it.
    await mina.ask('room.join', { room });
    assert.equal(await isListed(), true);
    const { memberCount } = await looker.ask('room.get', { room: LOBBY });
    assert.equal(memberCount, 0);
    assert.ok((await listed()).includes(LOBBY));
  });
});
