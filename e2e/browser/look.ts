import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Keeps a picture of the page for people to look at, in the folder that SUDA_SHOTS names; otherwise does nothing. */
export async function look(page: Page, name: string): Promise<void> {
  const folder = process.env.SUDA_SHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
