// npm run pictures: the product's screens, light and dark, in Korean and English, into docs/pictures. The same every time.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { screens } from './screens.ts';
import { open, still } from './sitting.ts';
import { tell } from './story.ts';

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const wide = { width: 1280, height: 800 };
const phone = { width: 360, height: 740, scale: 2 };

/** Names of screens on the command line: only these are taken again. */
const wanted = process.argv.slice(2);

if (wanted.length === 0) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const tongue of ['ko', 'en'] as const) {
  const story = await tell(tongue);
  // What an invitation shows is an address that everyone could have.
  const host = 'suda.example';
  story.world.url = `http://${host}`;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      // Else the same page is a shade different from time to time.
      '--force-color-profile=srgb',
      '--font-render-hinting=none',
      `--host-resolver-rules=MAP ${host} ${new URL(story.world.origin).host}`,
      `--unsafely-treat-insecure-origin-as-secure=${story.world.url}`,
    ],
  });
  for (const screen of screens.filter(({ unseen, name }) => unseen === undefined && (wanted.length === 0 || wanted.includes(name)))) {
    for (const theme of ['light', 'dark'] as const) {
      const page = await open(browser, story, screen, { tongue, theme, ...(screen.phone ? phone : wide) });
      await screen.show(page, story);
      await still(page);
      const shot = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      await sharp(shot)
        .webp({ quality: 82, effort: 6, smartSubsample: true })
        .toFile(join(folder, `${screen.name}-${tongue}-${theme}.webp`));
      await page.context().close();
    }
    console.log(`${screen.name}, ${tongue}`);
  }
  await browser.close();
  await story.end();
}
const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
console.log(`${sizes.length} pictures, ${(sizes.reduce((sum, size) => sum + size, 0) / 1024 / 1024).toFixed(2)} MB`);
process.exit(0);
