import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Gif } from '@suda/protocol';
import { gif, png } from './wire/pictures.ts';
import { type Person, Stage } from './wire/stage.ts';
import { download, upload } from './wire/upload.ts';

async function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'suda-gifs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const stage = await Stage.open(t, { filesFolder: folder });
  const put = async (who: Person, bytes: Buffer, name: string) => (await upload(stage.url, who.token, bytes, name)).file;
  const get = async (who: Person, id: string) => (await download(stage.url, who.token, id)).status;
  const http = async (who: Person, method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${who.token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const answer = await fetch(`${stage.url}/v1/gifs${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: (await answer.json()) as { gifs: Gif[]; next?: string; error?: { code: string } } };
  };
  return { stage, put, get, http };
}

describe('the library of GIFs', () => {
  it('R14.12 R14.13 someone gives one with words; another finds it, sends it without an upload, and its readers read it', async (t) => {
    const { stage, put, get, http } = await open(t);
    const { room, people } = await stage.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const sora = await stage.person('Sora');
    const file = await put(mina, await gif(4), 'IMG_0001.gif');
    assert.equal(await get(jihun, file.id), 404);
    assert.deepEqual(await mina.ask('gif.add', { file: file.id, words: '춤추는 고양이 dancing cat' }), {
      file,
      words: '춤추는 고양이 dancing cat',
      by: mina.id,
    });
    for (const q of ['고양', '추는', '양이', 'dan', 'CAT 춤'])
      assert.deepEqual(
        (await http(jihun, 'GET', `?q=${encodeURIComponent(q)}`)).body.gifs.map((one) => one.file.id),
        [file.id],
        q,
      );
    for (const q of ['개', 'img', '!']) assert.deepEqual((await http(jihun, 'GET', `?q=${encodeURIComponent(q)}`)).body.gifs, [], q);
    await jihun.ask('message.send', { room, clientId: 'a', text: '', attachments: [file.id] });
    assert.equal(await get(sora, file.id), 200, 'what is in the library is everyone’s');
    assert.equal((await http(jihun, 'DELETE', `/${file.id}`)).body.error?.code, 'not_author');
    assert.equal((await http(mina, 'DELETE', `/${file.id}`)).status, 200);
    assert.deepEqual([await get(sora, file.id), await get(jihun, file.id)], [404, 200], 'and afterwards of those who may read the message');
  });

  it('R14.11 what is shown in an open room is there at once, and gone with its message; of private rooms nothing is told', async (t) => {
    const { stage, put, http } = await open(t);
    const mina = await stage.person('Mina');
    const jihun = await stage.person('Jihun');
    const lobby = 'lobby';
    await mina.ask('room.join', { room: lobby });
    const { id: den } = await mina.ask('room.create', { name: 'den', kind: 'private' });
    const { id: club } = await mina.ask('room.create', { name: 'club', kind: 'public', password: 'meow' });
    const { id: alone } = await mina.ask('direct.open', { user: mina.id });
    for (const [i, room] of [den, club, alone].entries()) {
      const { id } = await put(mina, await gif(2, 100 + i * 10), `secret${i}.gif`);
      await mina.ask('message.send', { room, clientId: 'x', text: '', attachments: [id] });
    }
    const { id } = await put(mina, await gif(3), 'hello.gif');
    const { pos } = await mina.ask('message.send', { room: lobby, clientId: 'y', text: '', attachments: [id] });
    const seen = async () => (await http(jihun, 'GET', '')).body.gifs.map((one) => one.words);
    assert.deepEqual(await seen(), ['hello']);
    assert.deepEqual((await http(jihun, 'GET', '?q=secret')).body.gifs, []);
    await mina.ask('message.delete', { room: lobby, pos });
    assert.deepEqual(await seen(), []);
  });

  it('R14.12 P8 nonsense is refused in a sentence', async (t) => {
    const { stage, put, http } = await open(t);
    const mina = await stage.person('Mina');
    const still = await put(mina, await png(), 'a.png');
    const moving = await put(mina, await gif(), 'a.gif');
    assert.equal((await http(mina, 'POST', '', { file: still.id, words: 'x' })).body.error?.code, 'not_allowed');
    for (const words of ['', ' ', 'a\nb', 'x'.repeat(101), '\u200b'])
      assert.equal((await http(mina, 'POST', '', { file: moving.id, words })).body.error?.code, 'invalid', words);
    for (const query of ['?q=', '?before=x', '?limit=0', '?limit=51', '?q=a&q=b'])
      assert.equal((await http(mina, 'GET', query)).body.error?.code, 'invalid', query);
    assert.equal((await http(mina, 'DELETE', '/fnowhere')).body.error?.code, 'no_such_file');
    const nobody = await fetch(`${stage.url}/v1/gifs`);
    assert.equal(nobody.status, 401);
  });

  it('R14.14 pages go on where the last one ended', async (t) => {
    const { stage, put, http } = await open(t);
    const mina = await stage.person('Mina');
    for (let i = 0; i < 5; i++)
      await mina.ask('gif.add', { file: (await put(mina, await gif(2, 100 + i * 10), 'a.gif')).id, words: `n${i}` });
    const words: string[] = [];
    let before = '';
    do {
      const { body } = await http(mina, 'GET', `?limit=2${before && `&before=${before}`}`);
      words.push(...body.gifs.map((one) => one.words));
      before = body.next ?? '';
    } while (before !== '');
    assert.deepEqual(words, ['n4', 'n3', 'n2', 'n1', 'n0']);
  });
});
