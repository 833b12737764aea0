import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSuda, type RoomHandle, type RoomState } from '@suda/client';
import { gif, png } from './wire/pictures.ts';
import { Stage } from './wire/stage.ts';

/** Waits for the room to be so. */
function until(handle: RoomHandle, holds: (state: RoomState) => boolean): Promise<RoomState> {
  return new Promise((resolve) => {
    let leave = (): void => {};
    leave = handle.subscribe((state) => {
      if (!holds(state)) return;
      queueMicrotask(() => leave());
      resolve(state);
    });
  });
}

test('R14.1 R14.2 the SDK sends pictures, also ones that the server has forgotten meanwhile', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'suda-files-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const stage = await Stage.open(t, { filesFolder: folder });
  const { room, people } = await stage.room(['Mina']);
  const suda = createSuda({ url: stage.url, token: people[0].token });
  t.after(() => suda.close());
  const hall = suda.room(room);
  hall.open();
  suda.connect();
  await until(hall, ({ status }) => status === 'live');

  const pictures = [new File([new Uint8Array(await gif())], '춤.gif'), new File([new Uint8Array(await png())], 'a.png')];
  hall.send('look', { files: pictures });
  hall.send('then');
  const { messages } = await until(hall, (state) => state.messages.at(-1)?.text === 'then' && state.outbox.length === 0);
  const said = messages.at(-2);
  assert.deepEqual(
    said?.attachments?.map(({ name, type }) => [name, type]),
    [
      ['춤.gif', 'image/gif'],
      ['a.png', 'image/png'],
    ],
  );
  assert.equal(suda.upload(pictures[0] ?? assert.fail()).get().attachment?.id, said?.attachments?.[0]?.id);

  // As after a day in which nobody sent it.
  const late = new File([new Uint8Array(await png(9, 9))], 'late.png');
  const { id } = await suda.upload(late).start();
  await stage.server.chat.execute({ type: 'file.drop', actor: people[0].id as never, file: id });
  const clientId = hall.send('', { files: [late] });
  const failed = await until(hall, ({ outbox }) => outbox[0]?.state === 'failed');
  assert.equal(failed.outbox[0]?.state === 'failed' && failed.outbox[0].error.code, 'no_such_file');
  hall.retry(clientId);
  const after = await until(hall, ({ outbox }) => outbox.length === 0);
  assert.equal(after.messages.at(-1)?.attachments?.[0]?.name, 'late.png');
});
