import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { MemoryStore, type MessageRecord } from '@suda/chat';
import { directRoomId, type Message, type RoomId, type User } from '@suda/protocol';
import sharp from 'sharp';
import { createServer } from '../server.ts';
import { html, site } from './stage.fixture.ts';

const picture = await sharp({ create: { width: 1_200, height: 630, channels: 3, background: '#36c' } })
  .jpeg()
  .toBuffer();

/** Pages that say their own path; `/picture` has one. */
const pages: RequestListener = ({ url = '' }, response) => {
  if (url === '/missing') response.writeHead(404).end();
  else if (url.endsWith('.jpg')) response.writeHead(200, { 'content-type': 'image/jpeg' }).end(picture);
  else if (url.endsWith('.svg'))
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg"/>');
  else
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(html(`<title>page ${url}</title>${url === '/picture' ? '<meta property="og:image" content="/a.jpg">' : ''}`));
};

async function open(context: TestContext, { answer = pages, linkPreviews = true, files = true } = {}) {
  const web = await site(context, answer);
  const folder = await mkdtemp(join(tmpdir(), 'suda-previews-'));
  const options = { store: new MemoryStore(), secret: 's'.repeat(32), filesFolder: files ? folder : null, linkPreviews };
  const server = await createServer(options, { reach: web.reach });
  const { port } = await server.listen(0, '127.0.0.1');
  context.after(async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  });
  const { chat } = server;
  const [ann, bob] = [await chat.createUser('Ann'), await chat.createUser('Bob')];
  const { id: room } = await chat.createRoom(ann.id, { name: 'Room', kind: 'public' });
  await chat.join(bob.id, { room });
  let clientIds = 0;
  const say = async (text: string, by: User = ann, to: RoomId = room, via?: RoomId): Promise<number> => {
    const command = { type: 'message.send', actor: by.id, room: to, clientId: `c${clientIds++}`, text } as const;
    return (await chat.toMessage(via === undefined ? command : { ...command, via })).pos;
  };
  /** Resolves with the message at this pos when it has become so. */
  const when = (pos: number, holds: (message: MessageRecord) => boolean = ({ preview }) => preview !== null): Promise<MessageRecord> =>
    new Promise((found, reject) => {
      const look = (message: MessageRecord | undefined): void => {
        if (message?.pos === pos && holds(message)) found(message);
      };
      context.after(
        chat.bus.subscribe((changes) => {
          for (const change of changes) if (change.type === 'message' && change.message.room === room) look(change.message);
        }),
      );
      chat.store.page(room, { type: 'around', pos, limit: 2 }).then((page) => page?.messages.forEach(look), reject);
    });
  const read = async (): Promise<Message[]> => (await chat.history(bob.id, { room })).messages;
  const fetchAs = (who: User, path: string) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${server.tokens.issue(who.id)}` } });
  return { web, server, chat, ann, bob, room, say, when, read, fetchAs, folder };
}

const preview = ({ preview: it }: MessageRecord) => (it === null || it === 'off' ? undefined : it);

describe('R17 previews', () => {
  it('R17.1 come after the message, as a change of it, for everyone', async (t) => {
    const { web, say, when, read } = await open(t);
    const pos = await say(`look: ${web.url}/a and ${web.url}/b`);
    const changed = await when(pos);
    assert.equal(preview(changed)?.title, 'page /a');
    assert.ok(changed.rev > changed.firstRev);
    assert.equal((await read()).at(-1)?.preview?.address, `${web.url}/a`);
    assert.deepEqual(
      web.requests.map((request) => request.url),
      ['/a'],
      'only the first',
    );
  });

  it('R17.2 with a picture of the server’s own, small, for who may read the message', async (t) => {
    const { web, chat, bob, room, say, when, fetchAs } = await open(t);
    const shown = preview(await when(await say(`${web.url}/picture`)))?.picture;
    assert.ok(shown);
    assert.deepEqual([shown.type, shown.width, shown.height], ['image/webp', 720, 378]);
    const answer = await fetchAs(bob, `/v1/files/${shown.id}`);
    assert.equal(answer.status, 200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal((await sharp(bytes).metadata()).format, 'webp');
    assert.equal((await fetchAs(bob, `/v1/files/${shown.id}?size=thumb`)).status, 200);
    const eve = await chat.createUser('Eve');
    assert.equal((await fetchAs(eve, `/v1/files/${shown.id}`)).status, 404);
    await chat.execute({ type: 'room.leave', actor: bob.id, room });
    assert.equal((await fetchAs(bob, `/v1/files/${shown.id}`)).status, 404);
  });

  it('R17.2 an address that is a picture; what only claims to be one shows nothing', async (t) => {
    const { web, say, when, read } = await open(t);
    await say(`${web.url}/x.svg`);
    const found = preview(await when(await say(`${web.url}/cat.jpg`)));
    assert.deepEqual([found?.title, found?.picture?.width], ['cat.jpg', 720]);
    assert.deepEqual((await read()).filter((message) => message.preview).length, 1);
  });

  it('R17.1 many messages of one address are one look, with a picture each, kept once', async (t) => {
    const { web, say, when, folder } = await open(t);
    const all = await Promise.all([say(`${web.url}/picture`), say(`${web.url}/picture`), say(`${web.url}/picture`)]);
    const ids = await Promise.all(all.map(async (pos) => preview(await when(pos))?.picture?.id));
    assert.equal(new Set(ids).size, 3);
    assert.deepEqual(
      web.requests.map((request) => request.url),
      ['/picture', '/a.jpg'],
    );
    const names = (await readdir(folder, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
    assert.equal(names.length, 1);
  });

  it('R17.3 an edit looks anew; what takes the address away takes the preview', async (t) => {
    const { web, chat, ann, room, say, when } = await open(t);
    const pos = await say(`${web.url}/a`);
    await when(pos);
    const edit = (text: string) => chat.toMessage({ type: 'message.edit', actor: ann.id, room, pos, text });
    await edit(`${web.url}/b`);
    await when(pos, (message) => preview(message)?.title === 'page /b');
    await edit('nothing');
    await when(pos, (message) => message.text === 'nothing' && message.preview === null);
  });

  it('R17.3 whispers, code, refusals and what the author took off have none, and say nothing of it', async (t) => {
    const { web, chat, ann, bob, room, say, when, read } = await open(t);
    await chat.openDirect(ann.id, bob.id);
    await say(`${web.url}/whisper`, ann, directRoomId(ann.id, bob.id), room);
    await say(`\`${web.url}/code\``);
    await say(`${web.url}/missing`);
    await say('http://169.254.169.254/ http://[::1]/');
    const off = await say(`${web.url}/off`, bob);
    await chat.toMessage({ type: 'message.unpreview', actor: bob.id, room, pos: off });
    await when(await say(`${web.url}/last`));
    assert.deepEqual(
      (await read()).flatMap((message) => message.preview?.title ?? []),
      ['page /last'],
    );
    const asked = web.requests.map((request) => request.url);
    assert.ok(!asked.includes('/whisper') && !asked.includes('/code'), String(asked));
  });

  it('R17.6 switched off, nobody is asked, not even a name server', async (t) => {
    const on = await open(t);
    await on.say(`${on.web.url}/a`);
    assert.deepEqual(on.web.asked, ['web.example'], 'it is, in the same breath, where they are on');
    const off = await open(t, { linkPreviews: false });
    await off.say(`${off.web.url}/a`);
    assert.deepEqual(off.web.asked, []);
  });

  it('R17.2 a server that takes no files shows no pictures, and asks for none', async (t) => {
    const { web, say, when } = await open(t, { files: false });
    const found = preview(await when(await say(`${web.url}/picture`)));
    assert.deepEqual([found?.title, found?.picture, web.requests.length], ['page /picture', undefined, 1]);
  });

  it('R17.1 a page that answers late delays nobody, and stopping doesn’t wait for it', async (t) => {
    const { server, web, say } = await open(t, { answer: () => {} });
    const begun = performance.now();
    for (let i = 0; i < 20; i++) await say(`${web.url}/${i}`);
    await server.chat.store.roomsOf('nobody' as User['id']);
    assert.ok(performance.now() - begun < 2_000);
    const stopped = performance.now();
    await server.stop();
    assert.ok(performance.now() - stopped < 4_000);
  });
});
