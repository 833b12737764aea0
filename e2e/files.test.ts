import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { limits, type RoomId } from '@suda/protocol';
import { Embedded } from './wire/host.ts';
import { gif, photo, png } from './wire/pictures.ts';
import { type Person, Stage } from './wire/stage.ts';
import { download, upload } from './wire/upload.ts';

/** A stage that takes files. */
async function open(t: TestContext, options: Parameters<typeof Stage.open>[1] = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'suda-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const stage = await Stage.open(t, { filesFolder: folder, ...options });
  const put = (who: Person, bytes: Uint8Array | string, name?: string, headers = {}) => upload(stage.url, who.token, bytes, name, headers);
  const get = (who: Person | undefined, path: string, headers = {}) => download(stage.url, who?.token, path, headers);
  const kept = (): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  return { folder, stage, put, get, kept };
}

const show = (who: Person, room: string, ...attachments: string[]) =>
  who.ask('message.send', { room, clientId: attachments.join() || 'none', text: '', attachments });

describe('files', () => {
  it('R14.1 R14.2 a GIF goes up, into a message, live to whoever listens, and down again', async (t) => {
    const { stage, put, get } = await open(t);
    const { room, people } = await stage.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const socket = await jihun.socket();
    await socket.ask('room.open', { room });
    const bytes = await gif(4, 120);
    const { status, file } = await put(mina, bytes, '춤.gif');
    assert.equal(status, 200);
    const { placeholder, id, size, ...rest } = file;
    assert.deepEqual(rest, { name: '춤.gif', type: 'image/gif', width: 48, height: 36, animated: true, duration: 480 });
    assert.match(placeholder ?? '', /^data:image\/webp;base64,/);
    await show(mina, room, id);
    const { data } = await socket.events.first('the message', ({ event }) => event === 'message');
    assert.deepEqual(data.attachments, [file]);
    const whole = await get(jihun, id);
    assert.equal(whole.bytes.length, size);
    assert.equal(whole.bytes.subarray(0, 6).toString(), 'GIF89a');
    for (const still of ['thumb', 'poster']) {
      const picture = await get(jihun, `${id}?size=${still}`);
      assert.deepEqual([picture.status, picture.headers.get('content-type')], [200, 'image/webp']);
    }
  });

  it('R14.5 says exactly what it is, and that nothing of it may run', async (t) => {
    const { stage, put, get } = await open(t);
    const mina = await stage.person('Mina');
    const polyglot = Buffer.concat([await gif(2), Buffer.from('/*<script>alert(document.domain)</script>*/')]);
    const files: [bytes: Buffer | string, name: string, type: string, disposition: RegExp][] = [
      [await png(), 'a.png', 'image/png', /^inline/],
      [polyglot, 'a.html', 'image/gif', /^inline/],
      ['<!doctype html><script>alert(1)</script>', 'a.gif', 'application/octet-stream', /^attachment/],
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', 'a.svg', 'application/octet-stream', /^attachment/],
      ['<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'b.svg', 'application/octet-stream', /^attachment/],
      ['%PDF-1.7\n%%EOF', 'a.pdf', 'application/pdf', /^attachment/],
      ['PK\u0003\u0004', 'a.zip', 'application/zip', /^attachment/],
    ];
    for (const [bytes, name, type, disposition] of files) {
      const { file, status } = await put(mina, bytes, name, { 'content-type': 'text/html' });
      assert.deepEqual([status, file.type], [200, type], name);
      const { headers, bytes: back } = await get(mina, file.id);
      assert.equal(headers.get('content-type'), type);
      assert.match(headers.get('content-disposition') ?? '', disposition);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('content-security-policy'), "default-src 'none'; sandbox");
      assert.equal(headers.get('cache-control'), 'private, max-age=31536000, immutable');
      assert.equal(headers.get('vary')?.includes('Cookie'), true);
      assert.equal(type.startsWith('image') && back.includes('script'), false);
    }
  });

  it('R14.4 a photo says nothing of where it was taken', async (t) => {
    const { stage, put, get } = await open(t);
    const mina = await stage.person('Mina');
    const { file } = await put(mina, await photo(60, 40, 6), 'IMG_1.jpg');
    assert.deepEqual([file.width, file.height], [40, 60]);
    assert.equal((await get(mina, file.id)).bytes.includes('secret'), false);
  });

  it('R14.5 P7 whoever may not read the room gets 404; who was removed loses it at once', async (t) => {
    const { stage, put, get } = await open(t);
    const { room, people } = await stage.room(['Mina', 'Jihun'], { kind: 'private' });
    const [mina, jihun] = people;
    const eve = await stage.person('Eve');
    const { file } = await put(mina, await png());
    const seen = async (): Promise<number[]> => {
      const all = [mina, jihun, eve, undefined].map(async (who) => (await get(who, file.id)).status);
      return Promise.all(all);
    };
    assert.deepEqual(await seen(), [200, 404, 404, 401]);
    assert.equal(await jihun.refused('message.send', { room, clientId: 'c', text: '', attachments: [file.id] }), 'no_such_file');
    await show(mina, room, file.id);
    assert.deepEqual(await seen(), [200, 200, 404, 401]);
    const { headers } = await get(jihun, file.id);
    await mina.ask('room.kick', { room, user: jihun.id });
    assert.deepEqual(await seen(), [200, 404, 404, 401]);
    const etag = headers.get('etag') ?? '';
    assert.equal((await get(jihun, file.id, { 'if-none-match': etag })).status, 404, 'also who had it');
    for (const path of ['nowhere', '..%2f..%2fsuda.db', 'x'.repeat(400), `${file.id}?size=poster`])
      assert.equal((await get(mina, path)).status, 404, path);
    assert.equal((await get(mina, `${file.id}?size=huge`)).status, 400);
  });

  it('R14.5 R4.12 a whispered picture is seen by these two only', async (t) => {
    const { stage, put, get } = await open(t);
    const { room, people } = await stage.room(['Mina', 'Jihun', 'Sora']);
    const [mina, jihun, sora] = people;
    const { id: direct } = await mina.ask('direct.open', { user: jihun.id });
    const { file } = await put(mina, await png());
    await mina.ask('message.send', { room: direct, clientId: 'w', text: '', attachments: [file.id], via: room });
    const statuses = await Promise.all([mina, jihun, sora].map(async (who) => (await get(who, file.id)).status));
    assert.deepEqual(statuses, [200, 200, 404]);
  });

  it('R14.1 a deleted message takes its files from everyone else, and from search', async (t) => {
    const { stage, put, get } = await open(t);
    const { room, people } = await stage.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const { file } = await put(mina, '%PDF-1.7\n', '회의자료.pdf');
    const { pos } = await show(mina, room, file.id);
    assert.equal((await jihun.ask('message.search', { q: '자료' })).messages.length, 1);
    await mina.ask('message.delete', { room, pos });
    assert.equal((await jihun.ask('message.search', { q: '자료' })).messages.length, 0);
    assert.equal((await get(jihun, file.id)).status, 404);
    const { messages } = await jihun.ask('message.list', { room });
    assert.equal(messages.at(-1)?.attachments, undefined);
  });

  it('R14.5 gives ranges, and nothing again to who has it', async (t) => {
    const { stage, put, get } = await open(t);
    const mina = await stage.person('Mina');
    const video = Buffer.concat([
      Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex'),
      Buffer.from('0123456789'.repeat(100)),
    ]);
    const { file } = await put(mina, video, 'a.mp4');
    assert.equal(file.type, 'video/mp4');
    const part = await get(mina, file.id, { range: 'bytes=24-33' });
    assert.deepEqual([part.status, part.bytes.toString()], [206, '0123456789']);
    assert.equal(part.headers.get('content-range'), `bytes 24-33/${video.length}`);
    assert.deepEqual((await get(mina, file.id, { range: 'bytes=-5' })).bytes.toString(), '56789');
    const outside = await get(mina, file.id, { range: `bytes=${video.length}-` });
    assert.deepEqual([outside.status, outside.headers.get('content-range')], [416, `bytes */${video.length}`]);
    const etag = part.headers.get('etag') ?? '';
    assert.equal((await get(mina, file.id, { 'if-none-match': `"other", W/${etag}` })).status, 304);
    assert.equal((await get(mina, file.id, { range: 'bytes=0-1', 'if-range': '"other"' })).status, 200);
    assert.equal((await get(mina, file.id, { range: 'bytes=0-1', 'if-range': etag })).status, 206);
    const head = await fetch(`${stage.url}/v1/files/${file.id}`, { method: 'HEAD', headers: { authorization: `Bearer ${mina.token}` } });
    assert.deepEqual([head.status, head.headers.get('content-length')], [200, String(video.length)]);
  });

  it('R14.3 too large is refused: known beforehand, or when the bytes have come', async (t) => {
    const { stage, put, kept } = await open(t);
    const mina = await stage.person('Mina');
    assert.equal((await put(mina, Buffer.alloc(limits.fileBytes + 1))).code, 'payload_too_large');
    let left = limits.fileBytes + 1;
    const body = new ReadableStream<Uint8Array>({
      pull(control) {
        const size = Math.min(left, 1 << 20);
        left -= size;
        if (size > 0) control.enqueue(new Uint8Array(size));
        else control.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half', headers: { authorization: `Bearer ${mina.token}` } };
    const response = await fetch(`${stage.url}/v1/files`, init as RequestInit);
    assert.equal(response.status, 413);
    assert.equal((await put(mina, '')).code, 'invalid');
    assert.deepEqual(kept(), []);
    assert.equal((await put(mina, Buffer.alloc(limits.fileBytes))).status, 200, 'the limit itself is fine');
  });

  it('R14.3 what begins as a picture and is none is refused', async (t) => {
    const { stage, put, kept } = await open(t);
    const mina = await stage.person('Mina');
    const cut = (await png(300, 300)).subarray(0, 60);
    assert.deepEqual(await put(mina, cut, 'a.png').then(({ status, code }) => [status, code]), [415, 'unsupported_type']);
    assert.deepEqual(kept(), []);
  });

  it('R14.2 an upload cut in the middle leaves nothing', async (t) => {
    const { stage, kept } = await open(t);
    const mina = await stage.person('Mina');
    const socket = connect(stage.port, '127.0.0.1');
    const head = `POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${mina.token}\r\nContent-Length: 1000000\r\n\r\n`;
    socket.write(head + 'x'.repeat(100_000));
    while (kept().length === 0) await new Promise(setImmediate);
    socket.destroy();
    while (kept().length > 0) await new Promise(setImmediate);
  });

  it('R14.6 the same bytes twice are kept once', async (t) => {
    const { stage, put, get, kept } = await open(t);
    const { people } = await stage.room(['Mina', 'Jihun']);
    const [mina, jihun] = people;
    const bytes = await gif();
    const all = await Promise.all([put(mina, bytes, 'a.gif'), put(jihun, bytes, 'b.gif'), put(mina, bytes, 'c.gif')]);
    assert.equal(new Set(all.map(({ file }) => file.id)).size, 3);
    assert.equal(kept().length, 2, 'the bytes, and the still picture');
    assert.equal((await get(jihun, all[0].file.id)).status, 404, 'the same bytes are not the same file');
    assert.equal((await get(jihun, all[1].file.id)).status, 200);
  });

  it('R2.3 R2.4 R3.7 R14.2 nobody uploads without a name, from a foreign page, or without end', async (t) => {
    const { stage, put } = await open(t, { rate: 5 });
    const mina = await stage.person('Mina');
    assert.equal((await upload(stage.url, 'wrong', 'x')).status, 401);
    assert.equal((await put(mina, 'x', 'x', { origin: 'https://evil.example' })).code, 'origin_refused');
    const codes: (string | undefined)[] = [];
    for (let i = 0; i < 10; i++) codes.push((await put(mina, `x${i}`)).code);
    assert.equal(codes[0], undefined);
    assert.equal(codes.at(-1), 'rate_limited');
    const wrong = await stage.call('DELETE', '/v1/files');
    assert.deepEqual([wrong.status, wrong.headers.get('allow')], [405, 'POST']);
  });

  it('R14.2 a name is one line, the last part of a path, and not too long', async (t) => {
    const { stage, put } = await open(t);
    const mina = await stage.person('Mina');
    const names: [given: string, kept: string][] = [
      ['C:\\fakepath\\고양이.png', '고양이.png'],
      ['../../etc/passwd', 'passwd'],
      ['a\u0000\n\u202eb.txt', 'ab.txt'],
      ['', 'file'],
      ['  ', 'file'],
    ];
    for (const [given, kept] of names) assert.equal((await put(mina, 'x', given)).file.name, kept);
    const long = (await put(mina, 'x', `${'가'.repeat(400)}.png`)).file.name;
    assert.equal(Array.from(long).length, limits.fileNameLength);
    assert.ok(long.endsWith('가.png'));
  });

  it('R14.9 a server without a place for files says so', async (t) => {
    const stage = await Stage.open(t);
    const { token, limits: told } = await stage.ask('hello', { name: 'Mina' });
    assert.equal(told.fileBytes, 0);
    assert.equal((await upload(stage.url, token, 'x')).code, 'not_allowed');
    assert.equal((await download(stage.url, token, 'fabc')).status, 404);
  });

  it('R2.6 under a path of another application, by cookie and by bearer token', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'suda-files-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const chat = await Embedded.open(t, { files: folder });
    const response = await fetch(`${chat.url}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Mina"}',
    });
    const { token } = (await response.json()) as { token: string };
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const { file } = await upload(chat.url, token, await png());
    assert.equal((await download(chat.url, token, file.id)).status, 200);
    assert.equal((await download(chat.url, undefined, file.id, { cookie })).status, 200);
    assert.equal((await download(chat.url, undefined, file.id)).status, 401);
    await chat.ask('room.join', { room: 'lobby' }, token);
    const room = 'lobby' as RoomId;
    await chat.ask('message.send', { room, clientId: 'c', text: '', attachments: [file.id] }, token);
  });
});
