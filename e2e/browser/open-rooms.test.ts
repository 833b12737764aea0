import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { noChromium } from './chromium.ts';
import { Stage } from './stage.ts';

/** Far less than the 20 s after which the page asks anyway, so that not even two of these can be that. */
const AT_ONCE = 6_000;

async function changed(page: Page, room: string, fields: object): Promise<void> {
  const status = await page.evaluate(
    async ([id, body]) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`/v1/rooms/${id}`, { method: 'PATCH', headers, body })).status;
    },
    [room, JSON.stringify(fields)] as const,
  );
  assert.equal(status, 200);
}

describe('rooms open to all', { skip: noChromium ?? false, timeout: 120_000 }, () => {
  let stage: Stage;

  before(async () => {
    stage = await Stage.open();
  });
  after(() => stage?.close());

  it('R4.13 what another makes, renames, closes and opens is in one’s list at once', async () => {
    const { mina, jihun } = stage;
    await mina.getByTestId('create-room').click();
    await mina.getByTestId('room-name').fill('모두의 방');
    await mina.getByTestId('room-submit').click();
    await mina.getByTestId('room-title').filter({ hasText: '모두의 방' }).waitFor();
    const room = new URL(mina.url()).pathname.split('/').at(-1) ?? '';
    const listed = (name: string) => jihun.locator(`[data-testid=room-item][data-room="${room}"]`).filter({ hasText: name });
    await listed('모두의 방').waitFor({ timeout: AT_ONCE });
    await changed(mina, room, { name: 'Everyone’s' });
    await listed('Everyone’s').waitFor({ timeout: AT_ONCE });
    await changed(mina, room, { kind: 'private' });
    await listed('').waitFor({ state: 'detached', timeout: AT_ONCE });
    await changed(mina, room, { kind: 'public' });
    await listed('Everyone’s').waitFor({ timeout: AT_ONCE });
  });
});
