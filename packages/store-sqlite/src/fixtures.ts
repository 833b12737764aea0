import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { room, user, World } from '@suda/chat/contracts';
import type { FileId, InvitationCode } from '@suda/protocol';
import { openSqliteStore, type SqliteStore, type SqliteStoreOptions } from './index.ts';

const ends = new WeakMap<TestContext, (() => unknown)[]>();

/** Does something when the test has ended; what was given last comes first. */
export function atEnd(context: TestContext, end: () => unknown): void {
  const list = ends.get(context) ?? [];
  if (list.length === 0) {
    ends.set(context, list);
    context.after(async () => {
      for (const each of list.reverse()) await each();
    });
  }
  list.push(end);
}

/** A folder for one test. */
export function temporaryFolder(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'suda-store-'));
  atEnd(context, () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store in a folder, closed after the test, and a world around it. */
export async function openIn(
  context: TestContext,
  folder: string,
  options: Partial<SqliteStoreOptions> = {},
): Promise<World & { store: SqliteStore }> {
  const store = await openSqliteStore({ folder, ...options });
  atEnd(context, () => store.close());
  const world = new World({ store, reopen: () => Promise.reject(new Error('open it again by hand')), close: () => store.close() });
  return world as World & { store: SqliteStore };
}

/** One room with some of everything in it: edits, tombstones, reactions, an answer, several members. */
export async function furnish(world: World): Promise<void> {
  await world.people('ann', 'bob', 'cat');
  await world.make('r1', ['ann', 'bob', 'cat']);
  await world.make('r2', ['bob', 'ann']);
  for (let i = 0; i < 20; i++) await world.say(i % 2 ? 'ann' : 'bob', i % 3 ? 'r1' : 'r2', `회의 number ${i}`);
  await world.edit('bob', 'r1', 5, 'edited words');
  await world.delete('ann', 'r1', 6);
  await world.do({ type: 'message.react', actor: user('bob'), room: room('r1'), pos: 7, emoji: '👍' });
  await world.do({ ...world.saying('bob', 'r1', 'an answer'), replyTo: 5 });
  await world.show('ann', 'r1', 'a picture', await world.file('ann', 'f1', '고양이.png'), await world.file('ann', 'f2'));
  await world.delete('ann', 'r2', (await world.show('ann', 'r2', '', await world.file('ann', 'f3'))).pos);
  await world.kick('ann', 'r1', 'cat', true);
}

/** A program of this package in a process of its own. Its output comes line by line. */
export function runProgram(context: TestContext, name: string, ...parameters: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, name), ...parameters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  atEnd(context, () => child.kill('SIGKILL'));
  return { lines: createInterface({ input: child.stdout }), pid: child.pid, kill: () => child.kill('SIGKILL'), ended };
}

/** What a room and a place have beside the messages that `furnish` said: a mention, a GIF, a preview with a picture, an invitation, a name. */
export async function adorn(world: World): Promise<void> {
  const { pos } = await world.mention('ann', 'r1', 'look, @BOB https://example.org/', 'bob');
  const file = async (id: string, extra: object) => {
    const attachment = { id: id as FileId, name: `${id} 춤.gif`, type: 'image/gif', size: 9, width: 4, height: 3, ...extra };
    return { id: attachment.id, owner: user('ann'), hash: `hash of ${id}`, createdAt: world.now, attachment };
  };
  const moving = await file('g1', { animated: true });
  await world.do({ type: 'file.put', actor: user('ann'), file: moving });
  await world.show('ann', 'r1', '', moving);
  const picture = await file('p1', {});
  const preview = {
    address: 'https://example.org/',
    url: 'https://example.org/',
    host: 'example.org',
    title: 'Example',
    picture: picture.attachment,
  };
  await world.do({
    type: 'message.preview',
    actor: user('system'),
    room: room('r1'),
    pos,
    preview,
    file: { ...picture, owner: user('system') },
  });
  await world.do({ type: 'place.claim', actor: user('ann'), name: '우리 집' });
  const code = 'i1' as InvitationCode;
  const invitation = { code, room: room('r1'), by: user('ann'), createdAt: world.now, expiresAt: null, uses: null, used: 0 };
  await world.do({ type: 'invitation.create', actor: user('ann'), room: room('r1'), invitation });
}

/** Numbers below 1 that are the same for a seed: mulberry32. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
