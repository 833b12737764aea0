import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it, type TestContext } from 'node:test';
import { Chat, InProcessBus, MemoryStore } from '@suda/chat';
import { type Attachment, limits, type RoomId, type User } from '@suda/protocol';
import { Contents, hashOf } from './contents.ts';
import { STRAY_FOR, Sweep } from './sweep.ts';
import { Uploads } from './uploads.ts';

/** Uploads and a sweep in a folder of their own, with a clock that is set by hand. */
async function open(context: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'suda-files-'));
  context.after(() => rm(folder, { recursive: true }));
  const time = { now: 1_000_000 };
  let ids = 0;
  const chat = new Chat({
    store: new MemoryStore(),
    bus: new InProcessBus(),
    passwords: { hash: async (text) => text, verify: async () => true },
    now: () => time.now,
    newId: (prefix) => `${prefix}${++ids}`,
  });
  const contents = await Contents.open(folder);
  const uploads = new Uploads(contents, chat);
  const sweep = new Sweep(chat, contents, () => time.now, assert.ifError);
  const upload = (user: User, text: string): Promise<Attachment> => uploads.take(user.id, 'a.txt', Readable.from([Buffer.from(text)]));
  const kept = async (): Promise<string[]> => {
    const hashes: string[] = [];
    for await (const { hash } of contents.all()) hashes.push(hash.slice(0, 6));
    return hashes.sort();
  };
  return { folder, time, chat, contents, uploads, sweep, upload, kept };
}

describe('what nobody refers to', () => {
  it('R14.7 an upload that no message took up goes after a day, not before', async (t) => {
    const { time, chat, sweep, upload, kept } = await open(t);
    const ann = await chat.createUser('Ann');
    await upload(ann, 'one');
    time.now += STRAY_FOR;
    await sweep.strays();
    assert.equal((await kept()).length, 1);
    time.now += 1;
    await sweep.strays();
    assert.deepEqual(await kept(), []);
  });

  it('R14.7 what a message carries stays until it is taken back', async (t) => {
    const { time, chat, sweep, upload, kept } = await open(t);
    const ann = await chat.createUser('Ann');
    const { id: room } = await chat.createRoom(ann.id, { name: 'Room', kind: 'public' });
    const { id } = await upload(ann, 'one');
    const { pos } = await chat.toMessage({ type: 'message.send', actor: ann.id, room, clientId: 'c', text: '', attachments: [id] });
    time.now += 3 * STRAY_FOR;
    await sweep.strays();
    assert.equal((await kept()).length, 1);
    await chat.toMessage({ type: 'message.delete', actor: ann.id, room: room as RoomId, pos });
    await sweep.strays();
    assert.deepEqual(await kept(), []);
    await assert.rejects(chat.file(ann.id, id), { code: 'no_such_file' });
  });

  it('R14.6 R14.7 bytes that two files have are kept once, and go with the second', async (t) => {
    const { time, chat, sweep, upload, kept } = await open(t);
    const ann = await chat.createUser('Ann');
    await upload(ann, 'same');
    time.now += 10;
    await upload(ann, 'same');
    assert.equal((await kept()).length, 1);
    time.now += STRAY_FOR - 9;
    await sweep.strays();
    assert.equal((await kept()).length, 1);
    time.now += 10;
    await sweep.strays();
    assert.deepEqual(await kept(), []);
  });

  it('R14.7 an upload of bytes that are being swept finds them or brings them again', async (t) => {
    const { time, chat, contents, sweep, upload } = await open(t);
    const ann = await chat.createUser('Ann');
    for (let round = 0; round < 30; round++) {
      await upload(ann, 'same');
      time.now += STRAY_FOR + 1;
      const [again] = await Promise.all([upload(ann, 'same'), sweep.strays()]);
      const { hash } = await chat.file(ann.id, again.id);
      assert.equal(await hashOf(contents.path(hash)), hash);
    }
  });

  it('R14.7 bytes of an upload that a crash cut off before it was acknowledged go when the server starts', async (t) => {
    const { folder, time, contents, sweep, kept } = await open(t);
    const hash = 'ab'.repeat(32);
    const file = contents.temporary();
    await writeFile(file, 'left');
    await contents.keep(hash, file, null);
    await writeFile(join(folder, 'incoming', 'half'), 'ha');
    time.now = Date.now() + STRAY_FOR / 2;
    await sweep.orphans();
    assert.equal((await kept()).length, 1, 'it may still be under way');
    await utimes(contents.path(hash), 0, 0);
    await sweep.orphans();
    assert.deepEqual(await kept(), []);
    await Contents.open(folder);
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  });
});

describe('uploads', () => {
  it('R14.2 what breaks, is too large or is empty leaves nothing', async (t) => {
    const { folder, chat, uploads, kept } = await open(t);
    const ann = await chat.createUser('Ann');
    const take = (stream: Readable): Promise<Attachment> => uploads.take(ann.id, 'a', stream);
    const megabyte = Buffer.alloc(1 << 20);
    function* tooMany() {
      for (let size = 0; size <= limits.fileBytes; size += megabyte.length) yield megabyte;
    }
    await assert.rejects(take(Readable.from(tooMany())), { code: 'payload_too_large' });
    await assert.rejects(take(Readable.from([])), { code: 'invalid' });
    const broken = new Readable({ read() {} });
    broken.on('error', () => {});
    broken.push('some');
    const cut = assert.rejects(take(broken), { code: 'invalid' });
    broken.destroy(new Error('cut'));
    await cut;
    const gone = new Readable({ read() {} });
    gone.destroy();
    await assert.rejects(take(gone), { code: 'invalid' });
    assert.deepEqual(await kept(), []);
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  });

  it('R14.3 one person has so many under way at once', async (t) => {
    const { chat, uploads } = await open(t);
    const ann = await chat.createUser('Ann');
    const streams = Array.from({ length: 6 }, () => new Readable({ read() {} }));
    const under = streams.map((stream) => uploads.take(ann.id, 'a', stream));
    await assert.rejects(uploads.take(ann.id, 'a', Readable.from(['x'])), { code: 'rate_limited' });
    for (const stream of streams) stream.push('x');
    for (const stream of streams) stream.push(null);
    await Promise.all(under);
    await uploads.take(ann.id, 'a', Readable.from(['x']));
  });

  it('R14.3 a file that the store does not take leaves nothing in the way', async (t) => {
    const { folder, uploads } = await open(t);
    await assert.rejects(uploads.take('nobody' as User['id'], 'a', Readable.from(['x'])), { code: 'unauthenticated' });
    assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  });
});
